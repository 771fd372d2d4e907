import assert from "node:assert/strict";
import { assertSameOnBackends } from "../_on_backends.ts";
import { gridSamples, roundings } from "./_gradient_grid.ts";
import { assertDifferences, runSample } from "./_gradient_samples.ts";

const GRID = gridSamples(), PLACES = { places: 8 };

Deno.test("gradients of what encoders are made of are equal on wasm and cpu", async () => {
  assert.ok(Object.keys(GRID).length > 300);
  for (const [name, sample] of Object.entries(GRID)) {
    await assertSameOnBackends(name, (tf) => runSample(tf, name, sample));
  }
});

Deno.test("gradients of what encoders are made of equal finite differences", async () => {
  for (const [name, sample] of Object.entries(GRID)) {
    if (!sample.bends) await assertDifferences(name, sample, PLACES);
  }
});

Deno.test("gradients on cpu know the rounding mode of windows that do not fit", async () => {
  for (const mode of ["floor", "round", "ceil"] as const) {
    for (const [name, sample] of roundings(mode)) await assertDifferences(name, sample, PLACES);
  }
});
