import { compareEnvironments } from "../../hardware/environment/compare_environments.ts";
import type { EnvironmentFacts } from "../../hardware/environment/environment_snapshot.ts";
import { listKernels } from "../../runner/kernels/kernel_spec.ts";
import { ok, type Outcome, skipped } from "../finding.ts";
import { errorLine, runScript } from "../run_script.ts";
import type { Scene } from "../scene.ts";
import type { KernelTrial } from "./kernel_cell.ts";

/** Kernels that this project is made for; others are only helped to be found out. */
const OWN = /^(?:deno|tslab|jslab)$/i;

/** Milliseconds that a kernel may take to be ready, and then for each cell. */
const PATIENCE = 20_000;

/** What differs between this process and the Deno kernel: a notebook then does not do as a terminal. */
export async function compareKernel(
  scene: Scene,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const args = [scene.folder, String(PATIENCE)];
  const [here, kernel] = await Promise.all([
    scene.surroundings(),
    runScript(scene, "build/kernel_environment.ts", { args, signal }),
  ]);
  if (kernel.status !== "ok") {
    return [skipped(`the kernel gave no answer, see QD403: ${errorLine(kernel.stderr)}`)];
  }
  const there: EnvironmentFacts = JSON.parse(kernel.stdout.trim().split("\n").at(-1) ?? "");
  const isKnown = (text: string) => !text.startsWith("unknown:");
  const differences = compareEnvironments(here, there)
    .filter(({ first, second }) => isKnown(first) && isKnown(second));
  if (differences.length === 0) return [ok("runtime, programs, PATH and variables are the same")];
  return differences.map(({ what, first, second }) => ({
    status: "warning",
    found: `${what}: here ${first}; in the kernel ${second}`,
    remedy: "Change argv or env of its kernel.json, or start Jupyter from this environment",
    source: "kernel.json",
  }));
}

/** Starts each kernel that Jupyter would offer, Deno's built-in one included, one after the other. */
export async function checkKernels(scene: Scene, signal: AbortSignal): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { name, origin } of await listKernels({ env: scene.env })) {
    if (signal.aborted) break;
    const args = [name, scene.folder, String(PATIENCE)];
    const result = await runScript(scene, "build/kernel_cell.ts", { args, signal });
    outcomes.push(outcomeOf(name, origin, trialOf(result.stdout) ?? errorLine(result.stderr)));
  }
  return outcomes;
}

function trialOf(stdout: string): KernelTrial | undefined {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    // It did not come to its last line.
    return undefined;
  }
}

function outcomeOf(name: string, source: string, trial: KernelTrial | string): Outcome {
  if (typeof trial !== "string" && trial.status === "ok") {
    return { status: "ok", found: `${name}: ${trial.found}`, source };
  }
  if (typeof trial !== "string" && trial.status === "unknown language") {
    return { status: "skipped", found: `${name}: ${trial.found}`, source };
  }
  const text = typeof trial === "string" ? trial : trial.found;
  const found = `${name}: ${text.replace(/\s+/g, " ").slice(0, 300)}`;
  if (typeof trial !== "string" && trial.status === "no import") {
    return {
      status: "warning",
      found,
      remedy: "Notebooks here cannot import @qsight/qsight: run qsight init",
      source,
    };
  }
  return {
    status: OWN.test(name) ? "failure" : "warning",
    found,
    remedy: typeof trial === "string"
      ? "The runner itself failed: mend what stands above first"
      : "Install that kernel again (qsight init for Deno and tslab), or remove its folder",
    source,
  };
}
