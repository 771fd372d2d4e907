import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { permissionState } from "../../hardware/deno_permission.ts";
import { parseJsonc } from "../../_internal/parse_jsonc.ts";

/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** Names under which a configuration is found without being named. */
export const CONFIG_NAMES: readonly string[] = ["qsight.jsonc", "qsight.json"];

/** A configuration that cannot be read. */
export class ConfigFileError extends Error {
  override readonly name = "ConfigFileError";
}

/** The configuration in a folder or the nearest one above it that Deno lets this process read. */
export function findConfigFile(folder: string): string | undefined {
  for (let at = folder;; at = dirname(at)) {
    const state = permissionState({ name: "read", path: at });
    if (at !== folder && state !== undefined && state !== "granted") return undefined;
    const found = CONFIG_NAMES.map((name) => join(at, name)).find((path) => existsSync(path));
    if (found !== undefined || dirname(at) === at) return found;
  }
}

/**
 * Reads a configuration: JSON, in which comments and trailing commas may stand.
 *
 * @throws {ConfigFileError} for a file that cannot be read, is no JSON, or no object
 */
export async function readConfigFile(file: string): Promise<JsonObject> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new ConfigFileError(
      `--config ${file}: ${
        cause.code === "EISDIR"
          ? "is a folder"
          : cause.code === "ENOENT"
          ? "found no such file"
          : cause.message
      }; wanted a JSON file with data, model, stages, fit and retention`,
    );
  });
  let value: unknown;
  try {
    value = parseJsonc(text);
  } catch (error) {
    throw new ConfigFileError(
      `${file}: ${(error as Error).message}; wanted JSON, in which comments may stand`,
    );
  }
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new ConfigFileError(
    `${file}: found ${text.trim().slice(0, 40)}, wanted an object: {"stages": "full"}`,
  );
}
