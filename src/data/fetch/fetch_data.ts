import { join } from "node:path";
import { checkOptions, unknownName } from "../../_internal/check_options.ts";
import { downloadFile } from "./download_file.ts";
import type { DownloadOptions } from "./download_options.ts";
import { FetchError } from "./fetch_error.ts";
import { type HandSource, KNOWN_DATA, type KnownData } from "./known_data.ts";

/** Options of {@linkcode fetchData}. */
export interface FetchDataOptions
  extends
    Pick<DownloadOptions, "onProgress" | "signal" | "stallTimeout" | "attempts" | "retryDelay"> {
  /** Folder that the file goes to; made if it is not there. */
  readonly folder: string;
  /** Where the file lies instead of its publisher's place, e.g. a mirror. */
  readonly baseUrl?: string;
}

/** Data on disk. */
export interface FetchedData {
  /** The file; a spec of `loadData()`. */
  readonly path: string;
  /** Bytes that came over the network; 0 when it was there and whole. */
  readonly received: number;
}

/**
 * Fetches a public data set by name: RetinaMNIST and the other 2-D sets of MedMNIST v2, 28 to 224
 * pixels. The file is there when its MD5 is that of its publisher, never before; a fetch that was
 * stopped goes on where it was.
 *
 * @param name e.g. `"retinamnist"` or `"retinamnist_64"`; `qsight data list` shows all
 * @returns where the file is, which `loadData()` takes
 * @throws {RangeError} for an unknown name
 * @throws {FetchError} when the data can only be had by hand, with the steps, or the download fails
 * @throws {DiskFullError} when there is no room
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fetchData, FetchError } from "@qsight/qsight/data";
 * await assert.rejects(fetchData("retinamnst", { folder: "data" }), /Did you mean "retinamnist"/);
 * await assert.rejects(fetchData("aptos2019", { folder: "data" }), FetchError); // Kaggle's, by hand
 * ```
 */
export async function fetchData(name: string, options: FetchDataOptions): Promise<FetchedData> {
  checkOptions("fetchData()", options, [
    ...["folder", "baseUrl", "onProgress", "signal", "stallTimeout", "attempts"],
    "retryDelay",
  ]);
  const { folder, baseUrl, ...download } = options;
  const known = findKnown(name), { source } = known;
  if (source.kind === "hand") throw byHand(known, source, folder);
  const base = baseUrl ?? source.baseUrl;
  const url = new URL(`${known.path}?download=1`, base.endsWith("/") ? base : `${base}/`).href;
  const path = join(folder, known.path);
  const { md5, bytes } = source;
  const { received } = await downloadFile(url, path, { ...download, md5, bytes });
  return { path, received };
}

/** @throws {RangeError} for a name that is not known, with the nearest one */
function findKnown(name: string): KnownData {
  const found = KNOWN_DATA.find((known) => known.name === name);
  if (found !== undefined) return found;
  const names = KNOWN_DATA.map((known) => known.name);
  throw new RangeError(unknownName("fetchData()", "data set", name, names));
}

function byHand({ name, licence }: KnownData, { page, steps }: HandSource, folder: string) {
  const lines = steps.map((step, i) => `  ${i + 1}. ${step.replaceAll("DATA/", `${folder}/`)}`);
  return new FetchError(
    `${name}: its host wants to know who takes it (${licence}), and QSight has no account there. ` +
      `To get it by hand:\n${lines.join("\n")}\n  Page: ${page}`,
    { url: page },
  );
}
