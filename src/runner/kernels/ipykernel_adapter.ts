import type { KernelAdapter } from "./kernel_adapter.ts";
import { parentRouter } from "./output_router.ts";

/**
 * `python -m ipykernel_launcher` without the debugger, which nobody can attach here, but which takes
 * a quarter of the kernel's start. Only IPython's own import of it is turned down: a cell may import
 * debugpy as ever. As in the launcher, nothing is imported from the working folder meanwhile.
 */
const LAUNCHER = [
  'import sys; here = sys.path[0] == "" and sys.path.pop(0)',
  'sys.modules["debugpy"] = None',
  "try: import ipykernel.debugger",
  "except Exception: pass",
  'del sys.modules["debugpy"]',
  "import runpy",
  'if here == "": sys.path.insert(0, here)',
  'runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)',
].join("\n");

/** IPython's kernel. */
export const ipykernelAdapter: KernelAdapter = {
  launch: ({ argv }) => ({
    // It writes each cell into an SQLite file otherwise, which takes longer than the cell.
    argv: [...withoutDebugger(argv), "--HistoryManager.hist_file=:memory:"],
    transport: "ipc",
  }),
  interruptMode: ({ interruptMode }) => interruptMode,
  mayAlwaysAsk: false,
  errorsFirst: false,
  errorsOnStderr: false,
  createRouter: () => parentRouter(),
};

function withoutDebugger(argv: readonly string[]): readonly string[] {
  const at = argv.findIndex((part, i) => part === "-m" && argv[i + 1] === "ipykernel_launcher");
  return at < 0 ? argv : [...argv.slice(0, at), "-c", LAUNCHER, ...argv.slice(at + 2)];
}
