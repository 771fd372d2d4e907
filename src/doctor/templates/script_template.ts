import { join } from "node:path";
import { readText } from "./read_text.ts";
import type { PlannedFile, TemplateContext } from "./template.ts";

/** Starts Jupyter so that kernels are found and can be interrupted. */
const SCRIPT = `#!/bin/sh
# Starts Jupyter for this project: ./start_jupyter.sh, or ./start_jupyter.sh lab --no-browser
# Kernels are looked for in share/jupyter of this folder first; nothing is installed for others.
set -eu
cd "$(dirname "$0")"
JUPYTER_PATH="$PWD/share/jupyter\${JUPYTER_PATH:+:$JUPYTER_PATH}"
export JUPYTER_PATH
# WebGPU on Linux asks for a folder of the user's own, which containers do not have.
if [ -z "\${XDG_RUNTIME_DIR:-}" ]; then
  XDG_RUNTIME_DIR=$(mktemp -d)
  export XDG_RUNTIME_DIR
fi
# Cards newer than CUDA 11.2 compile at the first start; keep what they compiled:
# export CUDA_CACHE_PATH="$PWD/.cuda_cache"
if [ "$#" -eq 0 ]; then set -- notebook; fi
# What a script starts with & ignores SIGINT, and so would its kernels: the stop button did nothing.
if env --default-signal=INT true 2>/dev/null; then
  exec env --default-signal=INT jupyter "$@"
fi
exec jupyter "$@"
`;

/** A script that starts Jupyter with the environment that kernels need. */
export async function planScript({ folder }: TemplateContext): Promise<readonly PlannedFile[]> {
  const path = join(folder, "start_jupyter.sh");
  const file = { template: "start_script", path, executable: true } as const;
  const text = await readText(path);
  if (text === undefined) return [{ ...file, content: SCRIPT, action: "write", drift: [] }];
  const drift = text === SCRIPT ? [] : ["differs from the template"];
  return [{ ...file, content: undefined, action: "keep", drift }];
}
