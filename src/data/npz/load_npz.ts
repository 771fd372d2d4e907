import { readFile, stat } from "node:fs/promises";
import { unknownName } from "../../_internal/check_options.ts";
import { DataError } from "../data_error.ts";
import { checkNpy, type NpyArray, parseNpy } from "./parse_npy.ts";
import { readZip } from "./read_zip.ts";

/** An opened npz archive; arrays are unpacked when they are asked for. */
export interface Npz {
  /** Where the archive was read from. */
  readonly path: string;
  /** Names of the arrays, in the order of the archive. */
  readonly names: readonly string[];
  /** Whether there is an array of this name. */
  has(name: string): boolean;
  /**
   * Unpacks one array.
   *
   * @throws {DataError} when there is no such array or it is damaged
   */
  read(name: string): NpyArray;
}

/** Files and single arrays above this are refused before they are read. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Opens a numpy archive (`numpy.savez`, `numpy.savez_compressed`) from disk.
 *
 * @throws {DataError} when the file is missing, larger than 2 GiB, or no whole npz archive
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { DataError, loadNpz } from "@qsight/qsight/data";
 * await assert.rejects(loadNpz("no_such_file.npz"), DataError);
 * ```
 */
export async function loadNpz(path: string): Promise<Npz> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    throw new DataError(
      `${path}: found ${found ? "something that is no file" : "no such file"}, wanted a .npz ` +
        "archive. Check the path; relative paths are taken from the current folder.",
      { path },
    );
  }
  if (found.size > MAX_BYTES) {
    throw new DataError(
      `${path}: found ${found.size} bytes, at most ${MAX_BYTES} are read. Split the file.`,
      { path },
    );
  }
  return parseNpz(await readFile(path), { path });
}

/** {@linkcode loadNpz} for bytes that are in memory already. */
export function parseNpz(bytes: Uint8Array, { path }: { readonly path: string }): Npz {
  const members = readZip(bytes, { path, maxBytes: MAX_BYTES });
  const names = [...members.keys()].filter((name) => name.endsWith(".npy"))
    .map((name) => name.slice(0, -".npy".length));
  return {
    path,
    names,
    has: (name) => names.includes(name),
    read: (name) => {
      const member = members.get(`${name}.npy`);
      if (member === undefined) {
        throw new DataError(unknownName(path, "array", name, names), { path });
      }
      const where = { path, member: name };
      checkNpy(member.head(), member.size, where);
      return parseNpy(member.read(), where);
    },
  };
}
