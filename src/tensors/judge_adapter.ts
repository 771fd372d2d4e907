// The decision alone, as in select_backend.ts: no effects.
import { isSoftwareAdapter, SOFTWARE_ADAPTER } from "../hardware/software_adapter.ts";
import type { Finding } from "./finding.ts";

/** What a GPU adapter says about itself. */
export interface AdapterFacts {
  readonly description: string;
  readonly vendor: string;
  readonly isFallbackAdapter: boolean;
}

/** Which adapter will do. */
export interface WantedAdapter {
  /** Part of its description. @default {undefined} any that is not software */
  readonly adapter?: string;
  /** Whether it must be a real GPU even if a software adapter is named. @default {false} */
  readonly realGpu?: boolean;
}

/**
 * Whether an adapter may be used. Software adapters compute the right numbers but slower than
 * wasm, so they are refused unless they are named.
 */
export function judgeAdapter(
  adapter: AdapterFacts,
  { adapter: wanted, realGpu = false }: WantedAdapter = {},
): Finding {
  const name = adapter.description || adapter.vendor || "unnamed adapter";
  if (wanted !== undefined && !name.toLowerCase().includes(wanted.toLowerCase())) {
    return { status: "absent", reason: `no GPU adapter named "${wanted}", only "${name}"` };
  }
  const software = isSoftwareAdapter({ info: adapter });
  if (software && realGpu) {
    const reason = `adapter "${name}" is software, and a GPU is required; ` +
      `require "webgpu" to compute on it`;
    return { status: "refused", reason };
  }
  if (wanted !== undefined) return { status: "ok", reason: `adapter "${name}" was named` };
  if (software) {
    const word = SOFTWARE_ADAPTER.exec(name)?.[0] ?? name;
    return {
      status: "refused",
      reason: `adapter "${name}" is software, slower than wasm; ` +
        `openTensors({ adapter: "${word}" }) uses it all the same`,
    };
  }
  return { status: "ok", reason: `adapter "${name}"` };
}
