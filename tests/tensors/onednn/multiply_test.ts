import assert from "node:assert/strict";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { assertClose, type Compute, normals, valuesOn } from "../_on_backends.ts";
import { NO_ONEDNN } from "./_onednn.ts";

async function assertSame(what: string, compute: Compute): Promise<void> {
  const [wanted, found] = [await valuesOn("cpu", compute), await valuesOn("wasm+onednn", compute)];
  found.forEach((values, i) => assertClose(values, wanted[i], `${what}, result ${i}`, 1e-5));
}

testOrSkip(
  "matrix products by oneDNN equal cpu, transposed and in batches",
  NO_ONEDNN,
  async () => {
    for (const batch of [[], [1], [3], [2, 3]]) {
      for (const [transposeA, transposeB] of [[false, false], [true, false], [false, true]]) {
        const a = [...batch, ...transposeA ? [41, 37] : [37, 41]];
        const b = [...batch, ...transposeB ? [35, 41] : [41, 35]];
        await assertSame(`${a} x ${b}`, (tf) => [
          tf.matMul(
            tf.tensor(normals(a, "a"), a),
            tf.tensor(normals(b, "b"), b),
            transposeA,
            transposeB,
          ),
        ]);
      }
    }
  },
);

testOrSkip("dense layers by oneDNN equal cpu", NO_ONEDNN, async () => {
  for (const activation of ["linear", "relu", "relu6", "sigmoid"] as const) {
    await assertSame(`dense ${activation}`, (tf) => {
      const a = tf.tensor2d(normals([32, 60], "a"), [32, 60]);
      const b = tf.tensor2d(normals([60, 40], "b"), [60, 40]);
      return [tf.fused.matMul({ a, b, bias: tf.tensor1d(normals([40], "c")), activation })];
    });
  }
  const { report } = await openTensors({ require: "wasm+onednn" });
  const reasons = report.fallbacks.map(({ kernel, reason }) => `${kernel}: ${reason}`);
  assert.deepEqual(reasons, ["_FusedMatMul: the activation sigmoid is not fused"]);
});

testOrSkip("weights that are assigned anew are the ones that count", NO_ONEDNN, async () => {
  const { tf } = await openTensors({ require: "wasm+onednn" });
  const b = tf.variable(tf.ones([64, 64]));
  const product = () => tf.tidy(() => tf.matMul(tf.ones([32, 64]), b).dataSync()[0]);
  assert.equal(product(), 64);
  b.assign(tf.tidy(() => tf.fill([64, 64], 2)));
  assert.equal(product(), 128);
  b.dispose();
});
