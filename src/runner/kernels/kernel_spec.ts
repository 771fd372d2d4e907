import process from "node:process";
import { checkOptions } from "../../_internal/check_options.ts";
import type { Environment } from "../../_internal/kernel_folders.ts";
import { nearestName } from "../../_internal/nearest_name.ts";
import { programsOnPath } from "../../_internal/programs_on_path.ts";
import { type KernelSpec, searchKernels } from "../../_internal/search_kernels.ts";
import { KernelStartError } from "../runner_errors.ts";

export type { KernelSpec } from "../../_internal/search_kernels.ts";

/** Options of {@linkcode findKernel} and {@linkcode listKernels}. */
export interface KernelSearchOptions {
  /** Environment with PATH, JUPYTER_PATH and JUPYTER_DATA_DIR. @default {process.env} */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The kernel of that name from Jupyter's search path; `deno` is built in where none is installed.
 *
 * @throws {KernelStartError} listing the kernels found and the folders looked at
 * @throws {TypeError} for unknown options
 */
export async function findKernel(
  name: string,
  options: KernelSearchOptions = {},
): Promise<KernelSpec> {
  checkOptions("findKernel", options, ["env"]);
  const { env = process.env } = options;
  const { specs, folders } = await searchKernels({ env });
  const kernels = await withDeno(specs, env);
  const found = kernels.find((kernel) => kernel.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const names = kernels.map((kernel) => kernel.name);
  const near = nearestName(name, names);
  throw new KernelStartError(
    `No kernel named "${name}"${near === undefined ? "." : `, did you mean "${near}"?`} ` +
      `Found: ${names.join(", ") || "none"}. Looked at: Deno's executable ` +
      `${await denoPath(env) ?? "(deno is not on PATH)"}, ${folders.join(", ")}. ` +
      `Install the kernel or choose another with the option kernel`,
  );
}

/**
 * All kernels that could be started here; where two have one name, the first found.
 *
 * @throws {TypeError} for unknown options
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listKernels } from "@qsight/qsight/runner";
 *
 * const names = (await listKernels()).map(({ name }) => name);
 * assert(names.includes("deno")); // python3 and others where they are installed
 * ```
 */
export async function listKernels(options: KernelSearchOptions = {}): Promise<KernelSpec[]> {
  checkOptions("listKernels", options, ["env"]);
  const { env = process.env } = options;
  return await withDeno((await searchKernels({ env })).specs, env);
}

/** Deno needs no installed kernel. */
async function withDeno(specs: readonly KernelSpec[], env: Environment): Promise<KernelSpec[]> {
  const builtIn = specs.some(({ name }) => name.toLowerCase() === "deno")
    ? undefined
    : await denoKernel(env);
  return [...(builtIn === undefined ? [] : [builtIn]), ...specs];
}

async function denoKernel(env: Environment): Promise<KernelSpec | undefined> {
  const path = await denoPath(env);
  if (path === undefined) return undefined;
  return {
    name: "deno",
    displayName: "Deno",
    language: "typescript",
    argv: [path, "jupyter", "--kernel", "--conn", "{connection_file}"],
    env: {},
    interruptMode: "message",
    origin: "built in",
  };
}

/** The running Deno, or from Node the one on PATH. */
async function denoPath(env: Environment): Promise<string | undefined> {
  const deno = (globalThis as { Deno?: { execPath(): string } }).Deno;
  if (deno !== undefined) return deno.execPath();
  return (await programsOnPath("deno", { path: env.PATH ?? "" }))[0];
}
