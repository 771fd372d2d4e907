import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** Checksums of files as they were when first asked for. */
export class FileHashes {
  readonly #hashes = new Map<string, Promise<string>>();

  /** SHA-256 of a file's bytes, or "absent" where it cannot be read. */
  of(path: string): Promise<string> {
    const known = this.#hashes.get(path);
    if (known !== undefined) return known;
    const hash = hashFile(path);
    this.#hashes.set(path, hash);
    return hash;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
  } catch {
    return "absent";
  }
  return hash.digest("hex");
}
