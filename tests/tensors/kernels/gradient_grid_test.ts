import assert from "node:assert/strict";
import type { Tensor } from "../../../src/tensors/tf.ts";
import { assertClose, assertSameOnBackends, valuesOn } from "../_on_backends.ts";
import { gridSamples, roundings } from "./_gradient_grid.ts";
import { differences, runSample, type Sample } from "./_gradient_samples.ts";

const GRID = gridSamples();

Deno.test("gradients of what encoders are made of are equal on wasm and cpu", async () => {
  assert.ok(Object.keys(GRID).length > 300);
  for (const [name, sample] of Object.entries(GRID)) {
    await assertSameOnBackends(name, (tf) => runSample(tf, name, sample));
  }
});

Deno.test("gradients of what encoders are made of equal finite differences", async () => {
  for (const [name, sample] of Object.entries(GRID)) {
    if (!sample.bends) await assertDifferences(name, sample);
  }
});

Deno.test("gradients on cpu know the rounding mode of windows that do not fit", async () => {
  for (const mode of ["floor", "round", "ceil"] as const) {
    for (const [name, sample] of roundings(mode)) await assertDifferences(name, sample);
  }
});

async function assertDifferences(name: string, sample: Sample): Promise<void> {
  const [, ...found] = await valuesOn("cpu", (tf): Tensor[] => runSample(tf, name, sample));
  for (const { which, places, wanted } of await differences(name, sample, { places: 8 })) {
    assertClose(places.map((at) => found[which][at]), wanted, `${name}, input ${which}`, 2e-3);
  }
}
