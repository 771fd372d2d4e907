import { readFile } from "node:fs/promises";
import type { ScalarTag, Tags } from "yaml";
import { checkOptions } from "../../_internal/check_options.ts";
import {
  floatValue,
  ParameterFloat,
  type Parameters,
  type ParameterValue,
  unfitParameter,
} from "./parameter_value.ts";
import { readYaml } from "./read_yaml.ts";

/** Options of {@linkcode parseParametersText} and {@linkcode parseParametersBase64}. */
export interface ParseParametersOptions {
  /** What messages call the text. @default {"parameters"} */
  readonly name?: string;
}

/**
 * Reads parameters from a YAML or JSON file, as {@linkcode parseParametersText} reads its text.
 *
 * @throws {TypeError} for a file that cannot be read, or does not hold parameters
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadParameters } from "@qsight/qsight/runner";
 *
 * await assert.rejects(loadParameters("nowhere.yaml"), TypeError);
 * ```
 */
export async function loadParameters(path: string): Promise<Parameters> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(`Cannot read parameters ${path}: ${reason}. Check the path`);
  }
  return await parseParametersText(utf8(bytes, path), { name: path });
}

/**
 * Parses names and values from YAML, of which JSON is a part: text, numbers, true and false (also
 * `yes`, `no`, `on` and `off`, as papermill reads them), null, lists and mappings. Dates without
 * quotes are text. `1.0` and `1e3` stay floats, see {@linkcode ParameterFloat}.
 *
 * @throws {TypeError} for broken YAML, with its line; for anything but a mapping; for values that
 * have no literal, such as binary data; and for whole numbers that a number cannot hold
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseParametersText } from "@qsight/qsight/runner";
 *
 * const parameters = await parseParametersText("epochs: 3\nlayers: [16, 32]");
 * assert.deepEqual(parameters, { epochs: 3, layers: [16, 32] });
 * ```
 */
export async function parseParametersText(
  text: string,
  options: ParseParametersOptions = {},
): Promise<Parameters> {
  checkOptions("parseParametersText", options, ["name"]);
  const { name = "parameters" } = options;
  const value = await readYaml(text.replace(/^\uFEFF/, ""), {
    exact: true,
    tags: withPapermillTags,
    fail: (line, reason) => {
      throw new TypeError(`${name}:${line}: this is not YAML: ${reason}. Mend the line`);
    },
  });
  if (!(value instanceof Map)) {
    const found = value === null ? "nothing" : Array.isArray(value) ? "a list" : String(value);
    throw new TypeError(`${name}: found ${found}, wanted names with values, as in "epochs: 3"`);
  }
  return mapping(value, { where: name, path: "", depth: 0 });
}

/**
 * Parses parameters from YAML in Base64, which passes through every shell unchanged.
 *
 * @throws {TypeError} as {@linkcode parseParametersText}, and for text that is not Base64
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseParametersBase64 } from "@qsight/qsight/runner";
 *
 * assert.deepEqual(await parseParametersBase64(btoa("epochs: 3")), { epochs: 3 });
 * ```
 */
export async function parseParametersBase64(
  base64: string,
  options: ParseParametersOptions = {},
): Promise<Parameters> {
  checkOptions("parseParametersBase64", options, ["name"]);
  const { name = "parameters" } = options;
  const packed = base64.replace(/\s+/g, "");
  if (!/^(?:[\w+/-]{4})*(?:[\w+/-]{2}(?:==)?|[\w+/-]{3}=?)?$/.test(packed)) {
    throw new TypeError(`${name} is not Base64. Encode the YAML text with: base64 -w0 file.yaml`);
  }
  const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return await parseParametersText(utf8(bytes, name), { name });
}

/**
 * The value of a parameter given on a command line, by its look as papermill has it: `True`,
 * `None`, `3` and `1e-3` are what they say in any case of letters, `null` is null; all else is text.
 *
 * @throws {TypeError} for a whole number that a number cannot hold
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseParameterValue } from "@qsight/qsight/runner";
 *
 * assert.deepEqual(["3", "true", "a b"].map(parseParameterValue), [3, true, "a b"]);
 * ```
 */
export function parseParameterValue(text: string): ParameterValue {
  const word = text.trim().toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  if (word === "null" || word === "none") return null;
  if (/^[+-]?\d+(?:_\d+)*$/.test(word)) {
    return whole(BigInt(word.replace(/[+_]/g, "")), "The value");
  }
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(word)) return floatValue(Number(word));
  const special = /^([+-]?)(?:(nan)|inf(?:inity)?)$/.exec(word);
  if (special === null) return text;
  return special[2] === "nan" ? NaN : special[1] === "-" ? -Infinity : Infinity;
}

interface Place {
  readonly where: string;
  readonly path: string;
  readonly depth: number;
}

function mapping(value: ReadonlyMap<unknown, unknown>, place: Place): Parameters {
  const entries = [...value].map(([key, item]): [string, ParameterValue] => {
    if (typeof key !== "string" && typeof key !== "bigint" && typeof key !== "number") {
      throw new TypeError(
        `${place.where}: the name ${String(key)} is no text. Write it in quotes`,
      );
    }
    const path = place.path === "" ? String(key) : `${place.path}.${key}`;
    return [String(key), parameter(item, { ...place, path })];
  });
  return Object.fromEntries(entries);
}

function parameter(value: unknown, { where, path, depth }: Place): ParameterValue {
  const place = `${where}: ${path}`;
  if (depth > 100) throw new TypeError(`${place} is deeper than 100 levels. Flatten it`);
  if (value === null || value instanceof ParameterFloat) return value;
  if (typeof value === "bigint") return whole(value, place);
  if (typeof value === "boolean" || typeof value === "number" || typeof value === "string") {
    return value;
  }
  const below = { where, path, depth: depth + 1 };
  if (value instanceof Map) return mapping(value, below);
  if (!Array.isArray(value)) return unfitParameter(place, value);
  return value.map((item, index) => parameter(item, { ...below, path: `${path}[${index}]` }));
}

function whole(value: bigint, place: string): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : unfitParameter(place, value);
}

/** YAML 1.2 with the booleans of 1.1, which papermill's reader knows, and floats that stay such. */
function withPapermillTags(tags: Tags): Tags {
  const words: ScalarTag = {
    tag: "tag:yaml.org,2002:bool",
    default: true,
    test: /^(?:[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)$/,
    resolve: (word) => /^(?:yes|on)$/i.test(word),
  };
  const floats: ScalarTag = {
    tag: "tag:yaml.org,2002:float",
    default: true,
    test: /^[-+]?(?:\.\d+|\d+\.\d*|\d+(?=e))(?:e[-+]?\d+)?$/i,
    resolve: (word) => floatValue(Number(word)),
  };
  return [words, floats, ...tags];
}

function utf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new TypeError(`${name} is not UTF-8 text. Save it again as UTF-8`);
  }
}
