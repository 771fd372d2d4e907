import { resolve } from "node:path";
import type { Parameters, ParameterValue } from "../runner/notebook/parameter_value.ts";
import { UsageError } from "./usage.ts";

/** One option that sets parameters, as it stands in the arguments. */
export interface ParameterSource {
  /** As it stands there, for messages. */
  readonly option: string;
  /** What kind of source it is, in papermill's letters. */
  readonly kind: Kind;
  /** For `-p` and `-r`. */
  readonly name: string;
  readonly value: string;
}

type Kind = "-p" | "-r" | "-f" | "-y" | "-b";

const LONG: Readonly<Record<string, Kind>> = {
  "--parameters": "-p",
  "--parameters-raw": "-r",
  "--parameters-file": "-f",
  "--parameters-yaml": "-y",
  "--parameters-base64": "-b",
};
const WANTED: Readonly<Record<Kind, string>> = {
  "-p": "a name and a value, as in -p epochs 3",
  "-r": "a name and a value, as in -r version 1.10",
  "-f": "a YAML or JSON file with parameters",
  "-y": "a text in YAML, as in -y 'epochs: 3'",
  "-b": "a text in YAML, encoded in Base64",
};

/**
 * Takes the options that set parameters out of the arguments, in papermill's letters: `-p NAME VALUE`
 * has two values, which is nothing that parseArgs knows.
 *
 * @throws {UsageError} for a missing value, and for a name that is no identifier
 */
export function takeParameters(
  args: readonly string[],
): { readonly sources: ParameterSource[]; readonly rest: string[] } {
  const sources: ParameterSource[] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const option = args[i];
    const kind = kindOf(option);
    if (kind === undefined) {
      rest.push(option);
      continue;
    }
    const isNamed = kind === "-p" || kind === "-r";
    const name = isNamed ? args[++i] : "";
    const value = args[++i];
    if (name === undefined || value === undefined) {
      throw new UsageError(`${option}: wanted ${WANTED[kind]}`);
    }
    if (isNamed && !/^[A-Za-z_]\w*$/.test(name)) {
      throw new UsageError(`${option} ${name}: the name must be an identifier: ${WANTED[kind]}`);
    }
    sources.push({ option, kind, name, value });
  }
  return { sources, rest };
}

function kindOf(option: string): Kind | undefined {
  if (Object.hasOwn(WANTED, option)) return option as Kind;
  // papermill writes them with underlines.
  const long = option.replaceAll("_", "-");
  return Object.hasOwn(LONG, long) ? LONG[long] : undefined;
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
  for (const source of sources) Object.assign(parameters, await readSource(source, cwd));
  return parameters;
}

async function readSource(
  { option, kind, name, value }: ParameterSource,
  cwd: string,
): Promise<Parameters> {
  if (kind === "-r") return { [name]: value };
  // Late, so that help and usage need no package.
  const file = await import("../runner/notebook/parameters_file.ts");
  try {
    if (kind === "-p") return { [name]: file.parseParameterValue(value) };
    if (kind === "-f") return await file.loadParameters(resolve(cwd, value));
    if (kind === "-y") return await file.parseParametersText(value, { name: option });
    return await file.parseParametersBase64(value, { name: option });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(kind === "-p" ? `${option} ${name}: ${error.message}` : error.message);
  }
}
