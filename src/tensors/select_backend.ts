// The decision alone: from what was asked and found to a choice with reasons. No effects.
import { checkOptions, unknownName } from "../_internal/check_options.ts";
import type { OnednnOptions } from "./onednn/find_onednn.ts";
import type { Finding } from "./finding.ts";

/** The ways a tensor can be computed here. */
export type BackendName =
  | "tfjs-node-gpu"
  | "tfjs-node"
  | "webgpu"
  | "wasm+onednn"
  | "wasm"
  | "cpu";

/** What can be asked for: a backend, or `"gpu"` for any that computes on a real GPU. */
export type BackendWish = BackendName | "gpu";

/** All backends in the order they are preferred. */
const BACKENDS: readonly BackendName[] = [
  "tfjs-node-gpu",
  "tfjs-node",
  "webgpu",
  "wasm+onednn",
  "wasm",
  "cpu",
];

/** The backends that `"gpu"` stands for. */
const GPU_BACKENDS: readonly BackendName[] = ["tfjs-node-gpu", "webgpu"];

/** Builds of our own WebAssembly kernels. */
const SIMD_BUILDS = ["relaxed", "plain"] as const;

/** Options of `openTensors`. */
export interface OpenTensorsOptions {
  /**
   * Backends to try first, in this order; `"wasm"` and `"cpu"` follow if they are not named.
   * `"gpu"` stands for `"tfjs-node-gpu"` and `"webgpu"`.
   * `"wasm+onednn"` is wasm whose convolutions and matrix products oneDNN computes.
   * @default {["tfjs-node-gpu", "tfjs-node", "webgpu", "wasm+onednn", "wasm", "cpu"]}
   */
  readonly prefer?: BackendWish | readonly BackendWish[];
  /**
   * Part of the description of the GPU adapter to use, e.g. `"llvmpipe"`. A software adapter is
   * chosen only when it is named so.
   * @default {undefined} any adapter that is not software
   */
  readonly adapter?: string;
  /**
   * The only backend that will do: an error instead of a fall back. `"gpu"` is any that computes on
   * a real GPU; a software adapter will not do there, not even a named one. @default {undefined}
   */
  readonly require?: BackendWish;
  /**
   * Which SIMD instructions the kernels of `"wasm"` use.
   * @default {undefined} relaxed ones where the runtime has them
   */
  readonly simd?: "relaxed" | "plain";
  /** Where `"wasm+onednn"` finds oneDNN, and how many threads it computes with. */
  readonly onednn?: OnednnOptions;
}

/** One line of the report: a finding, or its fate after the choice. */
export interface BackendFinding {
  /** The candidate. */
  readonly name: BackendName;
  /** What became of it. */
  readonly status: "chosen" | "ok" | "refused" | "absent" | "not tried";
  /** Why, in a sentence. */
  readonly reason: string;
}

/** The part of a report that follows from the findings alone. */
export interface BackendChoice {
  readonly asked: BackendName[];
  readonly found: BackendFinding[];
  /** Undefined when nothing that was asked for is usable. */
  readonly chosen: BackendName | undefined;
  readonly why: string;
}

/**
 * The backends to try, best first.
 *
 * @throws {TypeError} for an unknown option or backend name, or when `prefer` and `require` meet
 */
export function askedBackends(options: OpenTensorsOptions = {}): BackendName[] {
  checkOptions("openTensors", options, ["prefer", "adapter", "require", "simd", "onednn"]);
  const { prefer, adapter, require, simd } = options;
  if (adapter !== undefined && (typeof adapter !== "string" || adapter.trim() === "")) {
    throw new TypeError(
      `openTensors: adapter must be part of a GPU adapter's description, found ` +
        `${JSON.stringify(adapter)}. Give a word such as "llvmpipe", or leave it out`,
    );
  }
  if (simd !== undefined && !SIMD_BUILDS.includes(simd)) {
    throw new TypeError(unknownName("openTensors", "simd", String(simd), SIMD_BUILDS));
  }
  checkOnednn(options.onednn);
  if (require !== undefined) {
    if (prefer !== undefined) {
      throw new TypeError(
        "openTensors: found both prefer and require. Give require to insist, or prefer to fall back",
      );
    }
    return backendsOf(require);
  }
  if (prefer === undefined) return [...BACKENDS];
  const named = (Array.isArray(prefer) ? prefer : [prefer]).flatMap(backendsOf);
  return [...new Set<BackendName>([...named, "wasm", "cpu"])];
}

function checkOnednn(options: OnednnOptions | undefined): void {
  checkOptions("openTensors: onednn", options, ["library", "threads"]);
  const { library, threads } = options ?? {};
  if (library !== undefined && (typeof library !== "string" || library === "")) {
    throw new TypeError(
      `openTensors: onednn.library must be the path of oneDNN's library, found ` +
        `${JSON.stringify(library)}. Leave it out to find the one of the system`,
    );
  }
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 1024)) {
    throw new RangeError(
      `openTensors: onednn.threads must be a whole number from 1 to 1024, found ${threads}`,
    );
  }
}

function backendsOf(wish: unknown): BackendName[] {
  if (wish === "gpu") return [...GPU_BACKENDS];
  const known = BACKENDS.find((backend) => backend === wish);
  if (known === undefined) {
    const names = [...BACKENDS, "gpu"];
    throw new TypeError(unknownName("openTensors", "backend", String(wish), names));
  }
  return [known];
}

/**
 * Chooses the first asked backend that was proved. A backend without a finding was not tried,
 * which is right only behind the chosen one.
 */
export function selectBackend(
  asked: readonly BackendName[],
  findings: Readonly<Partial<Record<BackendName, Finding>>>,
): BackendChoice {
  const chosen = asked.find((name) => findings[name]?.status === "ok");
  const found = asked.map((name): BackendFinding => {
    const finding = findings[name];
    if (finding === undefined) {
      return { name, status: "not tried", reason: `${chosen ?? "nothing"} was chosen before it` };
    }
    return { name, status: name === chosen ? "chosen" : finding.status, reason: finding.reason };
  });
  return { asked: [...asked], found, chosen, why: reasonFor(found, chosen) };
}

function reasonFor(found: readonly BackendFinding[], chosen: BackendName | undefined): string {
  const passed = found
    .slice(0, chosen === undefined ? undefined : found.findIndex((line) => line.name === chosen))
    .map(({ name, status, reason }) => `${name} ${status}: ${reason}`).join("; ");
  if (chosen === undefined) return passed;
  const proof = found.find((line) => line.name === chosen)?.reason;
  return passed === "" ? `${chosen} is first and ${proof}` : `${passed}; ${chosen} ${proof}`;
}
