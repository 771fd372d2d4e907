import { DenoRouter } from "./deno_router.ts";
import type { KernelAdapter } from "./kernel_adapter.ts";

/** The Deno kernel: late outputs (see deno_prelude.ts), and SIGINT ends it. */
export const denoAdapter: KernelAdapter = {
  launch: ({ argv }) => ({ argv }),
  // Its own kernel.json does not say so.
  interruptMode: () => "message",
  mayAlwaysAsk: true,
  errorsFirst: true,
  errorsOnStderr: false,
  createRouter: (options) => new DenoRouter(options),
};
