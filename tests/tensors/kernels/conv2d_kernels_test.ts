import assert from "node:assert/strict";
import type { ConvolutionKernels } from "../../../src/tensors/kernels/convolution.ts";
import {
  convolutionKernels,
  setConvolutionKernels,
} from "../../../src/tensors/kernels/convolution_kernels.ts";
import { heapScratch } from "../../../src/tensors/kernels/heap_scratch.ts";
import type { WasmBackend } from "../../../src/tensors/kernels/wasm_heap.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import type { Tensor4D, Tf } from "../../../src/tensors/tf.ts";
import { assertSameOnBackends, normals, valuesOn } from "../_on_backends.ts";

type Pair = [number, number];
type Pad = "same" | "valid" | [Pair, Pair, Pair, Pair];

interface Case {
  readonly image: number[];
  readonly filter: number[];
  readonly strides: number | Pair;
  readonly dilations: number | Pair;
  readonly pad: Pad;
}

const UNEVEN: Pad = [[0, 0], [2, 1], [0, 3], [0, 0]];
const SIZES: Pair[] = [[1, 1], [3, 3], [5, 5], [7, 7], [1, 3], [3, 5]];
const CHANNELS: Pair[] = [[3, 16], [1, 8], [5, 3], [8, 5], [16, 32], [24, 1], [20, 64]];
const STEPS: (number | Pair)[][] = [[1, 1], [2, 1], [3, 1], [1, 2], [1, 3], [[1, 2], 1]];

/** Every size with every stride, dilation and padding; channels take turns. */
function* grid(): Generator<Case> {
  let turn = 0;
  for (const size of SIZES) {
    for (const [strides, dilations] of STEPS) {
      for (const pad of ["same", "valid", UNEVEN] as const) {
        const spread = Math.max(...[dilations].flat());
        if (pad !== "same" && (Math.max(...size) - 1) * spread >= 11) continue;
        const channels = CHANNELS[turn++ % CHANNELS.length];
        yield {
          image: [2, 11, 12, channels[0]],
          filter: [...size, ...channels],
          strides,
          dilations,
          pad,
        };
      }
    }
  }
}

/** What the grid does not meet: many units of work, hardly any, and padding beyond the filter. */
const ODD: Case[] = [
  ...[[[2, 80, 80, 4], [3, 3, 4, 8]], [[5, 1, 1, 20], [1, 1, 20, 9]], [[9, 7, 7, 4], [3, 3, 4, 6]]]
    .map(([image, filter]) => ({ image, filter, strides: 1, dilations: 1, pad: "same" as const })),
  {
    image: [2, 4, 4, 3],
    filter: [3, 3, 3, 4],
    strides: 1,
    dilations: 1,
    pad: [[0, 0], [5, 5], [6, 4], [0, 0]],
  },
  { image: [1, 200, 150, 3], filter: [3, 3, 3, 4], strides: 2, dilations: 1, pad: "same" },
  { image: [0, 5, 5, 3], filter: [3, 3, 3, 4], strides: 1, dilations: 1, pad: "same" },
];

const tensor4d = (tf: Tf, shape: number[], seed: string) =>
  tf.tensor4d(normals(shape, seed), shape as [number, number, number, number]);

/** The result, with a bias and an activation too, and both gradients. */
function passes(tf: Tf, { image, filter, strides, dilations, pad }: Case) {
  const convolve = (x: Tensor4D, w: Tensor4D) =>
    tf.conv2d(x, w, strides, pad, "NHWC", dilations) as Tensor4D;
  const [x, w] = [tensor4d(tf, image, "x"), tensor4d(tf, filter, "w")];
  const y = convolve(x, w);
  const g = tensor4d(tf, y.shape, "g");
  const bias = tf.tensor1d(normals([filter[3]], "b"));
  const fused = tf.fused.conv2d({
    ...{ x, filter: w, strides, pad, dilations, bias, activation: "relu" },
  });
  const gradients = tf.grads((a, b) => convolve(a as Tensor4D, b as Tensor4D).mul(g).sum())([x, w]);
  return [y, fused, ...gradients];
}

Deno.test("convolutions of any size, stride, dilation and padding on wasm equal cpu", async () => {
  const cases = [...grid(), ...ODD];
  assert.ok(cases.length > 90);
  for (const test of cases) {
    await assertSameOnBackends(JSON.stringify(test), (tf) => passes(tf, test));
  }
});

Deno.test("activations of fused convolutions on wasm equal cpu", async () => {
  for (const activation of ["linear", "relu", "relu6", "elu", "prelu", "sigmoid"] as const) {
    for (const biased of [true, false]) {
      await assertSameOnBackends(`${activation}, bias ${biased}`, (tf) => {
        const [x, filter] = [tensor4d(tf, [2, 6, 5, 3], "x"), tensor4d(tf, [3, 3, 3, 10], "w")];
        const preluActivationWeights = activation === "prelu"
          ? tf.tensor1d(normals([10], "p"))
          : undefined;
        const bias = biased ? tf.tensor1d(normals([10], "b")) : undefined;
        return [
          tf.fused.conv2d({
            ...{ x, filter, bias, activation, preluActivationWeights, strides: 1, pad: "same" },
          }),
        ];
      });
    }
  }
});

Deno.test("a convolution keeps NaN and infinity where they are", async () => {
  const compute = (tf: Tf) => {
    const values = normals([1, 6, 6, 2], "x");
    [values[10], values[40]] = [NaN, Infinity];
    const x = tf.tensor4d(values, [1, 6, 6, 2]), filter = tf.ones([1, 1, 2, 3]) as Tensor4D;
    return [tf.fused.conv2d({ x, filter, strides: 1, pad: "valid", activation: "relu" })];
  };
  const [wanted] = await valuesOn("cpu", compute);
  assert.equal(wanted.filter(Number.isNaN).length, 3);
  for (const backend of ["wasm", "plain wasm"] as const) {
    const [found] = await valuesOn(backend, compute);
    assert.deepEqual(Array.from(found), Array.from(wanted), backend);
  }
});

Deno.test("convolutions are right after the heap has grown and tensors were freed", async () => {
  const test: Case = { ...ODD[2], strides: 2 };
  const wanted = await valuesOn("wasm", (tf) => passes(tf, test));
  const { tf } = await openTensors({ require: "wasm" });
  const { wasm } = tf.backend() as unknown as WasmBackend;
  const before = wasm.HEAPU8.length;
  const large = tf.zeros([before / 4]);
  assert.ok(wasm.HEAPU8.length > before, "the heap grew");
  assert.deepEqual(await valuesOn("wasm", (tf) => passes(tf, test)), wanted);
  large.dispose();
  assert.deepEqual(await valuesOn("wasm", (tf) => passes(tf, test)), wanted, "same bytes");
});

Deno.test("a convolution that finds no room says so, and the next one is right", async () => {
  const compute = (tf: Tf) => passes(tf, ODD[2]);
  const wanted = await valuesOn("wasm", compute);
  const { tf } = await openTensors({ require: "wasm" });
  const backend = tf.backend() as unknown as WasmBackend;
  assert.throws(
    () => heapScratch(backend, "test", [2 ** 32]),
    /the wasm memory is full: no room for/,
  );
  assert.deepEqual(await valuesOn("wasm", compute), wanted);
});

Deno.test("a convolution of a tensor that was disposed says so; one disposed later is kept", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const [x, w] = [tensor4d(tf, [1, 5, 5, 3], "x"), tensor4d(tf, [3, 3, 3, 4], "w")];
  const gradient = (early: boolean) =>
    tf.tidy(() => {
      const image = x.mul(1) as Tensor4D;
      const given = tf.variableGrads(() => {
        const y = tf.conv2d(image, variable, 1, "same");
        if (early) image.dispose();
        return y.sum();
      });
      return given.grads[variable.name].dataSync();
    });
  const variable = tf.variable(w);
  assert.deepEqual(gradient(true), gradient(false));
  x.dispose();
  const message = /a tensor of shape \[1, 5, 5, 3\] was disposed before an operation/;
  assert.throws(() => tf.tidy(() => tf.conv2d(x, w, 1, "same")), { message });
  tf.dispose([w, variable]);
});

Deno.test("others may compute convolutions in place of the SIMD kernels", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const backend = tf.backend() as unknown as WasmBackend;
  const own = convolutionKernels(backend);
  const calls: string[] = [];
  const counted =
    (name: keyof ConvolutionKernels) => (...given: Parameters<typeof own.forward>) => {
      calls.push(name);
      (own[name] as typeof own.forward)(...given);
    };
  setConvolutionKernels(backend, {
    forward: counted("forward"),
    filterGradient: counted("filterGradient") as unknown as typeof own.filterGradient,
    inputGradient: counted("inputGradient") as unknown as typeof own.inputGradient,
  });
  try {
    await valuesOn("wasm", (tf) => passes(tf, ODD[2]));
    assert.deepEqual(new Set(calls), new Set(["forward", "filterGradient", "inputGradient"]));
  } finally {
    setConvolutionKernels(backend, undefined);
  }
});
