import assert from "node:assert/strict";
import { ordinalLogits } from "../../src/model/ordinal_logits.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { type Scalar, type Tensor2D, tfjs } from "../../src/tensors/tf.ts";
import type { LossName } from "../../src/training/loss_names.ts";
import { lossNamed, type LossOptions, meanLoss } from "../../src/training/losses.ts";
import { softmaxRows } from "../../src/training/softmax_rows.ts";
import { assertGradient } from "./_finite_differences.ts";

const LOGITS = Float32Array.of(2, 0.5, -1, 0, 0, 3, -2, 1, 1);
const LABELS = [0, 2, 1];
const COUNTS = [50, 5, 20];

const CASES: readonly (readonly [LossName, LossOptions])[] = [
  ["cross_entropy", {}],
  ["cross_entropy", { labelSmoothing: 0.1 }],
  ["cross_entropy", { classWeights: [0.5, 2, 0.5] }],
  ["class_balanced", { classCounts: COUNTS }],
  ["class_balanced", { classCounts: COUNTS, labelSmoothing: 0.1 }],
  ["focal_class_balanced", { classCounts: COUNTS }],
  ["focal_class_balanced", { classWeights: [1, 1, 1], gamma: 1.5 }],
  ["focal_class_balanced", { classWeights: [1, 1, 1], gamma: 0 }],
  ["squared_emd", {}],
  ["squared_emd", { classWeights: [0.5, 2, 0.5] }],
  ["corn", {}],
  ["corn", { classWeights: [0.5, 2, 0.5] }],
];

function oneHot(labels: readonly number[], classes: number): Tensor2D {
  return tfjs().oneHot(tfjs().tensor1d([...labels], "int32"), classes).cast("float32") as Tensor2D;
}

/** Value and gradient of a loss at some logits. */
function at(
  loss: (logits: Tensor2D, y: Tensor2D) => Scalar,
  logits: ArrayLike<number>,
  labels: readonly number[],
): { value: number; gradient: number[] } {
  const tf = tfjs();
  return tf.tidy(() => {
    const classes = logits.length / labels.length;
    const y = oneHot(labels, classes);
    const x = tf.tensor2d(Float32Array.from(logits), [labels.length, classes]);
    const { value, grad } = tf.valueAndGrad((x) => loss(x as Tensor2D, y))(x);
    return { value: value.dataSync()[0], gradient: Array.from(grad.dataSync()) };
  });
}

/** The weights that a loss works with, for its form in plain numbers. */
function weightsOf(options: LossOptions): readonly number[] | undefined {
  if (options.classWeights !== undefined || options.classCounts === undefined) {
    return options.classWeights;
  }
  const raw = options.classCounts.map((n) => (1 - 0.999) / (1 - 0.999 ** n));
  return raw.map((x) => x * raw.length / raw.reduce((a, b) => a + b));
}

for (const [name, options] of CASES) {
  const { classCounts: _, ...others } = options;
  const title = `${name} ${JSON.stringify(options)}`;

  Deno.test(`${title} is the same on tensors and on plain numbers`, async () => {
    for (const backend of ["cpu", "wasm"] as const) {
      await openTensors({ require: backend });
      const onTensors = at(lossNamed(name, options), LOGITS, LABELS).value;
      const probabilities = softmaxRows(LOGITS, 3);
      const classWeights = weightsOf(options);
      const plain = meanLoss(name, LABELS, { ...others, probabilities, classes: 3, classWeights });
      assert.ok(Math.abs(onTensors - plain) < 1e-6, `${backend}: ${onTensors} and ${plain}`);
    }
  });

  Deno.test(`${title} has the gradient that finite differences say`, async () => {
    await openTensors({ require: "cpu" });
    const loss = lossNamed(name, options);
    const y = oneHot(LABELS, 3);
    assertGradient(name, (x) => loss(x, y), { logits: LOGITS, columns: 3 });
  });

  Deno.test(`${title} stays a number for extreme logits`, async () => {
    for (const backend of ["cpu", "wasm"] as const) {
      await openTensors({ require: backend });
      for (const size of [50, 1e4, 1e30]) {
        for (const logits of [[size, 0, -size], [-size, 0, size], [0, size, 0], [size, size, -1]]) {
          for (const label of [0, 1, 2]) {
            const { value, gradient } = at(lossNamed(name, options), logits, [label]);
            const all = [value, ...gradient];
            assert.ok(all.every(Number.isFinite), `${backend} ${logits} ${label}: ${all}`);
          }
        }
      }
    }
  });
}

Deno.test("cross_entropy and squared_emd are bit for bit what they were before there were weights", async () => {
  const before: Record<string, (logits: Tensor2D, y: Tensor2D) => Scalar> = {
    cross_entropy: (logits, y) => tfjs().logSoftmax(logits).mul(y).sum(1).mean().neg() as Scalar,
    squared_emd: (logits, y) => {
      const triangle = tfjs().tensor2d(
        [0, 1, 2, 3, 4].map((i) => [0, 1, 2, 3, 4].map((j) => +(i <= j))),
      );
      return tfjs().softmax(logits).sub(y).matMul(triangle).square().sum(1).mean() as Scalar;
    },
  };
  for (const backend of ["cpu", "wasm"] as const) {
    await openTensors({ require: backend });
    for (let seed = 0; seed < 20; seed++) {
      const rows = 2 + seed;
      const logits = tfjs().randomNormal([rows, 5], 0, 3, "float32", seed).dataSync();
      const labels = Array.from({ length: rows }, (_, i) => (i * 7 + seed) % 5);
      for (const [name, old] of Object.entries(before)) {
        const found = at(lossNamed(name as LossName), logits, labels);
        assert.deepEqual(found, at(old, logits, labels), `${name} on ${backend}`);
      }
    }
  }
});

Deno.test("losses of hand-made probabilities", () => {
  const probabilities = [0.5, 0.25, 0.25];
  const value = (name: LossName, label: number) =>
    meanLoss(name, [label], { probabilities, classes: 3 });
  assert.equal(value("cross_entropy", 0), Math.log(2));
  assert.equal(value("class_balanced", 1), Math.log(4));
  assert.equal(value("focal_class_balanced", 0), 0.25 * Math.log(2));
  // Cumulative 0.5, 0.75, 1 against 1, 1, 1 and against 0, 0, 1.
  assert.equal(value("squared_emd", 0), 0.25 + 0.0625);
  assert.equal(value("squared_emd", 2), 0.25 + 0.5625);
  // Above 0: 1/2; above 1, given at least 1: 1/2. Grade 0 is one task, the others are two.
  assert.equal(value("corn", 0), Math.log(2));
  assert.equal(value("corn", 1), Math.log(4) / 2);
  assert.equal(value("corn", 2), Math.log(4) / 2);
});

Deno.test("losses of hand-made logits", async () => {
  await openTensors({ require: "cpu" });
  const even = [0, 0, Math.log(2)]; // probabilities 1/4, 1/4, 1/2
  const value = (name: LossName, options: LossOptions, label: number) =>
    at(lossNamed(name, options), even, [label]).value;
  const close = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 1e-6);
  close(value("cross_entropy", {}, 0), Math.log(4));
  close(value("cross_entropy", { labelSmoothing: 0.3 }, 2), 0.8 * Math.log(2) + 0.2 * Math.log(4));
  close(value("cross_entropy", { classWeights: [3, 1, 1] }, 0), 3 * Math.log(4));
  // One image counts 1, many count 1000: mean 1 makes of 1 and 0.001 almost 2 and 0.002.
  const balanced = { classCounts: [1, 1_000_000, 1_000_000] };
  close(value("class_balanced", balanced, 0), Math.log(4) * 3 / 1.002);
  close(value("focal_class_balanced", { classWeights: [1, 1, 1] }, 0), 0.5625 * Math.log(4));
  close(value("focal_class_balanced", { classWeights: [1, 1, 2] }, 2), 2 * 0.25 * Math.log(2));
  close(value("corn", {}, 2), Math.log(2) / 2);
});

Deno.test("a weighted loss of a batch is the mean of the losses of its images", async () => {
  await openTensors({ require: "cpu" });
  const loss = lossNamed("class_balanced", { classCounts: COUNTS });
  const single = LABELS.map((label, i) => at(loss, LOGITS.slice(3 * i, 3 * i + 3), [label]).value);
  const mean = single.reduce((a, b) => a + b) / 3;
  assert.ok(Math.abs(at(loss, LOGITS, LABELS).value - mean) < 1e-6);
});

Deno.test("focal_class_balanced with gamma 0 is class_balanced, and lessens easy images otherwise", async () => {
  await openTensors({ require: "cpu" });
  const value = (name: LossName, options: LossOptions) =>
    at(lossNamed(name, { classCounts: COUNTS, ...options }), [4, 0, 0], [0]).value;
  assert.equal(value("focal_class_balanced", { gamma: 0 }), value("class_balanced", {}));
  assert.ok(value("focal_class_balanced", {}) < 0.01 * value("class_balanced", {}));
});

Deno.test("labelSmoothing is for the cross-entropies: the other losses do not see it", async () => {
  await openTensors({ require: "cpu" });
  const probabilities = softmaxRows(LOGITS, 3);
  for (const name of ["focal_class_balanced", "squared_emd", "corn"] as const) {
    const both = [0, 0.2].map((labelSmoothing) => [
      at(lossNamed(name, { classCounts: COUNTS, labelSmoothing }), LOGITS, LABELS).value,
      meanLoss(name, LABELS, { probabilities, classes: 3, labelSmoothing }),
    ]);
    assert.deepEqual(both[0], both[1], name);
  }
});

Deno.test("squared_emd knows the order of grades: a farther miss costs more", () => {
  const cost = (guess: number) =>
    meanLoss("squared_emd", [0], {
      probabilities: [0, 1, 2, 3].map((c) => c === guess ? 1 : 0),
      classes: 4,
    });
  assert.deepEqual([0, 1, 2, 3].map(cost), [0, 1, 2, 3]);
});

/** The loss as it was published: binary cross-entropies of the tasks, over the number of tasks. */
function publishedCorn(tasks: readonly (readonly number[])[], labels: readonly number[]): number {
  let total = 0, count = 0;
  labels.forEach((label, i) =>
    tasks[i].forEach((logit, k) => {
      if (label < k) return;
      total += Math.log1p(Math.exp(label > k ? -logit : logit));
      count++;
    })
  );
  return total / count;
}

Deno.test("corn behind ordinalLogits() is the published loss of the K - 1 tasks", async () => {
  await openTensors({ require: "cpu" });
  const tasks = [[1.5, -0.5, 2], [-1, 0.3, 0.7], [0.2, 0.4, -3], [2, 2, 2]];
  const labels = [0, 1, 3, 2];
  const loss = lossNamed("corn");
  const y = oneHot(labels, 4);
  const found = loss(ordinalLogits(tfjs().tensor2d(tasks)), y).dataSync()[0];
  assert.ok(Math.abs(found - publishedCorn(tasks, labels)) < 1e-6);
  const logits = Float32Array.from(tasks.flat());
  assertGradient("corn", (x) => loss(ordinalLogits(x), y), { logits, columns: 3 });
});

Deno.test("lossNamed() refuses what makes no sense, and says what would", () => {
  assert.throws(() => lossNamed("cross_entrpy" as never), /Did you mean "cross_entropy"/);
  assert.throws(
    () => lossNamed("class_balanced"),
    /without classCounts.*classCounts\(data\.train\)/s,
  );
  assert.throws(() => lossNamed("class_balanced", { classCounts: [0, 0] }), /no images/);
  assert.throws(
    () => lossNamed("focal_class_balanced", { classCounts: [1, 2], gamma: 0.5 }),
    /gamma/,
  );
  assert.throws(() => lossNamed("corn", { smoothing: 1 } as never), /unknown option "smoothing"/);
});

Deno.test("lossNamed() refuses weights for another number of classes", async () => {
  await openTensors({ require: "cpu" });
  const loss = lossNamed("cross_entropy", { classWeights: [1, 1] });
  assert.throws(() => at(loss, LOGITS, LABELS), /2 class weights for 3 classes/);
});
