import { realpath, stat } from "node:fs/promises";
import process from "node:process";
import { programsOnPath } from "../../_internal/programs_on_path.ts";
import { runCommand } from "../../_internal/run_command.ts";
import type { KernelSpec } from "../kernels/kernel_spec.ts";

/** What tells one version of a kernel from another: how it is started, and its program. */
export async function kernelFacts(spec: KernelSpec): Promise<string[]> {
  const { name, language, argv, env } = spec;
  return [JSON.stringify({ name, language, argv, env }), await programVersion(argv[0])];
}

/** What a program says of its version; of one that says nothing, which file it is. */
async function programVersion(program: string): Promise<string> {
  const { status, stdout } = await runCommand([program, "--version"], { timeout: 10_000 });
  if (status === "ok" && stdout.trim() !== "") return stdout.trim();
  const [found] = await programsOnPath(program, { path: process.env.PATH ?? "" });
  if (found === undefined) return program;
  const path = await realpath(found);
  const { size, mtimeMs } = await stat(path);
  return `${path} ${size} ${mtimeMs}`;
}
