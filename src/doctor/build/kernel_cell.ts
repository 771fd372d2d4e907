// Run in a process of its own: starts a kernel in the folder that it is given, and asks it something.
import process from "node:process";
import { listKernels } from "../../runner/kernels/kernel_spec.ts";
import { type KernelTrialOptions, runCells } from "./run_cells.ts";

/** What a kernel answered. */
export interface KernelTrial {
  readonly status: "ok" | "failed" | "no import" | "unknown language";
  /** In words. */
  readonly found: string;
}

/** Cells that print 42, by language. */
const CELLS: Readonly<Record<string, string>> = {
  typescript: "console.log(6 * 7)",
  javascript: "console.log(6 * 7)",
  python: "print(6 * 7)",
  r: "cat(6 * 7)",
  julia: "print(6 * 7)",
};

/** A cell that needs the project, for kernels that find it by their folder. */
const IMPORT = 'console.log(typeof (await import("@qsight/qsight/metrics")).confusionMatrix)';

/** Starts a kernel and has it compute. */
async function tryKernel(options: KernelTrialOptions): Promise<KernelTrial> {
  const { kernel } = options;
  const spec = (await listKernels()).find(({ name }) => name === kernel);
  const cell = CELLS[spec?.language.toLowerCase() ?? "typescript"];
  if (cell === undefined) {
    return { status: "unknown language", found: `no cell is known for "${spec?.language}"` };
  }
  const { printed, fault } = await runCells(kernel === "deno" ? [cell, IMPORT] : [cell], options);
  const [answer, imported] = printed;
  if (answer !== "42") return { status: "failed", found: fault ?? `6 * 7 is "${answer}"` };
  if (imported === undefined) return { status: "ok", found: "6 * 7 is 42" };
  return imported === "function"
    ? { status: "ok", found: "6 * 7 is 42, and @qsight/qsight can be imported" }
    : { status: "no import", found: fault ?? `the import is of type ${imported}` };
}

if (import.meta.main) {
  const [kernel, folder, timeout] = process.argv.slice(2);
  const trial = await tryKernel({ kernel, folder, timeout: Number(timeout) });
  process.stdout.write(`${JSON.stringify(trial)}\n`);
  process.exit(0);
}
