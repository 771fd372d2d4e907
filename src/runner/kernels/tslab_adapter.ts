import type { KernelAdapter } from "./kernel_adapter.ts";
import { parentRouter } from "./output_router.ts";
import { SEND_IN_TURN } from "./tslab_preload.ts";

/** The tslab kernels: errors are printed, and requests soon after one are answered with "abort". */
export const tslabAdapter: KernelAdapter = {
  launch: ({ argv }) => ({
    argv,
    preload: SEND_IN_TURN,
  }),
  // It does not know the interrupt message.
  interruptMode: () => "signal",
  mayAlwaysAsk: false,
  errorsFirst: false,
  errorsOnStderr: true,
  createRouter: () => parentRouter(),
};
