import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkOptions } from "../../_internal/check_options.ts";
import { syncFolder } from "../../_internal/write_atomic.ts";
import { FetchError } from "./fetch_error.ts";
import { fileSize, md5Of } from "./file_facts.ts";
import { receivePart } from "./receive_part.ts";
import type { DownloadOptions } from "./download_options.ts";

const OPTIONS = [
  ...["md5", "bytes", "maxBytes", "onProgress", "signal", "stallTimeout", "attempts"],
  "retryDelay",
];

/**
 * Downloads a file: into `<path>.part`, which a later call goes on with by a Range request, and after
 * size and MD5 are right, by one rename to `path`. A connection that breaks or stalls is taken up again
 * where it was. Redirects are followed. When the server ignores the range, it begins anew.
 *
 * @returns how many bytes came over the network, 0 when the file was there and whole
 * @throws {FetchError} when the server answers with an error, brings nothing any more, or the file is
 * another one than its checksum says
 * @throws {DiskFullError} when there is no room; what came so far stays
 * @throws {DOMException} named AbortError when the signal fires
 */
export async function downloadFile(
  url: string,
  path: string,
  options: DownloadOptions,
): Promise<{ readonly received: number }> {
  checkOptions("downloadFile()", options, OPTIONS);
  const { md5, signal, attempts = 3, retryDelay = 2000 } = options, part = `${path}.part`;
  signal?.throwIfAborted();
  if (await fileSize(path) !== undefined && await md5Of(path, signal) === md5) {
    return { received: 0 };
  }
  await mkdir(dirname(path), { recursive: true });
  let furthest = await fileSize(part) ?? 0, received = 0, empty = 0;
  // What was left by an earlier call may be of an older file: then it is once begun anew.
  let resumed = furthest > 0;
  for (;;) {
    const round = await receivePart(url, part, options);
    received += round.received;
    if (round.done) {
      if (await md5Of(part, signal) === md5) break;
      const size = await fileSize(part);
      await rm(part, { force: true });
      if (!resumed) throw wrongSum(url, { size, md5 });
      [resumed, furthest] = [false, 0];
      continue;
    }
    empty = round.at > furthest ? 0 : empty + 1;
    furthest = Math.max(furthest, round.at);
    if (empty >= attempts) {
      throw new FetchError(
        `${url}: found ${empty} connections in a row that brought nothing new (${round.reason}), ` +
          "wanted the file. What came so far is kept; try again later, or name a mirror",
        { url },
      );
    }
    if (empty > 0) await sleep(retryDelay, undefined, { signal });
  }
  await rename(part, path);
  await syncFolder(dirname(path));
  return { received };
}

function wrongSum(
  url: string,
  { size, md5 }: { readonly size: number | undefined; readonly md5: string },
): FetchError {
  return new FetchError(
    `${url}: found a file of ${size} bytes whose MD5 is not ${md5}, wanted that one. It was removed; ` +
      "fetch it again, and if that repeats, from another place",
    { url },
  );
}
