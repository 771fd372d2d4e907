import type { OnednnOptions } from "./onednn/find_onednn.ts";
import type { KernelFallback } from "./onednn/native_session.ts";
import type { Finding } from "./finding.ts";

/** A finding and, for `"ok"`, what the report says about the device. */
export interface ActivatedBackend extends Finding {
  readonly device?: string;
  readonly versions?: Record<string, string>;
  /** Grows while kernels are left to another backend. */
  readonly fallbacks?: readonly KernelFallback[];
}

/** How a backend was asked for. */
export interface ActivateOptions {
  /** Part of the description of the wanted GPU adapter. */
  readonly adapter?: string;
  /** Whether the caller named a backend or an adapter, so that a probe may cost time. */
  readonly explicit: boolean;
  /** Whether only a real GPU will do. @default {false} */
  readonly realGpu?: boolean;
  /** Which build of the wasm kernels; undefined is the best that the runtime accepts. */
  readonly simd?: "relaxed" | "plain";
  /** Where oneDNN is, and how it is to work. */
  readonly onednn?: OnednnOptions;
}
