// deno task bench:retinamnist [--data FILE] [--seeds 5] [--fold-seeds 3] [--only NAME]… [--rows FILE]
//   [--table] [--test] [--json] [--quick]
// The evidence: what a quantum head adds on RetinaMNIST, against matched controls. Each finished
// training is a line of the file of rows, so that a bench of hours goes on where it was stopped.
import { rename, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadData } from "../src/data/mod.ts";
import { openTensors } from "../src/tensors/mod.ts";
import { configurationNamed, CONFIGURATIONS } from "./retinamnist/configurations.ts";
import { loadRows, recipeOf } from "./retinamnist/rows.ts";
import { runTrainings } from "./retinamnist/run_trainings.ts";
import { tableText } from "./retinamnist/show_table.ts";
import { type Line, tabulate } from "./retinamnist/tabulate.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    /** Trainings on the whole training split, scored on val and, with `--test`, on test. */
    seeds: { type: "string", default: "5" },
    /** Seeds of the folds of cross-validation. */
    "fold-seeds": { type: "string", default: "3" },
    only: { type: "string", multiple: true },
    rows: { type: "string" },
    /** Train nothing, show what there is. */
    table: { type: "boolean", default: false },
    test: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
  },
});

const here = Deno.env.get("INIT_CWD") ?? Deno.cwd();
const inside = (path: string) => new URL(path, import.meta.url).pathname;
const dataFolder = Deno.env.get("QSIGHT_DATA") ?? inside("../../shared/data");
const file = resolve(here, values.data ?? resolve(dataFolder, "retinamnist-trainval.npz"));
const { quick } = values;
const rowsFile = values.rows !== undefined
  ? resolve(here, values.rows)
  : quick
  ? `${await Deno.makeTempDir()}/rows.jsonl`
  : inside("./retinamnist/rows.jsonl");

const data = await loadData(file);
if (values.test && data.test === undefined) {
  console.error(`${file} has no test split; leave --test out`);
  Deno.exit(4);
}
const count = (text: string) => Array.from({ length: Number(text) }, (_, i) => i);
const names = values.only ??
  (quick ? ["classical", "hybrid-4", "hybrid-4-matched", "pca-4"] : undefined) ??
  CONFIGURATIONS.map(({ name }) => name);
const epochs = quick ? 1 : undefined, folds = quick ? 2 : 5;
if (!values.table) {
  await openTensors({ prefer: "wasm" });
  await runTrainings({
    ...{ data, names, folds, test: values.test, file: rowsFile, epochs },
    foldSeeds: count(quick ? "1" : values["fold-seeds"]),
    seeds: count(quick ? "1" : values.seeds),
    log: (line) => console.error(line),
  });
}
const rows = (await loadRows(rowsFile)).filter((row) => {
  const recipe = recipeOf(configurationNamed(row.configuration), {
    ...{ fingerprint: data.fingerprint, epochs },
  });
  return row.recipe === recipe && names.includes(row.configuration);
});
const found = tabulate(rows, { data, folds, samples: quick ? 50 : 1000 });
if (!quick && values.rows === undefined && values.only === undefined) await keep();
if (values.json) {
  const schema = "qsight.bench/1", { lines, comparisons } = found;
  console.log(JSON.stringify({ schema, rows: lines.map(benchRow), lines, comparisons }, null, 2));
} else console.log(tableText(found));

/** What the notebook and the released model read, whole or not at all. */
async function keep(): Promise<void> {
  const path = inside("./retinamnist/results.json");
  const curves = rows.filter(({ protocol, seed }) => protocol === "cv" && seed === 0)
    .map(({ configuration, fold, curve }) => ({ configuration, fold, curve }));
  const text = JSON.stringify({ fingerprint: data.fingerprint, ...found, curves });
  await writeFile(`${path}.part`, `${text}\n`);
  await rename(`${path}.part`, path);
}

/** The form of the other benchmarks: seconds of a training against those of the classical model. */
function benchRow(line: Line) {
  const classical = found.lines.find(({ name }) => name === "classical");
  const against = classical?.seconds ?? line.seconds;
  return {
    name: `training step of ${line.name}, ${line.on}, ${line.answer}, ${line.rule}`,
    n: line.images,
    batch: 64,
    median: 1000 * line.seconds,
    against: "classical",
    againstMedian: 1000 * against,
    ratio: line.seconds / against,
    rounds: line.seeds,
  };
}
