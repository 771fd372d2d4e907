import { type FileHandle, open } from "node:fs/promises";
import { DTYPES, type Safetensors, type SafetensorsTensor } from "./safetensors.ts";
import { HEADER_LIMIT, LENGTH_BYTES, parseHeader } from "./safetensors_header.ts";

/**
 * Reads a safetensors file: names, types, shapes and numbers. F16 and BF16 are read to
 * `Float32Array`, I64 to `BigInt64Array`, BOOL to 0 and 1 in a `Uint8Array`. The header must follow
 * the format to the letter.
 *
 * @throws {Error} when the file cannot be read or breaks a rule of the format, naming it
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { loadSafetensors, saveSafetensors } from "@qsight/qsight/tensors";
 * const folder = await mkdtemp(join(tmpdir(), "weights-"));
 * const path = join(folder, "some.safetensors");
 * const half = { shape: [2], values: Float32Array.of(0.5, -1) };
 * await saveSafetensors(path, { half }, { metadata: { made: "by hand" } });
 * const { tensors, metadata } = await loadSafetensors(path);
 * assert.deepEqual(tensors.half, { dtype: "F32", ...half });
 * assert.equal(metadata.made, "by hand");
 * await rm(folder, { recursive: true });
 * ```
 */
export async function loadSafetensors(path: string): Promise<Safetensors> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    return await readAll(file);
  } catch (error) {
    throw new Error(
      `loadSafetensors: cannot read "${path}": ${(error as Error).message}. Give a whole ` +
        `safetensors file, or write it again`,
      { cause: error },
    );
  } finally {
    await file?.close();
  }
}

async function readAll(file: FileHandle): Promise<Safetensors> {
  const { size } = await file.stat();
  if (size < LENGTH_BYTES) throw new Error(`it has ${size} bytes, wanted ${LENGTH_BYTES} at least`);
  const start = new DataView(await readBytes(file, 0, LENGTH_BYTES));
  const length = start.getBigUint64(0, true);
  if (length > HEADER_LIMIT) {
    throw new Error(`its header would be ${length} bytes long, and ${HEADER_LIMIT} are allowed`);
  }
  const dataAt = LENGTH_BYTES + Number(length);
  if (dataAt > size) throw new Error(`its header ends at byte ${dataAt}, the file at ${size}`);
  const header = new Uint8Array(await readBytes(file, LENGTH_BYTES, Number(length)));
  const { entries, metadata } = parseHeader(header, size - dataAt);
  const tensors: [string, SafetensorsTensor][] = [];
  for (const { name, dtype, shape, begin, end } of entries) {
    const values = DTYPES[dtype].read(await readBytes(file, dataAt + begin, end - begin));
    tensors.push([name, { dtype, shape, values }]);
  }
  return { tensors: Object.fromEntries(tensors), metadata };
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<ArrayBuffer> {
  const buffer = new ArrayBuffer(length);
  let at = 0;
  while (at < length) {
    // One call reads less than 2 GiB.
    const part = new Uint8Array(buffer, at, Math.min(length - at, 1 << 30));
    const { bytesRead } = await file.read(part, 0, part.byteLength, position + at);
    if (bytesRead === 0) throw new Error(`it ended while it was read, at byte ${position + at}`);
    at += bytesRead;
  }
  return buffer;
}
