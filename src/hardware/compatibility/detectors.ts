import { inVersionRange } from "./version_range.ts";

/** What a detector is told of a machine. */
export interface InstalledFacts {
  /** Installed packages and their versions; Python's with `python:` before the name. */
  readonly packages: Readonly<Record<string, string>>;
  /** What executes the code. */
  readonly runtime: { readonly name: string; readonly version: string };
  /** Operating system and processor family as `node:os` names them; the C library where known. */
  readonly platform: {
    readonly os: string;
    readonly arch: string;
    readonly libc?: "glibc" | "musl";
  };
  /** Environment variables, where they may be read. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** What a detector found, and why. */
export interface Detection {
  readonly matched: boolean;
  /** What was found that matches, or what keeps it from matching. */
  readonly reason: string;
}

/** Tells from versions and platform alone whether a row holds. Reads nothing. */
export type Detector = (facts: InstalledFacts) => Detection;

type Ranges = Readonly<Record<string, string>>;

const matched = (reason: string): Detection => ({ matched: true, reason });
const clear = (reason: string): Detection => ({ matched: false, reason });

/** A version that cannot be read is in no range: a guess would accuse the wrong package. */
function within(version: string, range: string): boolean {
  try {
    return inVersionRange(version, range);
  } catch {
    return false;
  }
}

/** All of some packages in their ranges, under a runtime in its range where one is given. */
function versions(packages: Ranges, runtimes?: Ranges): Detector {
  return ({ packages: installed, runtime }) => {
    const found: string[] = [];
    for (const [name, range] of Object.entries(packages)) {
      const version = installed[name];
      if (version === undefined) return clear(`${name} is not installed`);
      if (!within(version, range)) return clear(`${name} is ${version}, not ${range}`);
      found.push(`${name} ${version}`);
    }
    if (runtimes !== undefined) {
      const range = runtimes[runtime.name];
      if (range === undefined) return clear(`this is ${runtime.name}`);
      if (!within(runtime.version, range)) {
        return clear(`${runtime.name} is ${runtime.version}, not ${range}`);
      }
      found.push(`${runtime.name} ${runtime.version}`);
    }
    return matched(`found ${found.join(" with ")}`);
  };
}

/** The first of several that matches. */
function anyOf(...detectors: readonly Detector[]): Detector {
  return (facts) => {
    const all = detectors.map((detect) => detect(facts));
    return all.find((detection) => detection.matched) ??
      clear(all.map(({ reason }) => reason).join("; "));
  };
}

/** Both of two. */
function bothOf(first: Detector, second: Detector): Detector {
  return (facts) => {
    const one = first(facts);
    if (!one.matched) return one;
    const two = second(facts);
    return two.matched ? matched(`${one.reason}; ${two.reason}`) : two;
  };
}

/** A package that ought to be there and is not. */
function lacks(name: string): Detector {
  return ({ packages }) =>
    packages[name] === undefined
      ? matched(`${name} is not installed`)
      : clear(`${name} ${packages[name]} is installed`);
}

/** The same of packages whose names fit a pattern. */
function lacksAny(pattern: RegExp, what: string): Detector {
  return ({ packages }) => {
    const name = Object.keys(packages).find((installed) => pattern.test(installed));
    return name === undefined ? matched(`${what} is not installed`) : clear(`${name} is installed`);
  };
}

/** A variable that is set, to a value that fits where a pattern is given. */
function variable(name: string, pattern = /[^]*/): Detector {
  return ({ variables = {} }) => {
    const value = variables[name];
    if (value === undefined) return clear(`${name} is not set`);
    return pattern.test(value)
      ? matched(`${name} is set to "${value}"`)
      : clear(`${name} is "${value}"`);
  };
}

const platform = (test: (facts: InstalledFacts["platform"]) => boolean): Detector => (facts) => {
  const { os, arch, libc } = facts.platform;
  const name = [os, arch, libc].filter((part) => part !== undefined).join("-");
  return test(facts.platform) ? matched(`this is ${name}`) : clear(`this is ${name}`);
};

const NATIVE = ["@tensorflow/tfjs-node", "@tensorflow/tfjs-node-gpu"];
const native = (runtimes?: Ranges): Detector =>
  anyOf(...NATIVE.map((name) => versions({ [name]: "*" }, runtimes)));

const BACKENDS = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm"];

/** Parts of TensorFlow.js in different versions make two copies of its core. */
const mixedTensorFlow: Detector = ({ packages }) => {
  const whole = packages["@tensorflow/tfjs"];
  if (whole === undefined) return clear("@tensorflow/tfjs is not installed");
  const other = [...BACKENDS, "@tensorflow/tfjs-backend-webgpu", ...NATIVE]
    .find((name) => packages[name] !== undefined && packages[name] !== whole);
  return other === undefined
    ? clear(`all parts of TensorFlow.js are ${whole}`)
    : matched(`found @tensorflow/tfjs ${whole} with ${other} ${packages[other]}`);
};

/** The watcher is off when the variable that Streamlit really reads says so. */
const watchedTorch: Detector = bothOf(
  versions({ "python:torch": "*", "python:streamlit": "*" }),
  ({ variables = {} }) =>
    variables.STREAMLIT_SERVER_FILE_WATCHER_TYPE === "none"
      ? clear("STREAMLIT_SERVER_FILE_WATCHER_TYPE is none")
      : matched("STREAMLIT_SERVER_FILE_WATCHER_TYPE is not none"),
);

/** Names of all detectors. */
export type DetectorId =
  | "tensorflow_parts_differ"
  | "relaxed_simd_refused"
  | "native_tensorflow_without_util"
  | "native_tensorflow_on_musl"
  | "gpu_tensorflow_without_gpu"
  | "aer_placebo"
  | "aer_twice"
  | "aer_gpu_behind_qiskit"
  | "deno_kernel_before_rewrite"
  | "deno_kernel_1_40_3"
  | "tslab_without_node_types"
  | "tslab_without_require_of_modules"
  | "polars_skipped_by_npm"
  | "polars_refused_by_deno"
  | "zeromq_on_old_deno"
  | "webgpu_on_old_deno"
  | "streamlit_watches_torch"
  | "streamlit_placebo"
  | "mlflow_file_store"
  | "wandb_of_airplanes";

/** All detectors by their names. */
export const DETECTORS: Readonly<Record<DetectorId, Detector>> = {
  tensorflow_parts_differ: mixedTensorFlow,
  relaxed_simd_refused: versions({ "@tensorflow/tfjs": "*" }, { node: "<21" }),
  native_tensorflow_without_util: native({ node: ">=23", deno: ">=2" }),
  native_tensorflow_on_musl: bothOf(native(), platform(({ libc }) => libc === "musl")),
  gpu_tensorflow_without_gpu: bothOf(
    versions({ "@tensorflow/tfjs-node-gpu": "*" }),
    platform(({ os, arch }) => os === "darwin" || (os === "linux" && arch !== "x64")),
  ),
  aer_placebo: anyOf(variable("QISKIT_AER_CUDA"), variable("QISKIT_AER_CUDA_MAJOR")),
  aer_twice: versions({ "python:qiskit-aer": "*", "python:qiskit-aer-gpu": "*" }),
  aer_gpu_behind_qiskit: versions({
    "python:qiskit": ">=2.0.0",
    "python:qiskit-aer-gpu": "<0.17.0",
  }),
  deno_kernel_before_rewrite: versions({}, { deno: "<2.9.1" }),
  deno_kernel_1_40_3: versions({}, { deno: "=1.40.3" }),
  tslab_without_node_types: bothOf(versions({ "tslab": "*" }), lacks("@types/node")),
  tslab_without_require_of_modules: versions(
    { "tslab": "*" },
    { node: "<20.19.0 || >=21.0.0 <22.12.0" },
  ),
  polars_skipped_by_npm: bothOf(
    versions({ "nodejs-polars": ">=0.25.0" }, { node: "<22" }),
    lacksAny(/^nodejs-polars-/, "a native part of nodejs-polars"),
  ),
  polars_refused_by_deno: versions(
    { "nodejs-polars": "0.24.0 || >=0.26.0 <=0.26.1" },
    { deno: "*" },
  ),
  zeromq_on_old_deno: versions({ "zeromq": ">=6.0.0" }, { deno: "<2.8.2" }),
  webgpu_on_old_deno: versions({ "@tensorflow/tfjs-backend-webgpu": "*" }, { deno: "<2.2.0" }),
  streamlit_watches_torch: watchedTorch,
  streamlit_placebo: variable("STREAMLIT_SERVER_ENABLE_FILE_WATCHER"),
  mlflow_file_store: bothOf(
    versions({ "python:mlflow": ">=3.13.0" }),
    variable("MLFLOW_TRACKING_URI", /^(?:file:|\.{0,2}\/)/),
  ),
  wandb_of_airplanes: versions({ "wandb": "*" }),
};
