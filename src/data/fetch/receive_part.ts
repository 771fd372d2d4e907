import { type FileHandle, open, rm, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { DiskFullError, namingFullDisk } from "../../_internal/disk_full_error.ts";
import { messageOf } from "../../_internal/message_of.ts";
import type { DownloadOptions } from "./download_options.ts";
import { FetchError } from "./fetch_error.ts";
import { fileSize } from "./file_facts.ts";

/** What one connection brought. */
export interface Received {
  /** Bytes that came. */
  readonly received: number;
  /** Bytes that are on disk now. */
  readonly at: number;
  /** All that the server has is on disk. */
  readonly done: boolean;
  /** Why it ended early. */
  readonly reason: string;
}

/**
 * Goes on with a partial file over one connection, from where it ends, or from the beginning when the
 * server sends that.
 *
 * @throws {FetchError} for an answer that no other try would change; DiskFullError, AbortError
 */
export async function receivePart(
  url: string,
  part: string,
  options: DownloadOptions,
): Promise<Received> {
  const { bytes, signal, stallTimeout = 30_000 } = options;
  const have = await fileSize(part) ?? 0;
  const nothing = { received: 0, at: have };
  if (bytes !== undefined && have >= bytes) return { ...nothing, done: true, reason: "" };
  const stall = new Stall(stallTimeout);
  const tally = { received: 0, at: have };
  try {
    const response = await fetch(url, {
      headers: { "accept-encoding": "identity", ...have > 0 && { range: `bytes=${have}-` } },
      signal: signal ? AbortSignal.any([signal, stall.signal]) : stall.signal,
    });
    const { status, body } = response;
    if (status === 206 || (status === 200 && body !== null)) {
      return await writeBody(response, part, { have, stall, tally, options });
    }
    await body?.cancel();
    // Nothing is behind what is there: it is whole, or of another file, as its checksum will tell.
    if (status === 416) return { ...nothing, done: true, reason: "" };
    const answer = `answer ${status} ${response.statusText}`.trim();
    if (status === 429 || status >= 500) return { ...nothing, done: false, reason: answer };
    throw new FetchError(
      `${url}: found the ${answer}, wanted the file. Check the address in a browser, or name a mirror`,
      { url },
    );
  } catch (error) {
    if (error instanceof FetchError || error instanceof DiskFullError) throw error;
    signal?.throwIfAborted();
    const reason = stall.signal.aborted ? `no byte for ${stallTimeout / 1000} s` : messageOf(error);
    return { ...tally, done: false, reason };
  } finally {
    stall.stop();
  }
}

/** What belongs to one connection. */
interface Connection {
  /** Bytes on disk before it. */
  readonly have: number;
  readonly stall: Stall;
  /** Counted on, so that it is right when the connection breaks. */
  readonly tally: { received: number; at: number };
  readonly options: DownloadOptions;
}

async function writeBody(
  response: Response,
  part: string,
  { have, stall, tally, options }: Connection,
): Promise<Received> {
  const { bytes, maxBytes = 2 ** 35, onProgress } = options;
  const start = response.status === 206 ? rangeStart(response, have) : 0;
  const length = response.headers.get("content-length");
  const total = bytes ?? (length === null ? undefined : start + Number(length));
  await checkRoom(part, (total ?? start) - start);
  const file = await open(part, start === 0 ? "w" : "r+");
  try {
    tally.at = start;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      stall.restart();
      await writeAll(file, chunk, { at: tally.at, part });
      tally.received += chunk.length;
      tally.at += chunk.length;
      if (tally.at > (bytes ?? maxBytes)) throw tooLarge(response.url, bytes ?? maxBytes);
      onProgress?.({ bytes: tally.at, total });
    }
    await file.sync();
    const done = total === undefined || tally.at >= total;
    return { ...tally, done, reason: done ? "" : "it ended early" };
  } catch (error) {
    if (error instanceof FetchError) await rm(part, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Where the bytes of a partial answer begin: where they were asked for, or they are of no use. */
function rangeStart({ headers, url }: Response, have: number): number {
  const start = Number(/^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1]);
  if (start === have) return start;
  throw new FetchError(
    `${url}: found a part from byte ${start}, wanted one from ${have}. Remove the .part file, or ` +
      "name a mirror",
    { url },
  );
}

async function writeAll(
  file: FileHandle,
  chunk: Uint8Array,
  { at, part }: { readonly at: number; readonly part: string },
): Promise<void> {
  try {
    for (let done = 0; done < chunk.length;) {
      done += (await file.write(chunk, done, chunk.length - done, at + done)).bytesWritten;
    }
  } catch (error) {
    throw namingFullDisk(error, part, chunk.length);
  }
}

/** Refuses what the disk has no room for before the first byte. */
async function checkRoom(part: string, needed: number): Promise<void> {
  const disk = await statfs(dirname(part)).catch(() => undefined);
  if (disk === undefined || disk.bavail * disk.bsize >= needed) return;
  const free = disk.bavail * disk.bsize;
  throw new DiskFullError(part, needed, new Error(`${free} bytes are free`));
}

function tooLarge(url: string, most: number): FetchError {
  return new FetchError(
    `${url}: found more than ${most} bytes, wanted at most that. It is another file; name the ` +
      "address of the right one",
    { url },
  );
}

/** Fires when nothing has restarted it for so long. */
class Stall {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#controller.abort(), this.#milliseconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
