import { recommend } from "../../hardware/recommend.ts";
import type { Probe } from "../../hardware/probe.ts";
import type { Check } from "../check.ts";
import { satisfiesRange } from "../dependencies/semver_range.ts";
import { ok, type Outcome, skipped } from "../finding.ts";

const GIB = 2 ** 30;

/** Deno versions whose kernel answers headless runners without losing errors. */
const DENO_RANGE = ">=2.9.1 <3";

/** Memory below which a training of the first notebook swaps, and below which it ends. */
const MEMORY = { comfortable: 2 * GIB, least: GIB / 2 };

/** What all checks of the environment have in common: they read probes. */
export const PROBED = {
  point: "environment",
  needs: [],
  builds: false,
  deadline: 15_000,
  remedyWhenLate: "A probe hangs that should not; report it with qsight doctor --markdown",
} as const;

/** What the machine has, against what the settings recommended for it need. */
export const MACHINE_CHECKS: readonly Check[] = [
  {
    ...PROBED,
    code: "QD301",
    title: "runtime",
    wanted: `Deno ${DENO_RANGE}`,
    run: async (scene) => {
      const { runtime } = await scene.hardware();
      if (runtime.name !== "deno") {
        return [skipped(`this is ${runtime.name} ${runtime.version}; the kernel needs Deno`)];
      }
      if (satisfiesRange(runtime.version, DENO_RANGE) === true) {
        return [ok(`Deno ${runtime.version}`)];
      }
      return [{
        status: "failure",
        found: `Deno ${runtime.version}`,
        remedy: "Take the pinned one: npx -y deno@2.9.6",
      }];
    },
  },
  {
    ...PROBED,
    code: "QD302",
    title: "processors",
    wanted: "a figure that was read and not assumed",
    run: async (scene) => {
      const { cpu } = await scene.hardware();
      if (cpu.reason.startsWith("Assumed")) return [skipped(cpu.reason, "Run with -A")];
      return [ok(`${cpu.usable} usable (${cpu.reason})`)];
    },
  },
  {
    ...PROBED,
    code: "QD303",
    title: "memory",
    wanted: `${MEMORY.comfortable / GIB} GiB that can be had without swapping`,
    run: async (scene) => {
      const { memory } = await scene.hardware();
      const known = [memory.availableBytes, memory.cgroupLimitBytes].filter((probe) =>
        probe.status === "ok"
      );
      if (known.length === 0) return [unseen(memory.availableBytes)];
      const least = known.reduce((a, b) => b.value < a.value ? b : a);
      const found = `${(least.value / GIB).toFixed(1)} GiB (${least.reason})`;
      if (least.value >= MEMORY.comfortable) return [ok(found)];
      return [{
        status: least.value < MEMORY.least ? "failure" : "warning",
        found,
        remedy: "End other programs, raise the container's limit, or train with smaller images",
      }];
    },
  },
  {
    ...PROBED,
    code: "QD304",
    title: "WebAssembly SIMD",
    wanted: "an engine with SIMD",
    run: async (scene) => {
      const { simd } = await scene.hardware();
      if (simd.simd) return [ok(simd.relaxed ? "relaxed" : "plain")];
      return [{
        status: "failure",
        found: "none; training would be tens of times slower",
        remedy: "Take a current Deno or Node, on a processor with SSE 4.1 or NEON",
      }];
    },
  },
  {
    ...PROBED,
    code: "QD305",
    title: "accelerator, driver and backend",
    wanted: "what the recommended backend needs",
    run: async (scene) => {
      const snapshot = await scene.hardware();
      const { profile, why } = recommend(snapshot);
      const { gpus } = snapshot;
      if (gpus.status === "unknown") {
        return [
          /--allow-/.test(gpus.reason) ? unseen(gpus) : {
            status: "warning",
            found: `the NVIDIA driver gives no answer: ${gpus.reason}`,
            remedy: `Look it up: qsight doctor --explain "${gpus.reason.split('"')[0].trim()}"`,
          },
        ];
      }
      const listed = gpus.status !== "ok"
        ? ""
        : gpus.value.map((gpu) =>
          `; ${gpu.name}, driver ${gpu.driver ?? "unknown"}, CUDA up to ${gpu.cuda ?? "unknown"}`
        ).join("");
      return [ok(`profile ${profile}, ${why.backend}${listed}`)];
    },
  },
];

/** A probe that could not tell: it was not allowed to look, or it looked and got no good answer. */
export function unseen({ reason }: Probe<unknown>): Outcome {
  if (/--allow-/.test(reason)) return skipped(reason, "Run with -A");
  return { status: "warning", found: reason, remedy: "Find out why that cannot be read" };
}
