import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { runCommand } from "../../_internal/run_command.ts";

/** What the GPU build of TensorFlow 2.9.1 opens when it starts, on Linux. */
export const CUDA_LIBRARIES: readonly string[] = [
  "libcudart.so.11.0",
  "libcublas.so.11",
  "libcublasLt.so.11",
  "libcufft.so.10",
  "libcurand.so.10",
  "libcusolver.so.11",
  "libcusparse.so.11",
  "libcudnn.so.8",
];

/** Where a loader looks. */
export interface LoaderSources {
  /** Folders before all others, as LD_LIBRARY_PATH has them. */
  readonly path: readonly string[];
  /** What `ldconfig -p` prints. */
  readonly cache: string;
  exists(file: string): boolean;
}

/** Which of the libraries the loader would not find; all of them where there is no such loader. */
export async function missingCudaLibraries(sources?: LoaderSources): Promise<string[]> {
  const { path, cache, exists } = sources ?? await hostLoader();
  const cached = new Set(Array.from(cache.matchAll(/^\s*(\S+) \(/gm), ([, name]) => name));
  return CUDA_LIBRARIES.filter((name) =>
    !cached.has(name) && !path.some((folder) => exists(join(folder, name)))
  );
}

async function hostLoader(): Promise<LoaderSources> {
  const folders = (process.env.LD_LIBRARY_PATH ?? "").split(delimiter);
  let cache = "";
  // For users that are not root, sbin is often not on PATH.
  for (const program of ["ldconfig", "/sbin/ldconfig"]) {
    if (cache === "") cache = (await runCommand([program, "-p"])).stdout;
  }
  return { path: folders.filter((folder) => folder !== ""), cache, exists: existsSync };
}
