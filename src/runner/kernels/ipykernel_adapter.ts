import type { KernelAdapter } from "./kernel_adapter.ts";
import { parentRouter } from "./output_router.ts";

/**
 * `python -m ipykernel_launcher` without the debugger, which nobody can attach here, but which takes
 * a quarter of the kernel's start. Only IPython's own import of it is turned down: a cell may import
 * debugpy as ever. As in the launcher, nothing is imported from the working folder meanwhile.
 *
 * ZeroMQ drops what is published while a thousand messages wait for a slow reader, in silence, unless
 * the socket is told to keep them all before it listens.
 */
const LAUNCHER = [
  'import sys; here = sys.path[0] == "" and sys.path.pop(0)',
  'sys.modules["debugpy"] = None',
  "try: import ipykernel.debugger",
  "except Exception: pass",
  'del sys.modules["debugpy"]',
  "def keep_all(init_iopub):",
  "  def init(self, context):",
  "    context.sockopts[zmq.SNDHWM] = 0",
  "    try: return init_iopub(self, context)",
  "    finally: del context.sockopts[zmq.SNDHWM]",
  "  return init",
  "try:",
  "  import zmq; from ipykernel.kernelapp import IPKernelApp",
  "  IPKernelApp.init_iopub = keep_all(IPKernelApp.init_iopub)",
  "except Exception: pass",
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
