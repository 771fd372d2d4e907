import { createReadStream } from "node:fs";
import { joinBytes } from "../../_internal/join_bytes.ts";

/** A line with its end. */
export interface WholeLine {
  readonly text: string;
  /** Where it begins in the file, in bytes. */
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
}

/**
 * The lines of a file from a place on, piece by piece; a last one without an end is left out, which
 * may still be written or was torn by a kill. None when the file is missing. Not `node:readline`: it
 * also ends lines at U+2028, which JSON may hold.
 */
export async function* wholeLines(path: string, start = 0): AsyncGenerator<WholeLine> {
  let rest: Uint8Array = new Uint8Array(0), at = start;
  try {
    for await (const piece of createReadStream(path, { start })) {
      const bytes: Uint8Array = rest.length === 0 ? piece : joinBytes([rest, piece]);
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        const text = new TextDecoder().decode(bytes.subarray(from, end));
        const line = { text, start: at, end: at + end + 1 - from };
        from = end + 1;
        at = line.end;
        yield line;
      }
      rest = bytes.slice(from);
    }
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOENT") throw error;
  }
}
