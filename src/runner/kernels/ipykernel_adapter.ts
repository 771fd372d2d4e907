import type { KernelAdapter } from "./kernel_adapter.ts";
import { parentRouter } from "./output_router.ts";

/** IPython's kernel. */
export const ipykernelAdapter: KernelAdapter = {
  launch: ({ argv }) => ({
    // It writes each cell into an SQLite file otherwise, which takes longer than the cell.
    argv: [...argv, "--HistoryManager.hist_file=:memory:"],
    transport: "ipc",
  }),
  interruptMode: ({ interruptMode }) => interruptMode,
  mayAlwaysAsk: false,
  errorsFirst: false,
  errorsOnStderr: false,
  createRouter: () => parentRouter(),
};
