// deno task release:retinamnist [--data FILE]: trains the released model on the training split and
// writes trained_model/retinamnist-hybrid/, whole or not at all.
import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadData } from "../../src/data/mod.ts";
import { fitTemperature, summarizePredictions } from "../../src/metrics/mod.ts";
import { calibrateModel, saveHybridModel } from "../../src/model/mod.ts";
import { openRun } from "../../src/runs/mod.ts";
import { openTensors } from "../../src/tensors/mod.ts";
import { configurationNamed } from "./configurations.ts";
import { modelCard } from "./model_card.ts";
import { unpacked } from "./packed.ts";
import { loadRows, recipeOf } from "./rows.ts";
import { outOfFold, tabulate } from "./tabulate.ts";
import { trainOne } from "./train_one.ts";

const NAME = "retinamnist-hybrid", SEED = 0, FOLDS = 5;
const inside = (path: string) => new URL(path, import.meta.url).pathname;
const { values } = parseArgs({
  options: { data: { type: "string" }, epochs: { type: "string" }, out: { type: "string" } },
});
const here = Deno.env.get("INIT_CWD") ?? Deno.cwd();
const dataFolder = Deno.env.get("QSIGHT_DATA") ?? inside("../../../shared/data");
const data = await loadData(
  resolve(here, values.data ?? join(dataFolder, "retinamnist-trainval.npz")),
);
const { report: backend } = await openTensors({ prefer: "wasm" });
const configuration = configurationNamed("hybrid-4");
const { fingerprint, classes } = data;
const recipe = recipeOf(configuration, { fingerprint });
const place = { protocol: "whole", seed: SEED, fold: 0 } as const;
const epochs = values.epochs === undefined ? undefined : Number(values.epochs);
const trained = await trainOne(configuration, { data, place, recipe, epochs });

const isCurrent = (row: { configuration: string; recipe: string }) =>
  row.recipe === recipeOf(configurationNamed(row.configuration), { fingerprint });
const rows = (await loadRows(inside("./rows.jsonl"))).filter(({ configuration, ...row }) =>
  configuration.startsWith("hybrid-4") && isCurrent({ configuration, ...row })
);
const options = { data, folds: FOLDS, samples: 1000 };
const table = tabulate(rows, options);
const [seen] = outOfFold(rows, { name: "hybrid-4", output: "ensemble" }, options).values();
const temperature = seen === undefined
  ? null
  : fitTemperature(data.train.labels, seen.probabilities, { classes: classes.length }).value;
const model = temperature === null
  ? trained.model
  : calibrateModel(trained.model, { ensemble: temperature });
const val = summarizePredictions(data.val.labels, unpacked(trained.row.answers.val.ensemble), {
  ...{ classes: classes.length, seed: SEED },
});

const root = await mkdtemp(join(tmpdir(), "release-"));
try {
  const config = { configuration: "hybrid-4", ...configuration, seed: SEED };
  const run = await openRun({ root, seed: SEED, config: JSON.parse(JSON.stringify(config)) });
  await saveHybridModel(model, join(run.folder, "model"), { synthetic: data.synthetic });
  await run.save(
    "README.md",
    modelCard({ val, temperature, ...table, parameters: trained.row.parameters }),
  );
  const { count, accuracy, balancedAccuracy, quadraticWeightedKappa, macroAuc } = val;
  await run.finish({
    kind: "model",
    backend,
    data: {
      name: data.train.name,
      fingerprint,
      classes,
      train: data.train.count,
      val: data.val.count,
    },
    metrics: { ensemble: { count, accuracy, balancedAccuracy, quadraticWeightedKappa, macroAuc } },
    parameters: trained.row.parameters,
    crossValidation: table,
  });
  await release(run.folder);
} finally {
  await rm(root, { recursive: true });
}

/** Under its own name, without what says something of the machine that made it. */
async function release(folder: string): Promise<void> {
  const path = join(folder, "manifest.json");
  const manifest = JSON.parse(await readFile(path, "utf8"));
  await writeFile(
    path,
    JSON.stringify({ ...manifest, id: NAME, name: NAME, hardware: null, git: null }, null, 2) +
      "\n",
  );
  const target = values.out === undefined
    ? inside(`../../trained_model/${NAME}`)
    : resolve(here, values.out);
  await cp(folder, `${target}.part`, { recursive: true });
  await rm(target, { recursive: true, force: true });
  await rename(`${target}.part`, target);
  console.log(
    `${target}: accuracy ${val.accuracy.value!.toFixed(3)} on ${data.val.count} validation images`,
  );
}
