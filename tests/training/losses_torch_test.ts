import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ordinalLogits } from "../../src/model/ordinal_logits.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { type Scalar, type Tensor2D, tfjs } from "../../src/tensors/tf.ts";
import { lossNamed } from "../../src/training/losses.ts";
import { distillation, entropyFloor } from "../../src/training/quantum_losses.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { missingTorch } from "../model/encoders/_torch.ts";
import { assertClose, normals } from "../tensors/_on_backends.ts";

const ROWS = 12, CLASSES = 5;

testOrSkip("losses and their gradients are those of PyTorch", await missingTorch(), async () => {
  const logits = normals([ROWS, CLASSES], 1).map((x) => 2 * x);
  const teacher = normals([ROWS, CLASSES], 2);
  const labels = Array.from({ length: ROWS }, (_, i) => (i * 3) % CLASSES);
  const weights = [0.2, 1.1, 0.4, 2, 1.3], target = 1.5, temperature = 1.5;
  const nested = (values: Float32Array) =>
    Array.from({ length: ROWS }, (_, i) => [...values.slice(i * CLASSES, (i + 1) * CLASSES)]);
  const request = {
    logits: nested(logits),
    teacher: nested(teacher),
    labels,
    weights,
    target,
    temperature,
  };
  const script = fileURLToPath(new URL("_losses.py", import.meta.url));
  const ran = spawnSync("/usr/bin/python3", [script], {
    input: JSON.stringify(request),
    encoding: "utf8",
  });
  assert.equal(ran.status, 0, ran.stderr);
  const wanted = JSON.parse(ran.stdout) as Record<string, { value: number; gradient: number[] }>;

  const { tf } = await openTensors({ prefer: "wasm" });
  const y = tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES).cast("float32") as Tensor2D;
  const teaching = tf.tensor2d(teacher, [ROWS, CLASSES]);
  const tasks = (x: Tensor2D) => x.slice([0, 0], [-1, CLASSES - 1]) as Tensor2D;
  const ours: Record<string, (x: Tensor2D) => Scalar> = {
    cross_entropy: (x) => lossNamed("cross_entropy")(x, y),
    smoothed: (x) => lossNamed("cross_entropy", { labelSmoothing: 0.1 })(x, y),
    class_balanced: (x) => lossNamed("class_balanced", { classWeights: weights })(x, y),
    focal_class_balanced: (x) => lossNamed("focal_class_balanced", { classWeights: weights })(x, y),
    squared_emd: (x) => lossNamed("squared_emd")(x, y),
    corn: (x) => lossNamed("corn")(ordinalLogits(tasks(x)), y),
    entropy_floor: (x) => entropyFloor(x, { weight: 1, target }),
    distillation: (x) =>
      distillation({ student: x, teacher: teaching }, { weight: 1, temperature }),
  };
  assert.deepEqual(Object.keys(ours).sort(), Object.keys(wanted).sort());
  for (const [name, loss] of Object.entries(ours)) {
    const x = tfjs().tensor2d(logits, [ROWS, CLASSES]);
    const { value, grad } = tf.valueAndGrad((input) => loss(input as Tensor2D))(x);
    assertClose(value.dataSync(), [wanted[name].value], name);
    assertClose(grad.dataSync(), wanted[name].gradient, `gradient of ${name}`, 1e-4);
  }
});
