import assert from "node:assert/strict";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { type Scalar, type Tensor2D, tfjs } from "../../src/tensors/tf.ts";
import { distillation, entropyFloor } from "../../src/training/quantum_losses.ts";
import { softmaxRows } from "../../src/training/softmax_rows.ts";
import { assertGradient } from "./_finite_differences.ts";
import { distillationOf, entropyFloorOf } from "./_quantum_losses.ts";

const STUDENT = Float32Array.of(2, 0.5, -1, 0, 0, 3);
const TEACHER = Float32Array.of(0, 1, 0, 2, -1, 1);

const rows = (values: Float32Array) => tfjs().tensor2d(values, [values.length / 3, 3]);

function assertNear(found: number, wanted: number, tolerance = 1e-6): void {
  assert.ok(Math.abs(found - wanted) < tolerance, `found ${found}, wanted ${wanted}`);
}

Deno.test("entropyFloor() is weight times what is missing, 0 above the target", async () => {
  await openTensors({ require: "cpu" });
  // 1/2, 1/4, 1/4: 1.5 bits.
  const logits = rows(Float32Array.of(Math.log(2), 0, 0));
  const entropy = 1.5 * Math.LN2;
  assertNear(entropyFloor(logits, { weight: 3, target: 1.05 }).dataSync()[0], 3 * (1.05 - entropy));
  assertNear(
    entropyFloorOf([0.5, 0.25, 0.25], { classes: 3, weight: 3, target: 1.05 }),
    3 * (1.05 - entropy),
  );
  assert.equal(entropyFloor(logits, { weight: 3, target: 1 }).dataSync()[0], 0);
  assert.equal(entropyFloor(logits, { target: 1.09 }).dataSync()[0], 0);
});

Deno.test("entropyFloor() looks at the mean over the batch, on tensors and on numbers alike", async () => {
  for (const backend of ["cpu", "wasm"] as const) {
    await openTensors({ require: backend });
    const options = { weight: 0.5, target: 1.09 };
    const found = entropyFloor(rows(STUDENT), options).dataSync()[0];
    const wanted = entropyFloorOf(softmaxRows(STUDENT, 3), { classes: 3, ...options });
    assert.ok(found > 0.05);
    assertNear(found, wanted);
  }
});

Deno.test("entropyFloor() pushes towards even answers, with the right gradient", async () => {
  await openTensors({ require: "cpu" });
  const term = (x: Tensor2D) => entropyFloor(x, { weight: 0.7, target: 1.09 });
  assertGradient("entropyFloor", term, { logits: STUDENT, columns: 3 });
  const gradient = tfjs().grad((x) => term(x as Tensor2D))(rows(Float32Array.of(2, 0, 0)));
  const [high, low] = gradient.dataSync();
  assert.ok(high > 0 && low < 0);
});

Deno.test("distillation() is the divergence from the teacher, times T squared", async () => {
  await openTensors({ require: "cpu" });
  const student = rows(Float32Array.of(0, 0, 0));
  // At temperature 2 the teacher says 1/2, 1/4, 1/4.
  const teacher = rows(Float32Array.of(2 * Math.LN2, 0, 0));
  const options = { weight: 0.5, temperature: 2 };
  const wanted = 0.5 * 4 * (Math.log(3) - 1.5 * Math.LN2);
  assertNear(distillation({ student, teacher }, options).dataSync()[0], wanted);
  const plain = { student: [1 / 3, 1 / 3, 1 / 3], teacher: [4 / 6, 1 / 6, 1 / 6] };
  assertNear(distillationOf(plain, { classes: 3, ...options }), wanted);
  assertNear(distillation({ student, teacher: student }, options).dataSync()[0], 0);
  assert.equal(distillation({ student, teacher }).dataSync()[0], 0);
});

Deno.test("distillation() is the same on tensors and on plain numbers", async () => {
  for (const backend of ["cpu", "wasm"] as const) {
    await openTensors({ require: backend });
    const found = distillation({ student: rows(STUDENT), teacher: rows(TEACHER) }, { weight: 1 });
    const plain = { student: softmaxRows(STUDENT, 3), teacher: softmaxRows(TEACHER, 3) };
    assertNear(found.dataSync()[0], distillationOf(plain, { classes: 3, weight: 1 }));
  }
});

Deno.test("distillation() moves the student and never the teacher", async () => {
  await openTensors({ require: "cpu" });
  const tf = tfjs();
  const term = (student: Tensor2D) =>
    distillation({ student, teacher: rows(TEACHER) }, { weight: 1 });
  assertGradient("distillation", term, { logits: STUDENT, columns: 3 });
  const gradients = tf.grads((student, teacher) =>
    distillation({ student: student as Tensor2D, teacher: teacher as Tensor2D }, {
      weight: 1,
    }) as Scalar
  );
  const [student, teacher] = gradients([rows(STUDENT), rows(TEACHER)]);
  assert.ok(student.dataSync().some((x) => Math.abs(x) > 0.01));
  assert.deepEqual([...teacher.dataSync()], [0, 0, 0, 0, 0, 0]);
});

Deno.test("terms of the quantum head stay numbers for extreme logits, and leave no tensors", async () => {
  for (const backend of ["cpu", "wasm"] as const) {
    const { tf } = await openTensors({ require: backend });
    for (const size of [50, 1e4, 1e30]) {
      const student = rows(Float32Array.of(size, 0, -size)),
        teacher = rows(Float32Array.of(-size, 0, 1));
      const before = tf.memory().numTensors;
      const results = [
        ...["value", "grad"].flatMap((key) => {
          const found = tf.valueAndGrad((x) =>
            entropyFloor(x as Tensor2D, { weight: 1, target: 1 })
          )(student);
          return [found[key as "value" | "grad"]];
        }),
        tf.grad((x) => distillation({ student: x as Tensor2D, teacher }, { weight: 1 }))(student),
      ];
      for (const result of results) assert.ok(result.dataSync().every(Number.isFinite), `${size}`);
      tf.dispose(results);
      // valueAndGrad ran twice and gave two tensors each time.
      assert.equal(tf.memory().numTensors, before + 2);
    }
  }
  const certain = { student: [1, 0, 0], teacher: [0, 0, 1] };
  assert.ok(Number.isFinite(distillationOf(certain, { classes: 3, weight: 1 })));
  assert.equal(entropyFloorOf([1, 0, 0], { classes: 3, weight: 1, target: 1 }), 1);
});

Deno.test("terms of the quantum head refuse numbers that make no sense", async () => {
  await openTensors({ require: "cpu" });
  const student = rows(STUDENT);
  assert.throws(
    () => entropyFloor(student, { weight: 1, target: 1.2 }),
    /wanted 0 to ln\(3\) = 1.099/,
  );
  assert.throws(() => entropyFloor(student, { weight: -1, target: 1 }), /weight must be 0 or more/);
  assert.throws(() => entropyFloor(student, { target: NaN }), RangeError);
  assert.throws(
    () => distillation({ student, teacher: student }, { temperature: 0 }),
    /temperature/,
  );
  assert.throws(() => distillation({ student, teacher: student }, { weight: NaN }), /weight/);
  assert.throws(
    () => distillation({ student, teacher: student }, { temprature: 1 } as never),
    TypeError,
  );
});
