import { activateBackend } from "./activate_backend.ts";
import type { ActivatedBackend } from "./activated_backend.ts";
import { installBatchNormGradient } from "./kernels/batch_norm_gradient.ts";
import { proveBackend } from "./prove_backend.ts";
import {
  askedBackends,
  type BackendFinding,
  type BackendName,
  type Finding,
  type OpenTensorsOptions,
  selectBackend,
} from "./select_backend.ts";
import { loadTfjs, markOpen, type Tf } from "./tf.ts";

/** Which backend computes, and why it is that one. */
export interface BackendReport {
  /** The backends in the order they were to be tried. */
  readonly asked: BackendName[];
  /** One line for each asked backend: its fate and the reason. */
  readonly found: BackendFinding[];
  /** What computes now. */
  readonly chosen: BackendName;
  /** The choice in one sentence, with the reasons of everything that was passed over. */
  readonly why: string;
  /** What computes: the GPU adapter, or the kind of processor code. */
  readonly device: string;
  /** Versions of TensorFlow.js, of the backend and of the runtime. */
  readonly versions: Record<string, string>;
}

/** An open backend. Nothing to close: TensorFlow.js lives as long as the process. */
export interface Tensors {
  /** The TensorFlow.js module. */
  readonly tf: Tf;
  /** What computes now. */
  readonly backend: BackendName;
  /** How that was decided. */
  readonly report: BackendReport;
}

let current: { readonly key: string; readonly tensors: Tensors } | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Loads TensorFlow.js, chooses a backend and proves it: before it is admitted, a matrix product
 * and a convolution gradient ran on it and gave the known numbers.
 *
 * Called again with the same options, or with none, it returns what is open. Other options choose
 * anew and the report says so when the backend changed; variables made on WebGPU cannot move to
 * another backend.
 *
 * @throws {TypeError} for an unknown option or backend name
 * @throws {Error} when `require` cannot be met; the message has the reason
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openTensors } from "@qsight/qsight/tensors";
 * const { tf, backend, report } = await openTensors({ prefer: "wasm" });
 * assert.equal(backend, "wasm");
 * assert.equal(report.found[0].status, "chosen");
 * assert.deepEqual(tf.tidy(() => tf.range(0, 3).mul(2).arraySync()), [0, 2, 4]);
 * assert.ok(await openTensors() === await openTensors({ prefer: "wasm" }));
 * ```
 */
export async function openTensors(options?: OpenTensorsOptions): Promise<Tensors> {
  const asked = askedBackends(options);
  const key = JSON.stringify([asked, options?.adapter ?? null]);
  const named = Object.values(options ?? {}).some((value) => value !== undefined);
  // One at a time: TensorFlow.js has one active backend, and two choices at once would race.
  const turn = queue.then(() => openNow(asked, { key, named, adapter: options?.adapter }));
  queue = turn.catch(() => undefined);
  return await turn;
}

interface Opening {
  readonly key: string;
  /** Whether the caller named anything; if not, what is open will do. */
  readonly named: boolean;
  readonly adapter?: string;
}

async function openNow(
  asked: readonly BackendName[],
  { key, named, adapter }: Opening,
): Promise<Tensors> {
  const tf = await loadTfjs();
  installBatchNormGradient(tf);
  const before = current;
  const stillActive = before !== undefined && tf.getBackend() === before.tensors.backend;
  if (stillActive && (before.key === key || !named)) return before.tensors;

  const findings: Partial<Record<BackendName, Finding>> = {};
  let active: ActivatedBackend | undefined;
  for (const name of asked) {
    active = await activateBackend(tf, name, { adapter, explicit: named });
    findings[name] = active.status === "ok" ? await judge(tf, name, active) : active;
    if (findings[name].status === "ok") break;
  }
  const choice = selectBackend(asked, findings);
  if (choice.chosen === undefined || active === undefined) {
    if (before !== undefined) await tf.setBackend(before.tensors.backend);
    throw new Error(
      `openTensors: none of ${asked.join(", ")} can be used here. ${choice.why}. ` +
        `Leave out \`require\` to fall back to another backend`,
    );
  }
  const switched = before !== undefined && before.tensors.backend !== choice.chosen;
  const why = switched ? `${choice.why}; switched from ${before.tensors.backend}` : choice.why;
  const { device = choice.chosen, versions = {} } = active;
  const report = { ...choice, chosen: choice.chosen, why, device, versions };
  const tensors: Tensors = Object.freeze({ tf, backend: choice.chosen, report });
  current = { key, tensors };
  markOpen(tf);
  return tensors;
}

async function judge(tf: Tf, name: BackendName, active: ActivatedBackend): Promise<Finding> {
  const fault = await proveBackend(tf, name);
  if (fault !== undefined) return { status: "refused", reason: fault };
  return { status: "ok", reason: `passed the proof (${active.reason})` };
}
