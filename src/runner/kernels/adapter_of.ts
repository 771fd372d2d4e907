import { denoAdapter } from "./deno_adapter.ts";
import { ipykernelAdapter } from "./ipykernel_adapter.ts";
import type { KernelAdapter } from "./kernel_adapter.ts";
import { parentRouter } from "./output_router.ts";
import { tslabAdapter } from "./tslab_adapter.ts";

const plainAdapter: KernelAdapter = {
  launch: ({ argv }) => ({ argv }),
  interruptMode: ({ interruptMode }) => interruptMode,
  mayAlwaysAsk: false,
  errorsFirst: false,
  errorsOnStderr: false,
  createRouter: () => parentRouter(),
};

/** By the command line, or by what a kernel that somebody else has started says of itself. */
export function adapterOf({ argv, implementation = "" }: {
  readonly argv: readonly string[];
  /** `kernel_info_reply.implementation`, such as "ipython". @default {""} */
  readonly implementation?: string;
}): KernelAdapter {
  const isDeno = argv.includes("jupyter") && argv.includes("--kernel") && argv.includes("--conn");
  if (isDeno || implementation.startsWith("Deno")) return denoAdapter;
  const isTslab = argv.some((part) => /\btslab\b/.test(part));
  if (isTslab || /^(?:ts|js)lab$/.test(implementation)) return tslabAdapter;
  if (argv.some((part) => part.startsWith("ipykernel"))) return ipykernelAdapter;
  return plainAdapter;
}
