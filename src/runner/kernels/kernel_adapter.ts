import type { KernelSpec } from "./kernel_spec.ts";
import type { OutputRouter } from "./output_router.ts";

/** How a kernel's process is started. */
export interface KernelLaunch {
  readonly argv: readonly string[];
  /** Unix sockets need no ports, but not every kernel listens on them. @default {"tcp"} */
  readonly transport?: "tcp" | "ipc";
  /** JavaScript that a kernel on Node loads before its own. */
  readonly preload?: string;
}

/** What must be known of one kind of kernel beyond the Jupyter protocol: all quirks in one place. */
export interface KernelAdapter {
  /** The command and the transport that suit it. */
  launch(spec: KernelSpec): KernelLaunch;
  /** SIGINT, or a message on the control channel. */
  interruptMode(spec: KernelSpec): "signal" | "message";
  /** Without permission to ask, a prompt returns null in silence instead of raising an error. */
  readonly mayAlwaysAsk: boolean;
  /** An error may overtake what was printed before it. */
  readonly errorsFirst: boolean;
  /** An error comes as text on stderr; neither reply nor iopub says what it was. */
  readonly errorsOnStderr: boolean;
  /** Says which cell each message belongs to; one for each kernel. */
  createRouter(options: { readonly maxOutputBytes: number }): OutputRouter;
}
