// deno task bench:retinamnist [--data FILE] [--seeds 5] [--only NAME]… [--test] [--json] [--quick]
// The evidence: what a quantum head adds on RetinaMNIST, against matched controls.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadData } from "../src/data/mod.ts";
import { openTensors } from "../src/tensors/mod.ts";
import { CONFIGURATIONS } from "./retinamnist/configurations.ts";
import { runTrainings } from "./retinamnist/run_trainings.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    seeds: { type: "string", default: "5" },
    "fold-seeds": { type: "string", default: "3" },
    only: { type: "string", multiple: true },
    rows: { type: "string" },
    test: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
  },
});
const here = Deno.env.get("INIT_CWD") ?? Deno.cwd();
const folder = Deno.env.get("QSIGHT_DATA") ??
  new URL("../../shared/data", import.meta.url).pathname;
const file = resolve(here, values.data ?? resolve(folder, "retinamnist-trainval.npz"));
await openTensors({ prefer: "wasm" });
const data = await loadData(file);
const rowsFile = values.rows === undefined
  ? new URL("./retinamnist/rows.jsonl", import.meta.url).pathname
  : resolve(here, values.rows);
await runTrainings({
  data,
  names: values.only ?? CONFIGURATIONS.map(({ name }) => name),
  foldSeeds: Array.from({ length: Number(values["fold-seeds"]) }, (_, i) => i),
  seeds: Array.from({ length: Number(values.seeds) }, (_, i) => i),
  folds: 5,
  test: values.test,
  file: rowsFile,
  log: (line) => console.error(line),
});
