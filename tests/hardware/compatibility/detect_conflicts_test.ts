import assert from "node:assert/strict";
import { COMPATIBILITY_MATRIX } from "../../../src/hardware/compatibility/compatibility_matrix.ts";
import {
  detectConflicts,
  detectRow,
} from "../../../src/hardware/compatibility/detect_conflicts.ts";
import {
  type DetectorId,
  DETECTORS,
  type InstalledFacts,
} from "../../../src/hardware/compatibility/detectors.ts";
import { setPlacebos } from "../../../src/hardware/compatibility/placebo_variables.ts";

/** This project on a machine where all is well. */
const WELL: InstalledFacts = {
  packages: {
    "@tensorflow/tfjs": "4.22.0",
    "@tensorflow/tfjs-backend-wasm": "4.22.0",
    "@tensorflow/tfjs-backend-webgpu": "4.22.0",
    "@types/node": "20.19.43",
    "linkedom": "0.18.12",
    "nodejs-polars": "0.24.1",
    "tslab": "1.0.22",
    "zeromq": "6.8.0",
  },
  runtime: { name: "deno", version: "2.9.6" },
  platform: { os: "linux", arch: "x64", libc: "glibc" },
  variables: { PATH: "/usr/bin" },
};

interface Change {
  readonly packages?: Readonly<Record<string, string | undefined>>;
  readonly runtime?: readonly [name: string, version: string];
  readonly platform?: Partial<InstalledFacts["platform"]>;
  readonly variables?: Readonly<Record<string, string>>;
}

function changed({ packages, runtime, platform, variables }: Change): InstalledFacts {
  const all = Object.entries({ ...WELL.packages, ...packages });
  return {
    packages: Object.fromEntries(all.filter((entry): entry is [string, string] => !!entry[1])),
    runtime: runtime ? { name: runtime[0], version: runtime[1] } : WELL.runtime,
    platform: { ...WELL.platform, ...platform },
    variables: { ...WELL.variables, ...variables },
  };
}

const NODE_20 = ["node", "20.20.2"] as const;
const TFJS_NODE = { "@tensorflow/tfjs-node": "4.22.0" };
const TFJS_GPU = { "@tensorflow/tfjs-node-gpu": "4.22.0" };
const TORCH = { "python:torch": "2.7.1+cu126", "python:streamlit": "1.45.1" };
const AER = { "python:qiskit-aer": "0.15.1", "python:qiskit-aer-gpu": "0.15.1" };

/** For each detector what makes it say yes, and what is nearly that and makes it say no. */
const CASES: Readonly<Record<DetectorId, readonly [yes: Change, no: Change]>> = {
  tensorflow_parts_differ: [
    { packages: { "@tensorflow/tfjs-backend-wasm": "4.21.0" } },
    { packages: { "@tensorflow/tfjs-node": "4.22.0" } },
  ],
  relaxed_simd_refused: [{ runtime: NODE_20 }, { runtime: ["node", "21.0.0"] }],
  native_tensorflow_without_util: [
    { packages: TFJS_NODE, runtime: ["node", "24.1.0"] },
    { packages: TFJS_NODE, runtime: ["node", "22.20.0"] },
  ],
  native_tensorflow_on_musl: [
    { packages: TFJS_NODE, platform: { libc: "musl" } },
    { platform: { libc: "musl" } },
  ],
  gpu_tensorflow_without_gpu: [
    { packages: TFJS_GPU, platform: { arch: "arm64" } },
    { packages: TFJS_GPU, platform: { os: "linux", arch: "x64" } },
  ],
  aer_placebo: [{ variables: { QISKIT_AER_CUDA: "1" } }, { variables: { AER_MULTI_GPU: "1" } }],
  aer_twice: [{ packages: AER }, { packages: { "python:qiskit-aer-gpu": "0.15.1" } }],
  aer_gpu_behind_qiskit: [
    { packages: { "python:qiskit": "2.0.0", "python:qiskit-aer-gpu": "0.15.1" } },
    { packages: { "python:qiskit": "2.0.0rc1", "python:qiskit-aer-gpu": "0.15.1" } },
  ],
  deno_kernel_before_rewrite: [{ runtime: ["deno", "2.9.0"] }, { runtime: ["deno", "2.9.1"] }],
  deno_kernel_1_40_3: [{ runtime: ["deno", "1.40.3"] }, { runtime: ["deno", "1.40.4"] }],
  tslab_without_node_types: [
    { packages: { "@types/node": undefined } },
    { packages: { "@types/node": undefined, tslab: undefined } },
  ],
  tslab_without_require_of_modules: [
    { runtime: ["node", "22.11.0"] },
    { runtime: ["node", "20.19.0"] },
  ],
  polars_skipped_by_npm: [
    { packages: { "nodejs-polars": "0.26.1" }, runtime: NODE_20 },
    {
      packages: { "nodejs-polars": "0.26.1", "nodejs-polars-linux-x64-gnu": "0.26.1" },
      runtime: NODE_20,
    },
  ],
  polars_refused_by_deno: [
    { packages: { "nodejs-polars": "0.26.1" } },
    { packages: { "nodejs-polars": "0.25.2" } },
  ],
  zeromq_on_old_deno: [{ runtime: ["deno", "2.8.1"] }, { runtime: ["deno", "2.8.2"] }],
  webgpu_on_old_deno: [{ runtime: ["deno", "2.1.10"] }, { runtime: ["deno", "2.2.0"] }],
  streamlit_watches_torch: [
    { packages: TORCH },
    { packages: TORCH, variables: { STREAMLIT_SERVER_FILE_WATCHER_TYPE: "none" } },
  ],
  streamlit_placebo: [
    { packages: TORCH, variables: { STREAMLIT_SERVER_ENABLE_FILE_WATCHER: "false" } },
    { packages: TORCH, variables: { STREAMLIT_SERVER_FILE_WATCHER_TYPE: "none" } },
  ],
  mlflow_file_store: [
    { packages: { "python:mlflow": "3.13.0" }, variables: { MLFLOW_TRACKING_URI: "./mlruns" } },
    { packages: { "python:mlflow": "3.13.0" }, variables: { MLFLOW_TRACKING_URI: "sqlite:///m" } },
  ],
  wandb_of_airplanes: [{ packages: { wandb: "0.1.0" } }, { packages: { "@wandb/sdk": "0.5.1" } }],
};

Deno.test("detectConflicts() finds nothing on a machine where all is well", () => {
  assert.deepEqual(detectConflicts(WELL), []);
});

for (const [id, [yes, no]] of Object.entries(CASES)) {
  Deno.test(`the detector ${id} tells its row from what is nearly that`, () => {
    const detect = DETECTORS[id as DetectorId];
    const found = detect(changed(yes));
    assert.deepEqual(found.matched, true, found.reason);
    const not = detect(changed(no));
    assert.deepEqual(not.matched, false, not.reason);
    for (const reason of [found.reason, not.reason]) assert.match(reason, /\w+ \w+/);
    const row = COMPATIBILITY_MATRIX.find(({ detector }) => detector === id);
    assert.ok(detectConflicts(changed(yes)).some((conflict) => conflict.row === row));
  });
}

Deno.test("detectConflicts() says what it found", () => {
  const [conflict] = detectConflicts(changed({
    packages: { "nodejs-polars": "0.26.1" },
    runtime: ["node", "20.20.2"],
  })).filter(({ row }) => row.id === "QC501");
  assert.match(conflict.reason, /nodejs-polars 0\.26\.1 with node 20\.20\.2/);
});

Deno.test("detectConflicts() is pure, and knows nothing of an empty or an odd machine", () => {
  const nothing = {
    packages: {},
    runtime: { name: "other", version: "unknown" },
    platform: { os: "", arch: "" },
  };
  assert.deepEqual(detectConflicts(Object.freeze(nothing)), []);
  assert.deepEqual(detectConflicts(changed({ packages: { "nodejs-polars": "workspace" } })), []);
});

Deno.test("detectRow() says of a row without a detector that nothing tells", () => {
  const row = COMPATIBILITY_MATRIX.find(({ detector }) => detector === undefined);
  assert.ok(row);
  assert.deepEqual(detectRow(row, WELL), {
    matched: false,
    reason: "versions and platform do not tell",
  });
});

Deno.test("setPlacebos() names the variables that are set and that nothing reads", () => {
  const set = { QISKIT_AER_CUDA: "", STREAMLIT_SERVER_ENABLE_FILE_WATCHER: "false", HOME: "/" };
  assert.deepEqual(setPlacebos(set).map(({ name }) => name), [
    "QISKIT_AER_CUDA",
    "STREAMLIT_SERVER_ENABLE_FILE_WATCHER",
  ]);
  assert.deepEqual(setPlacebos({ STREAMLIT_SERVER_FILE_WATCHER_TYPE: "none" }), []);
});
