import { delimiter } from "node:path";
import { PLACEBO_VARIABLES } from "../compatibility/placebo_variables.ts";
import { found, type Probe } from "../probe.ts";
import type { EnvironmentSources } from "./environment_sources.ts";

/**
 * All environment variables that are read besides PATH. They steer runtimes, kernels and GPUs; none
 * is known to hold a secret, and it must stay so.
 */
const VARIABLES: readonly string[] = [
  "CONDA_PREFIX",
  "CUDA_CACHE_PATH",
  "CUDA_VISIBLE_DEVICES",
  "DENO_DIR",
  "DISPLAY",
  "HOME",
  "JUPYTER_CONFIG_DIR",
  "JUPYTER_DATA_DIR",
  "JUPYTER_PATH",
  "JUPYTER_PREFER_ENV_PATH",
  "JUPYTER_RUNTIME_DIR",
  "LANG",
  "LC_ALL",
  "LC_NUMERIC",
  "LD_LIBRARY_PATH",
  "LD_PRELOAD",
  "NODE_OPTIONS",
  "NODE_PATH",
  "NVIDIA_VISIBLE_DEVICES",
  "OMP_NUM_THREADS",
  "QSIGHT_DATA",
  "QSIGHT_ONEDNN",
  "STREAMLIT_SERVER_FILE_WATCHER_TYPE",
  "TF_CPP_MIN_LOG_LEVEL",
  "TF_FORCE_GPU_ALLOW_GROWTH",
  "TZ",
  "VIRTUAL_ENV",
  "VK_DRIVER_FILES",
  "VK_ICD_FILENAMES",
  // Those that do nothing: whoever sets them should hear of it.
  ...PLACEBO_VARIABLES.map(({ name }) => name),
];

type Source = Pick<EnvironmentSources, "variable">;

/** The variables of the list that are set. */
export function probeVariables({ variable }: Source): Probe<Readonly<Record<string, string>>> {
  const set = VARIABLES.flatMap((name) => {
    const value = variable(name);
    return value === undefined ? [] : [[name, value]];
  });
  return found(Object.fromEntries(set), `${set.length} of ${VARIABLES.length} that are looked at`);
}

/** Folders of PATH in order, as they stand there, twice where they stand there twice. */
export function probePath({ variable }: Source): Probe<readonly string[]> {
  const folders = (variable("PATH") ?? "").split(delimiter).filter((folder) => folder !== "");
  return found(folders, folders.length === 0 ? "PATH is empty" : "PATH");
}
