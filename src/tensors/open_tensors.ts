import { activateBackend } from "./activate_backend.ts";
import type { ActivatedBackend, ActivateOptions } from "./activated_backend.ts";
import { copiesNote, coreCopies, type CoreCopy } from "./core_copies.ts";
import { completeBatchNorm } from "./complete_batch_norm.ts";
import { installGradients } from "./kernels/install_gradients.ts";
import { isOnednnActive } from "./onednn/onednn_backend.ts";
import type { KernelFallback } from "./onednn/native_session.ts";
import { NATIVE_BACKEND } from "./native/native_backend.ts";
import { explainNativeFault, findNativeFault } from "./native/native_faults.ts";
import { proveBackend } from "./prove_backend.ts";
import {
  askedBackends,
  type BackendChoice,
  type BackendFinding,
  type BackendName,
  type OpenTensorsOptions,
  selectBackend,
} from "./select_backend.ts";
import type { Finding } from "./finding.ts";
import { loadTfjs, markOpen, type Tf } from "./tf.ts";
import { webgpuLoss } from "./webgpu_backend.ts";

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
  /** The copies of tfjs-core in this process, by file, where there are several; `why` names them. */
  readonly copies: CoreCopy[];
  /**
   * Kernels that `"wasm+onednn"` left to wasm, and why; grows while it computes. Empty for others.
   */
  readonly fallbacks: readonly KernelFallback[];
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

/** What was opened, before the copies of TensorFlow.js were counted. */
type Opened = Pick<Tensors, "tf" | "backend"> & { readonly report: Omit<BackendReport, "copies"> };

interface Current {
  readonly opening: Opening;
  readonly opened: Opened;
  readonly tensors: Tensors;
}

let current: Current | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Loads TensorFlow.js, chooses a backend and proves it: before it is admitted, a matrix product
 * and a convolution gradient ran on it and gave the known numbers.
 *
 * `"tfjs-node-gpu"` and `"tfjs-node"` are TensorFlow's C library; they are used where
 * `deno task install:gpu` or `install:node` (or the user's own package.json) has put them, and are
 * tried in a process of their own first. They were not run on a GPU by this project.
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
  const { adapter, simd, require, onednn } = options ?? {};
  const named = Object.values(options ?? {}).some((value) => value !== undefined);
  const how = { adapter, simd, onednn, realGpu: require === "gpu", explicit: named };
  // One at a time: TensorFlow.js has one active backend, and two choices at once would race.
  const turn = queue.then(() => openNow({ asked, how, key: JSON.stringify([asked, how]) }));
  queue = turn.catch(() => undefined);
  return await turn;
}

/** Options with which another thread opens the same; undefined where nothing is open. */
export function openedOptions(): OpenTensorsOptions | undefined {
  if (current === undefined) return undefined;
  const { opening: { how: { simd, onednn } }, tensors: { backend } } = current;
  return { prefer: backend, ...simd && { simd }, ...onednn && { onednn } };
}

/** What computes, as the report names it; undefined where nothing is open. */
export function openedDevice(): string | undefined {
  return current?.tensors.report.device;
}

interface Opening {
  readonly asked: readonly BackendName[];
  /** `explicit` is whether the caller named anything; if not, what is open will do. */
  readonly how: ActivateOptions;
  readonly key: string;
}

async function openNow(wanted: Opening): Promise<Tensors> {
  const tf = await loadTfjs();
  installGradients(tf);
  completeBatchNorm(tf);
  const before = current;
  const same = before !== undefined && (before.opening.key === wanted.key || !wanted.how.explicit);
  if (same && isUsable(tf, before.tensors)) return keep(before);
  const lost = before?.tensors.backend === "webgpu" ? webgpuLoss() : undefined;
  // Whoever names nothing after a loss wants what there was.
  const opening = same && lost !== undefined ? before.opening : wanted;
  const { asked } = opening;
  const { choice, active } = await tryInOrder(tf, opening);
  const { chosen } = choice;
  if (chosen === undefined) {
    if (before !== undefined && lost === undefined) {
      await activateBackend(tf, before.tensors.backend, before.opening.how);
    }
    throw new Error(
      `openTensors: none of ${asked.join(", ")} can be used here. ${choice.why}. ` +
        `Leave out \`require\` to fall back to another backend`,
    );
  }
  const since = before !== undefined && before.tensors.backend !== chosen
    ? [`switched from ${before.tensors.backend}`]
    : [];
  if (lost !== undefined) since.push(`opened again, since ${lost}`);
  const why = [choice.why, ...since].join("; ");
  const { device = chosen, versions = {}, fallbacks = [] } = active;
  const report = { ...choice, chosen, why, device, versions, fallbacks };
  return remember(opening, { tf, backend: chosen, report });
}

/** Tries one backend after the other until one has proved itself. */
async function tryInOrder(
  tf: Tf,
  { asked, how }: Opening,
): Promise<{ choice: BackendChoice; active: Partial<ActivatedBackend> }> {
  const findings: Partial<Record<BackendName, Finding>> = {};
  let active: Partial<ActivatedBackend> = {};
  for (const name of asked) {
    const found = await activateBackend(tf, name, how);
    active = found;
    findings[name] = found.status === "ok" ? await judge(tf, name, found) : found;
    if (findings[name].status === "ok") break;
  }
  return { choice: selectBackend(asked, findings), active };
}

/** What is open, told anew when another copy of TensorFlow.js was loaded since. */
function keep({ opening, opened, tensors }: Current): Tensors {
  const same = severalCopies().length === tensors.report.copies.length;
  return same ? tensors : remember(opening, opened);
}

function remember(opening: Opening, opened: Opened): Tensors {
  const copies = severalCopies();
  const note = copiesNote(copies);
  const why = note === undefined ? opened.report.why : `${opened.report.why}; ${note}`;
  const tensors = Object.freeze({ ...opened, report: { ...opened.report, why, copies } });
  current = { opening, opened, tensors };
  markOpen(opened.tf);
  return tensors;
}

/** One copy is as it should be, and its path is nobody's business. */
function severalCopies(): CoreCopy[] {
  const copies = coreCopies();
  return copies.length > 1 ? copies : [];
}

async function judge(tf: Tf, name: BackendName, active: ActivatedBackend): Promise<Finding> {
  const fault = await proveBackend(tf, registeredName(name));
  if (fault !== undefined) {
    const known = findNativeFault(fault) !== undefined;
    return { status: "refused", reason: known ? explainNativeFault(fault) : fault };
  }
  return { status: "ok", reason: `passed the proof (${active.reason})` };
}

/** The name that a backend has in TensorFlow.js. */
function registeredName(name: BackendName): string {
  if (name === "wasm+onednn") return "wasm";
  return name === "tfjs-node-gpu" || name === "tfjs-node" ? NATIVE_BACKEND : name;
}

/** Whether what was opened is still what computes. */
function isUsable(tf: Tf, { backend }: Tensors): boolean {
  if (tf.getBackend() !== registeredName(backend)) return false;
  if (isOnednnActive(tf) !== (backend === "wasm+onednn")) return false;
  return backend !== "webgpu" || webgpuLoss() === undefined;
}
