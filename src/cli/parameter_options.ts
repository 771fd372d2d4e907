import { resolve } from "node:path";
import type { Parameters, ParameterValue } from "../runner/notebook/parameters.ts";
import { UsageError } from "./usage.ts";

/** One option that sets parameters, as it stands in the arguments. */
export type ParameterSource =
  | { readonly name: string; readonly value: ParameterValue }
  | { readonly file: string }
  | { readonly yaml: string };

const SHORT: Readonly<Record<string, string>> = {
  "--parameters": "-p",
  "--parameters-raw": "-r",
  "--parameters-file": "-f",
  "--parameters-yaml": "-y",
};

/**
 * Takes the options that set parameters out of the arguments, in papermill's letters: `-p NAME VALUE`
 * has two values, which is nothing that parseArgs knows.
 */
export function takeParameters(
  args: readonly string[],
): { readonly sources: ParameterSource[]; readonly rest: string[] } {
  const sources: ParameterSource[] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    // papermill writes them with underlines.
    const long = args[i].replaceAll("_", "-");
    const option = Object.hasOwn(SHORT, long) ? SHORT[long] : args[i];
    if (option === "-p" || option === "-r") {
      const [name, value] = [args[i + 1], args[i + 2]];
      if (name === undefined || value === undefined) {
        throw new UsageError(`${args[i]}: wanted a name and a value, as in ${option} epochs 3`);
      }
      sources.push({
        name: checkName(args[i], name),
        value: option === "-r" ? value : parameterValue(value),
      });
      i += 2;
    } else if (option === "-f" || option === "-y") {
      const value = args[++i];
      if (value === undefined) {
        const wanted = option === "-f" ? "a YAML or JSON file" : "a text in YAML";
        throw new UsageError(`${args[i - 1]}: wanted ${wanted} with parameters`);
      }
      sources.push(option === "-f" ? { file: value } : { yaml: value });
    } else rest.push(args[i]);
  }
  return { sources, rest };
}

/**
 * The values of all sources together; of one name the last counts.
 *
 * @throws {UsageError} for a file that cannot be read, and for something else than parameters
 */
export async function readParameters(
  sources: readonly ParameterSource[],
  cwd: string,
): Promise<Parameters> {
  const parameters: Record<string, ParameterValue> = {};
  for (const source of sources) {
    if ("name" in source) parameters[source.name] = source.value;
    else Object.assign(parameters, await readSource(source, cwd));
  }
  return parameters;
}

async function readSource(
  source: { readonly file: string } | { readonly yaml: string },
  cwd: string,
): Promise<Parameters> {
  const { loadParameters, parseParameters } = await import("../runner/notebook/load_parameters.ts");
  try {
    return "file" in source
      ? await loadParameters(resolve(cwd, source.file))
      : await parseParameters(source.yaml, { name: "-y" });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function checkName(option: string, name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw new UsageError(
    `${option} ${name}: the name must be an identifier, as in ${option} epochs 3`,
  );
}

/** Booleans, null and numbers by their look, as papermill reads them; all else is text. */
export function parameterValue(text: string): ParameterValue {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  if (/^(?:null|none)$/i.test(text)) return null;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}
