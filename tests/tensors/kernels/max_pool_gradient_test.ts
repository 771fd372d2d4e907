import assert from "node:assert/strict";
import type { Tensor4D, Tf } from "../../../src/tensors/tf.ts";
import { assertClose, assertSameOnBackends, normals, valuesOn } from "../_on_backends.ts";

type Shape4D = [number, number, number, number];

function gradient(
  pixels: Float32Array,
  shape: Shape4D,
  { size, strides, pad }: {
    size: number | [number, number];
    strides: number;
    pad: "same" | "valid" | number;
  },
) {
  return (tf: Tf) => {
    const rounding = typeof pad === "number" ? "floor" : undefined;
    return [
      tf.grad((x) => {
        const y = tf.maxPool(x as Tensor4D, size, strides, pad, rounding);
        return y.mul(tf.tensor(normals(y.shape, "g"), y.shape)).sum();
      })(tf.tensor4d(pixels, shape)),
    ];
  };
}

Deno.test("MaxPoolGrad finds the largest of inputs that are all negative", async () => {
  const [found] = await valuesOn("wasm", (tf) => [
    tf.grad((x) => tf.maxPool(x as Tensor4D, 2, 2, "valid").sum())(
      tf.tensor4d([-4, -3, -1, -2], [1, 2, 2, 1]),
    ),
  ]);
  assert.deepEqual([...found], [0, 0, 1, 0]);
});

Deno.test("MaxPoolGrad of windows that cover the image on wasm equals cpu", async () => {
  const shape: Shape4D = [2, 8, 6, 8];
  const mixed = normals(shape, "x");
  // Whole numbers have many equal ones.
  for (const pixels of [mixed, mixed.map(Math.round), mixed.map((value) => -Math.abs(value))]) {
    for (const pad of ["same", "valid"] as const) {
      await assertSameOnBackends(pad, gradient(pixels, shape, { size: 2, strides: 2, pad }));
    }
  }
});

Deno.test("MaxPoolGrad on wasm equals cpu", async () => {
  const shape: Shape4D = [2, 7, 9, 3];
  const mixed = normals(shape, "x");
  const images = {
    mixed,
    negative: mixed.map((value) => -1 - Math.abs(value)),
    ties: mixed.map((value) => Math.max(0, Math.round(value))),
    zero: mixed.map(() => 0),
  };
  for (const [name, pixels] of Object.entries(images)) {
    for (const size of [2, 3, [1, 2], [3, 2]] as (number | [number, number])[]) {
      for (const strides of [1, 2, 3]) {
        for (const pad of ["same", "valid", 1] as const) {
          // A padding given as a number takes the window's height for both axes.
          if (pad === 1 && Array.isArray(size)) continue;
          await assertSameOnBackends(
            `${name} ${size} / ${strides} ${pad}`,
            gradient(pixels, shape, { size, strides, pad }),
          );
        }
      }
    }
  }
});

Deno.test("MaxPoolGrad equals finite differences", async () => {
  const shape: Shape4D = [1, 5, 5, 2];
  // Distinct values at least 0.5 apart, all below zero: a step of 0.25 changes no maximum.
  const pixels = Float32Array.from({ length: 50 }, (_, i) => -0.5 - ((i * 23) % 50) / 2);
  const pool = { size: 3, strides: 2, pad: "same" as const };
  const [found] = await valuesOn("wasm", gradient(pixels, shape, pool));
  const loss = async (values: Float32Array) => {
    const [value] = await valuesOn("wasm", (tf) => {
      const y = tf.maxPool(tf.tensor4d(values, shape), 3, 2, "same");
      return [y.mul(tf.tensor(normals(y.shape, "g"), y.shape)).sum()];
    });
    return value[0];
  };
  const base = await loss(pixels);
  const wanted: number[] = [];
  for (let i = 0; i < pixels.length; i++) {
    const moved = await loss(pixels.map((value, at) => at === i ? value + 0.25 : value));
    wanted.push((moved - base) / 0.25);
  }
  assertClose(found, wanted, "dx", 1e-4);
});
