// The harness of the evidence, on rows that are made up: what it says of them must be so.
import assert from "node:assert/strict";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeededRandom } from "../src/_internal/seeded_random.ts";
import { type DataSplits, fromArrays, kFold } from "../src/data/mod.ts";
import { configurationNamed, CONFIGURATIONS } from "../bench/retinamnist/configurations.ts";
import { packed, unpacked } from "../bench/retinamnist/packed.ts";
import { pcaSoftmax } from "../bench/retinamnist/pca_softmax.ts";
import { appendRow, loadRows, recipeOf } from "../bench/retinamnist/rows.ts";
import { foldOf } from "../bench/retinamnist/run_trainings.ts";
import { doesItHelp, isNotBelow, whatItAdds } from "../bench/retinamnist/sentences.ts";
import { tableText } from "../bench/retinamnist/show_table.ts";
import { tabulate } from "../bench/retinamnist/tabulate.ts";
import type { TrainedRow } from "../bench/retinamnist/train_one.ts";

const CLASSES = 5, FOLDS = 5;

function task(): DataSplits {
  const random = new SeededRandom(1), count = 150;
  const labels = Array.from({ length: count }, (_, i) => i % CLASSES);
  const data = new Uint8Array(count * 4 * 4 * 3).map((_, i) =>
    20 * labels[Math.floor(i / 48)] + random.integer(40)
  );
  return fromArrays({ images: { data, shape: [count, 4, 4, 3] }, labels }, { seed: 1 });
}

/** Right in a share of the images; without certainty otherwise. */
function answers(labels: Int32Array, share: number, seed: number): string {
  const random = new SeededRandom(seed);
  return packed(Float32Array.from(
    Array.from(labels).flatMap((label) => {
      const said = random.next() < share ? label : random.integer(CLASSES);
      return Array.from({ length: CLASSES }, (_, c) => c === said ? 0.6 : 0.1);
    }),
  ));
}

function rowsOf(name: string, data: DataSplits, share: number): TrainedRow[] {
  const { answer } = configurationNamed(name);
  return [0, 1].flatMap((seed) =>
    kFold(data.train.labels, { folds: FOLDS, seed }).map((_, fold): TrainedRow => {
      const { val } = foldOf(data, { seed, fold, folds: FOLDS });
      return {
        ...{ configuration: name, protocol: "cv", seed, fold, recipe: "x", images: 1, epochs: 1 },
        seconds: 10 + fold,
        parameters: { classical: 7, quantum: 3 },
        answers: { val: { [answer]: answers(val.labels, share, 10 * seed + fold) } },
        curve: [],
      };
    })
  );
}

Deno.test("tabulate() puts folds together image by image, and compares with the control", () => {
  const data = task();
  const rows = [...rowsOf("hybrid-4", data, 1), ...rowsOf("hybrid-4-matched", data, 0.3)];
  const { lines, comparisons } = tabulate(rows, { data, folds: FOLDS, samples: 100 });
  const [right] = lines.filter(({ name, rule }) => name === "hybrid-4" && rule === "argmax");
  // Any mistake in the order of the images would cost accuracy.
  assert.deepEqual([right.figures.accuracy.mean, right.figures.macroAuc.mean], [1, 1]);
  assert.deepEqual([right.seeds, right.seconds, right.images], [2, 12, data.train.count]);
  assert.equal(right.confusion!.flat().reduce((a, b) => a + b), data.train.count);
  const rules = lines.filter(({ name }) => name === "hybrid-4").map(({ rule }) => rule);
  assert.deepEqual(rules, ["argmax", "thresholds"]);
  const [accuracy] = comparisons;
  assert.deepEqual([accuracy.name, accuracy.control], ["hybrid-4", "hybrid-4-matched"]);
  assert.ok(accuracy.interval[0] > 0.3 && accuracy.difference < 0.7);
  assert.match(whatItAdds(comparisons, "hybrid-4"), /accuracy and .*: the interval excludes zero/);
  assert.match(
    doesItHelp(comparisons, "hybrid-4")!,
    /2 fold seeds\) .*: accuracy \+0\.\d+ \(95 % interval .*; the interval of accuracy and .* excludes/,
  );
  assert.equal(isNotBelow(comparisons, "hybrid-4"), true);
  assert.match(tableText({ lines, comparisons }), /\| hybrid-4 +\| cv +\| ensemble +\| argmax/);
  const turned = tabulate(
    [...rowsOf("hybrid-4", data, 0.3), ...rowsOf("hybrid-4-matched", data, 1)],
    { data, folds: FOLDS, samples: 100 },
  );
  assert.equal(isNotBelow(turned.comparisons, "hybrid-4"), false);
});

Deno.test("a seed of which a fold is missing counts for nothing", () => {
  const data = task();
  const rows = rowsOf("classical", data, 1).filter(({ seed, fold }) => seed === 0 || fold > 0);
  const { lines } = tabulate(rows, { data, folds: FOLDS, samples: 20 });
  assert.ok(lines.length > 0 && lines.every(({ seeds }) => seeds === 1));
  assert.match(whatItAdds([], "hybrid-4"), /Nothing can be said/);
  assert.equal(doesItHelp([], "hybrid-4"), undefined);
});

Deno.test("folds are cut inside the training split: no image of val or test is in them", () => {
  const data = task();
  const fold = foldOf({ ...data, test: data.val }, { seed: 0, fold: 2, folds: FOLDS });
  const known = new Set(data.train.ids);
  assert.ok([...fold.train.ids, ...fold.val.ids].every((id) => known.has(id)));
  assert.equal(fold.train.count + fold.val.count, data.train.count);
  assert.equal("test" in fold, false);
});

Deno.test("rows outlive a kill in the middle of a line, and another recipe is another row", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rows-"));
  try {
    const file = join(folder, "rows.jsonl"), [first, second] = rowsOf("classical", task(), 1);
    assert.deepEqual(await loadRows(file), []);
    await appendRow(file, first);
    await appendFile(file, JSON.stringify(second).slice(0, 40));
    assert.deepEqual(await loadRows(file), [first]);
    await appendRow(file, second);
    assert.deepEqual(await loadRows(file), [first, second]);
    await writeFile(file, `{"half\n${JSON.stringify(first)}\n`);
    await assert.rejects(loadRows(file), /line 1 is no JSON/);
  } finally {
    await rm(folder, { recursive: true });
  }
  const recipes = CONFIGURATIONS.map((one) => recipeOf(one, { fingerprint: "f" }));
  assert.equal(new Set(recipes).size, CONFIGURATIONS.length);
  const of = (options: { fingerprint: string; epochs?: number }) =>
    recipeOf(configurationNamed("classical"), options);
  assert.notEqual(of({ fingerprint: "f" }), of({ fingerprint: "g" }));
  assert.notEqual(of({ fingerprint: "f" }), of({ fingerprint: "f", epochs: 1 }));
});

Deno.test("packed() keeps probabilities to 1/131070", () => {
  const values = Float32Array.of(0, 1, 0.123456, 0.9999);
  unpacked(packed(values)).forEach((value, i) => {
    assert.ok(Math.abs(value - values[i]) <= 1 / 131070 + 1e-7);
  });
});

Deno.test("pcaSoftmax() learns brightness from one component", () => {
  const { train, val } = task();
  const [p] = pcaSoftmax(train, { components: 1, score: [val] });
  let right = 0;
  for (let i = 0; i < val.count; i++) {
    const row = p.subarray(i * CLASSES, (i + 1) * CLASSES);
    assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-5);
    if (row.indexOf(Math.max(...row)) === val.labels[i]) right++;
  }
  assert.ok(right / val.count > 0.7, `${right} of ${val.count}`);
});
