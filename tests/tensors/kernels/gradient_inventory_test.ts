import assert from "node:assert/strict";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import type { Tf } from "../../../src/tensors/tf.ts";
import { assertSameOnBackends } from "../_on_backends.ts";
import { assertDifferences, EXCEPTIONS, runSample, SAMPLES } from "./_gradient_samples.ts";

/** The names of all kernels that have a gradient. */
function gradients(tf: Tf): string[] {
  const known = Object.values(tf).filter((value) => typeof value === "string") as string[];
  const names = [...known, ...tf.getKernelsForBackend("cpu").map(({ kernelName }) => kernelName)];
  return [...new Set(names)].filter((name) => tf.getGradient(name) !== undefined).sort();
}

Deno.test("every gradient that is registered has a sample or a reason", async () => {
  const { tf } = await openTensors({ require: "cpu" });
  const found = gradients(tf);
  assert.ok(found.length > 90, `only ${found.length} gradients`);
  const known = [...Object.keys(SAMPLES), ...Object.keys(EXCEPTIONS)].sort();
  assert.deepEqual(found, known);
});

Deno.test("wasm and webgpu have every kernel that a gradient needs", async () => {
  await openTensors({ require: "wasm" });
  await import("@tensorflow/tfjs-backend-webgpu");
  const { tf } = await openTensors({ require: "cpu" });
  const missing: string[] = [];
  for (const name of Object.keys(SAMPLES)) {
    const { kernelNames } = await tf.profile(() => runSample(tf, name));
    // To the same type is no cast, to broadcast is to tile, and the last is made of others.
    const other = ["Cast", "BroadcastTo", "LogSoftmax"].includes(name);
    assert.ok(other || kernelNames.includes(name), `${name}: ran ${kernelNames}`);
    for (const backend of ["wasm", "webgpu"]) {
      // What ends so is an operation with a gradient of its own, made of other kernels.
      for (const kernel of kernelNames.filter((kernel) => !kernel.endsWith("__op"))) {
        if (tf.getKernel(kernel, backend) === undefined) {
          missing.push(`${name}: ${kernel} on ${backend}`);
        }
      }
    }
  }
  assert.deepEqual(missing, []);
});

for (const name of Object.keys(SAMPLES)) {
  Deno.test(`the gradient of ${name} on wasm equals cpu`, async () => {
    await assertSameOnBackends(name, (tf) => runSample(tf, name));
  });

  Deno.test(`the gradient of ${name} on cpu equals finite differences`, async () => {
    await assertDifferences(name, SAMPLES[name], { places: 48 });
  });
}
