import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/**
 * Starts a thread that runs a file of the project: the one of that name beside the caller's, with the
 * same ending as the caller's has, in the sources, in the npm package and in a bundle.
 *
 * @param name without its ending, beside the module at `base`
 * @param options.data given to it as `workerData`
 * @throws {Error} where that file is missing, as in a bundle of one file
 */
export function openWorker(
  name: string,
  { base, data }: { readonly base: string; readonly data: unknown },
): Worker {
  const [ending] = /\.\w+$/.exec(new URL(base).pathname) ?? [".js"];
  const url = new URL(`./${name}${ending}`, base);
  if (ending !== ".ts" && url.protocol === "file:" && !existsSync(fileURLToPath(url))) {
    throw new Error(
      `This bundle lacks ${name}${ending}, which its threads run: found no ${
        fileURLToPath(url)
      }. ` +
        `Bundle ${name}.ts as a file of its own beside it, or leave threads out (replicas: 1, ` +
        "dataWorkers: 0, workers: 0)",
    );
  }
  return new Worker(url, { workerData: data });
}
