import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../_internal/message_of.ts";
import { isPacked } from "../../_internal/own_module.ts";
import type { CommandResult } from "../../_internal/run_command.ts";
import { writeAtomic } from "../../_internal/write_atomic.ts";
import type { Check } from "../check.ts";
import { ok, type Outcome } from "../finding.ts";
import { configOption, errorLine, runDeno, runScript } from "../run_script.ts";
import type { Scene } from "../scene.ts";
import { checkKernels, compareKernel } from "./kernel_check.ts";

const COMMON = {
  point: "build",
  builds: true,
  needs: ["read", "run", "env", "write"],
  deadline: 60_000,
  remedyWhenLate: "It hangs; see which of the other findings of this report may be the cause",
} as const;

/** What to do where a part does not run; a more telling finding usually stands above it. */
const REMEDY = "Mend what stands above first; else look it up: qsight doctor --explain TEXT";

/** The door of the QSight that is examined. */
function entryOf({ root }: Scene): string {
  return new URL(isPacked(import.meta.url) ? "mod.js" : "mod.ts", root).href;
}

/** The real entry point, real kernels and a real step, each in a process of its own. */
export const BUILD_CHECKS: readonly Check[] = [
  {
    ...COMMON,
    code: "QD401",
    title: "types of the entry point",
    wanted: "no type error in mod.ts and all that it imports",
    deadline: 180_000,
    run: async (scene, signal) => {
      const args = ["check", "--quiet", ...configOption(scene), entryOf(scene)];
      return verdict(await runDeno(scene, args, { signal }), () => "no type error");
    },
  },
  {
    ...COMMON,
    code: "QD402",
    title: "the entry point can be imported",
    wanted: "the names of mod.ts, and nothing printed",
    run: async (scene, signal) => {
      const args = [entryOf(scene)];
      const result = await runScript(scene, "build/import_entry.ts", { args, signal });
      if (result.status === "ok" && result.stderr.trim() !== "") {
        return [{
          status: "warning",
          found: `importing it prints: ${errorLine(result.stderr)}`,
          remedy: REMEDY,
        }];
      }
      return verdict(result);
    },
  },
  {
    ...COMMON,
    code: "QD403",
    title: "kernels start and answer",
    wanted: "42 from a cell in each kernel, and @qsight/qsight in that of Deno",
    deadline: 120_000,
    run: checkKernels,
  },
  {
    ...COMMON,
    code: "QD404",
    title: "one training step",
    wanted: "a finite loss and weights that move",
    run: async (scene, signal) =>
      verdict(await runScript(scene, "build/train_step.ts", { signal })),
  },
  {
    ...COMMON,
    code: "QD405",
    title: "one circuit",
    wanted: "the cosine of an angle, and its slope",
    run: async (scene, signal) =>
      verdict(await runScript(scene, "build/run_circuit.ts", { signal })),
  },
  {
    ...COMMON,
    code: "QD406",
    title: "one figure",
    wanted: "an SVG and a PNG file",
    run: async (scene, signal) => {
      const args = [await scene.scratch()];
      return verdict(await runScript(scene, "build/draw_figure.ts", { args, signal }));
    },
  },
  {
    ...COMMON,
    code: "QD407",
    title: "one atomic write",
    wanted: "a file that is replaced as a whole",
    needs: ["read", "write"],
    deadline: 15_000,
    run: async (scene) => {
      try {
        const path = join(await scene.scratch(), "trial.txt");
        await writeAtomic(path, "old");
        await writeAtomic(path, "new");
        const text = await readFile(path, "utf8");
        if (text === "new") return [ok("written, synced and renamed")];
        return [{ status: "failure", found: `the file holds "${text}"`, remedy: REMEDY }];
      } catch (error) {
        return [{
          status: "failure",
          found: messageOf(error),
          remedy: "Make room, or let TMPDIR name a folder that can be written to",
        }];
      }
    },
  },
  {
    ...COMMON,
    code: "QD408",
    title: "the Deno kernel sees what the terminal sees",
    wanted: "the same runtime, programs, PATH and variables",
    run: compareKernel,
  },
];

function verdict(
  { status, stdout, stderr }: CommandResult,
  text = () => stdout.trim().split("\n").at(-1) ?? "",
): readonly Outcome[] {
  if (status === "ok") return [ok(text())];
  return [{ status: "failure", found: errorLine(stderr), remedy: REMEDY }];
}
