import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/**
 * Starts a thread that runs a file of the project: the TypeScript one where the project runs from its
 * sources, and in the npm package or a bundle the one of the same name beside it, with its ending.
 *
 * @param name without its ending, beside the module at `base`
 * @param options.data given to it as `workerData`
 * @throws {Error} in a bundle without that file
 */
export function openWorker(
  name: string,
  { base, data }: { readonly base: string; readonly data: unknown },
): Worker {
  const ending = /\.(?:ts|js)$/.exec(base)?.[0] ?? ".mjs";
  const url = new URL(`./${name}${ending}`, base);
  if (ending !== ".ts" && url.protocol === "file:" && !existsSync(fileURLToPath(url))) {
    throw new Error(
      `This bundle lacks ${name}${ending}, which its threads run: found no ${
        fileURLToPath(url)
      }. Bundle ` +
        `${name}.ts as a file of its own beside it, or leave threads out (replicas: 1, workers: 0)`,
    );
  }
  return new Worker(url, { workerData: data });
}
