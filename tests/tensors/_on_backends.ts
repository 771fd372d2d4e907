// Runs the same computation on the wasm and on the cpu backend of one process.
import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import type { Tensor, Tf } from "../../src/tensors/tf.ts";

/** Builds its tensors from typed arrays, so that nothing has to move between backends. */
export type Compute = (tf: Tf) => Tensor[];

/** WebAssembly with the best kernels that there are, with the plain ones, with oneDNN; JavaScript. */
export type Backend = "wasm" | "plain wasm" | "wasm+onednn" | "cpu";

/** The numbers that `compute` gives on a backend; asserts that it leaves no tensor behind. */
export async function valuesOn(backend: Backend, compute: Compute): Promise<Float32Array[]> {
  const { tf } = await openTensors(
    backend === "plain wasm" ? { require: "wasm", simd: "plain" } : { require: backend },
  );
  const before = tf.memory();
  const results = tf.tidy(() => compute(tf));
  const values = results.map((result) => Float32Array.from(result.dataSync()));
  results.forEach((result) => result.dispose());
  const after = tf.memory();
  assert.equal(after.numTensors, before.numTensors, `${backend} leaves tensors behind`);
  assert.equal(after.numDataBuffers, before.numDataBuffers, `${backend} leaves data behind`);
  return values;
}

/** Asserts that wasm, both ways, gives what cpu gives, relative to the largest value. */
export async function assertSameOnBackends(
  what: string,
  compute: Compute,
  tolerance = 1e-5,
): Promise<void> {
  const wanted = await valuesOn("cpu", compute);
  for (const backend of ["wasm", "plain wasm"] as const) {
    const found = await valuesOn(backend, compute);
    assert.equal(found.length, wanted.length);
    found.forEach((values, i) =>
      assertClose(values, wanted[i], `${what} on ${backend}, result ${i}`, tolerance)
    );
  }
}

/** Asserts equal lengths, finite numbers, and differences below `tolerance` of the largest one. */
export function assertClose(
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
  what: string,
  tolerance = 1e-5,
): void {
  assert.equal(found.length, wanted.length, `${what}: length`);
  const scale = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(found[i] - wanted[i]) / scale;
    assert.ok(difference <= tolerance, `${what}: [${i}] found ${found[i]}, wanted ${wanted[i]}`);
  }
}

/** Seeded standard normal numbers for a shape. */
export function normals(shape: readonly number[], seed: number | string): Float32Array {
  const random = new SeededRandom(seed);
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
}
