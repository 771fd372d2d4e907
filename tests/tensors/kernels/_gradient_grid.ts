// What image encoders are made of, over strides, paddings, dilations, odd sizes and options.
// Long, since it is a table.
import type { Tensor, Tensor4D, Tf } from "../../../src/tensors/tf.ts";
import type { Sample } from "./_gradient_samples.ts";

type Pair = [number, number];
type Pad = "same" | "valid" | number | [Pair, Pair, Pair, Pair];

const UNEVEN: Pad = [[0, 0], [0, 2], [1, 0], [0, 0]];
const EXPLICIT: Pad[] = ["same", "valid", 1, UNEVEN];

/** Image and filter shapes: even, odd and small, a filter as large as the image, one channel. */
const CONVOLUTIONS: [number[], number[]][] = [
  [[2, 7, 9, 3], [3, 3, 3, 5]],
  [[3, 8, 6, 4], [2, 5, 4, 8]],
  [[1, 5, 5, 1], [1, 1, 1, 2]],
  [[2, 7, 7, 6], [4, 3, 6, 1]],
];
const STEPS: { strides: number | Pair; dilations: number | Pair }[] = [
  ...([1, 2, 3, [1, 2], [3, 1]] as (number | Pair)[]).map((strides) => ({ strides, dilations: 1 })),
  ...([2, 3, [1, 2], [3, 1]] as (number | Pair)[]).map((dilations) => ({ strides: 1, dilations })),
];

/** Samples by a name that says what they are. */
export function gridSamples(): Record<string, Sample> {
  return Object.fromEntries([
    ...convolutions(),
    ...depthwise(),
    // Where the windows reach beyond the padding, the forward pass is right on cpu alone.
    ...roundings("floor"),
    ...transposed(),
    ...layers(),
    ...pools(),
    ...einsums(),
    ...transformer(),
    ...indexing(),
    ...resizing(),
  ]);
}

type Named = [string, Sample];

/** A padding given as a number takes the window's height and stride for both axes. */
function isSquare([high, wide]: readonly number[], ...steps: (number | Pair)[]): boolean {
  return high === wide && steps.every((step) => !Array.isArray(step));
}

/** Whether the dilated filter fits into the image where nothing is added. */
function fits([, height, width]: number[], [high, wide]: number[], dilations: number | Pair) {
  const [down, across] = Array.isArray(dilations) ? dilations : [dilations, dilations];
  return (high - 1) * down < height && (wide - 1) * across < width;
}

function* convolutions(): Generator<Named> {
  for (const [x, w] of CONVOLUTIONS) {
    for (const { strides, dilations } of STEPS) {
      for (const pad of EXPLICIT) {
        if (pad !== "same" && !fits(x, w, dilations)) continue;
        if (pad === 1 && !isSquare(w, strides, dilations)) continue;
        const name = `conv2d ${x} * ${w} / ${strides}, dilations ${dilations}, ${pad}`;
        const f = (tf: Tf, image: Tensor4D, filter: Tensor4D) =>
          tf.conv2d(image, filter, strides, pad, "NHWC", dilations);
        yield [name, { shapes: [x, w], f }];
      }
    }
  }
}

function* depthwise(): Generator<Named> {
  const x = [2, 7, 8, 5];
  for (const w of [[3, 3, 5, 1], [2, 3, 5, 3], [1, 1, 5, 2]]) {
    for (const { strides, dilations } of STEPS) {
      // The depthwise convolution of TensorFlow.js takes no uneven strides on webgpu.
      for (const pad of ["same", "valid", 1] as const) {
        if (pad !== "same" && !fits(x, w, dilations)) continue;
        if (pad === 1 && !isSquare(w, strides, dilations)) continue;
        const name = `depthwise ${x} * ${w} / ${strides}, dilations ${dilations}, ${pad}`;
        const f = (tf: Tf, image: Tensor4D, filter: Tensor4D) =>
          tf.depthwiseConv2d(image, filter, strides, pad, "NHWC", dilations);
        yield [name, { shapes: [x, w], f }];
      }
    }
  }
  const shapes = [x, [3, 3, 5, 2], [1, 1, 10, 4]];
  for (
    const { strides, dilations } of [{ strides: 2, dilations: 1 }, { strides: 1, dilations: 2 }]
  ) {
    const f = (tf: Tf, image: Tensor4D, deep: Tensor4D, point: Tensor4D) =>
      tf.separableConv2d(image, deep, point, strides, "same", dilations);
    yield [`separable / ${strides}, dilations ${dilations}`, { shapes, f }];
  }
}

/** Numbers as padding where the windows do not fit evenly. */
export function* roundings(mode: "floor" | "round" | "ceil"): Generator<Named> {
  const conv = (tf: Tf, x: Tensor4D, w: Tensor4D) => tf.conv2d(x, w, 2, 1, "NHWC", 1, mode);
  yield [`conv2d ${mode}`, { shapes: [[2, 8, 8, 3], [3, 3, 3, 4]], f: conv }];
  for (const kind of ["maxPool", "avgPool"] as const) {
    const pool = (tf: Tf, x: Tensor4D) => tf[kind](x, 3, 2, 1, mode);
    yield [`${kind} ${mode}`, { shapes: [[2, 8, 7, 3]], domain: "apart", f: pool }];
  }
}

function* transposed(): Generator<Named> {
  for (const strides of [1, 2, 3]) {
    for (const pad of ["same", "valid"] as const) {
      const size = pad === "same" ? 4 * strides : 3 * strides + 3;
      const f = (tf: Tf, x: Tensor4D, w: Tensor4D) =>
        tf.conv2dTranspose(x, w, [2, size, size, 5], strides, pad);
      yield [`conv2dTranspose / ${strides} ${pad}`, { shapes: [[2, 4, 4, 3], [3, 3, 5, 3]], f }];
    }
  }
}

/** What tf.layers runs. */
function* layers(): Generator<Named> {
  const activations = ["linear", "relu", "elu", "sigmoid"] as const;
  for (const activation of activations) {
    const bends = activation === "relu" || activation === "elu";
    for (const dilations of [1, 2]) {
      const fused =
        (kind: "conv2d" | "depthwiseConv2d") =>
        (tf: Tf, x: Tensor4D, filter: Tensor4D, bias: Tensor) =>
          tf.fused[kind]({ x, filter, strides: 1, pad: "same", dilations, bias, activation });
      const name = `${activation}, dilations ${dilations}`;
      const x = [2, 6, 5, 3];
      yield [`fused conv2d ${name}`, { shapes: [x, [3, 3, 3, 4], [4]], f: fused("conv2d"), bends }];
      yield [`fused depthwise ${name}`, {
        shapes: [x, [3, 3, 3, 2], [6]],
        f: fused("depthwiseConv2d"),
        bends,
      }];
    }
    const f = (tf: Tf, a: Tensor, b: Tensor, bias: Tensor) =>
      tf.fused.matMul({ a, b, transposeA: false, transposeB: false, bias, activation });
    yield [`fused matMul ${activation}`, { shapes: [[4, 7], [7, 3], [3]], f, bends }];
  }
  yield ["a fused convolution without bias", {
    shapes: [[2, 5, 5, 3], [3, 3, 3, 4]],
    f: (tf: Tf, x: Tensor4D, filter: Tensor4D) =>
      tf.fused.conv2d({ x, filter, strides: 2, pad: "valid" }),
  }];
}

function* pools(): Generator<Named> {
  for (const kind of ["maxPool", "avgPool"] as const) {
    for (const size of [2, 3, [1, 2], [3, 2]] as (number | Pair)[]) {
      for (const strides of [1, 2, 3]) {
        for (const pad of ["same", "valid", 1] as const) {
          if (pad === 1 && Array.isArray(size)) continue;
          const f = (tf: Tf, x: Tensor4D) => tf[kind](x, size, strides, pad);
          yield [`${kind} ${size} / ${strides} ${pad}`, {
            shapes: [[2, 7, 9, 5]],
            domain: "apart",
            f,
          }];
        }
      }
    }
  }
}

function* einsums(): Generator<Named> {
  const equations: [string, number[][]][] = [
    ["ij,jk->ik", [[3, 4], [4, 5]]],
    ["ij,jk->ki", [[3, 4], [4, 5]]],
    ["bqhd,bkhd->bhqk", [[2, 3, 2, 4], [2, 5, 2, 4]]],
    ["bhqk,bkhd->bqhd", [[2, 2, 3, 5], [2, 5, 2, 4]]],
    ["abc,cde->abde", [[2, 3, 4], [4, 2, 3]]],
    ["abcd,cde->abe", [[2, 3, 2, 4], [2, 4, 5]]],
    ["i,j->ij", [[3], [4]]],
    ["i,i->", [[5], [5]]],
    ["ij,ij->ji", [[3, 4], [3, 4]]],
    ["ijk,jl->il", [[2, 3, 4], [3, 5]]],
    ["ij->ji", [[3, 4]]],
    ["ijk->j", [[2, 3, 4]]],
    ["ij->", [[3, 4]]],
  ];
  for (const [equation, shapes] of equations) {
    const f = (tf: Tf, ...xs: Tensor[]) => tf.einsum(equation, ...xs);
    yield [`einsum ${equation}`, { shapes, f }];
  }
}

function* transformer(): Generator<Named> {
  yield ["layer normalization", {
    shapes: [[2, 3, 8], [8], [8]],
    f: (tf: Tf, x: Tensor, scale: Tensor, offset: Tensor) => {
      const { mean, variance } = tf.moments(x, -1, true);
      const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3)));
      return tf.add(tf.mul(normal, scale), offset);
    },
  }];
  yield ["batch statistics", {
    shapes: [[3, 4, 5, 6]],
    f: (tf: Tf, x: Tensor) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.concat([mean, variance], 0);
    },
  }];
  yield ["gelu", {
    shapes: [[4, 5]],
    f: (tf: Tf, x: Tensor) => {
      const half = tf.mul(x, 0.5);
      return tf.mul(half, tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
    },
  }];
  yield ["attention", {
    shapes: [[2, 2, 5, 4], [2, 2, 5, 4], [2, 2, 5, 4]],
    f: (tf: Tf, q: Tensor, k: Tensor, v: Tensor) => {
      const weights = tf.softmax(tf.mul(tf.matMul(q, k, false, true), 0.5));
      return tf.reshape(tf.transpose(tf.matMul(weights, v), [0, 2, 1, 3]), [2, 5, 8]);
    },
  }];
  yield ["a class token and positions", {
    shapes: [[2, 4, 3], [1, 1, 3], [1, 5, 3]],
    f: (tf: Tf, x: Tensor, token: Tensor, positions: Tensor) => {
      const tokens = tf.add(tf.concat([tf.tile(token, [2, 1, 1]), x], 1), positions);
      return tf.concat([tf.slice(tokens, [0, 0, 0], [2, 1, 3]), tf.mul(tokens, 2)], 1);
    },
  }];
  for (
    const [a, b] of [[[4, 3, 5], [1, 5, 2]], [[2, 3, 4, 5], [3, 5, 2]], [[1, 3, 5], [4, 5, 2]]]
  ) {
    yield [`matMul ${a} * ${b}`, { shapes: [a, b], f: (tf: Tf, x, y) => tf.matMul(x, y) }];
  }
  for (const [first, second] of [[true, false], [false, true], [true, true]]) {
    const a = first ? [2, 4, 3] : [2, 3, 4], b = second ? [2, 5, 4] : [2, 4, 5];
    yield [`matMul, transposed ${first} ${second}`, {
      shapes: [a, b],
      f: (tf: Tf, x, y) => tf.matMul(x, y, first, second),
    }];
  }
}

function* indexing(): Generator<Named> {
  const slices: [number[], number[], number[], number[]?][] = [
    [[0, 1, 0], [3, 5, 2], [1, 2, 1]],
    [[2, 4, 1], [-4, 0, 2], [-1, -3, 1]],
    [[1, 0, 0], [2, 5, 2], [1, 1, 1], [0, 0, 1]],
  ];
  for (const [begin, end, strides, [, , shrink] = [0, 0, 0]] of slices) {
    yield [`stridedSlice ${begin} ${end} ${strides} ${shrink}`, {
      shapes: [[3, 6, 2]],
      f: (tf: Tf, x) => tf.stridedSlice(x, begin, end, strides, 0, 0, 0, 0, shrink),
    }];
  }
  yield ["gather along the middle axis", {
    shapes: [[2, 5, 3]],
    f: (tf: Tf, x) => tf.gather(x, tf.tensor2d([4, 0, 4, 1], [2, 2], "int32"), 1),
  }];
  yield ["gatherND of rows", {
    shapes: [[3, 4, 2]],
    f: (tf: Tf, x) => tf.gatherND(x, tf.tensor2d([2, 3, 0, 1, 2, 3], [3, 2], "int32")),
  }];
  for (const mode of ["reflect", "symmetric"] as const) {
    const pads: Pair[] = [[1, 2], [2, 0], [0, 1]];
    yield [`mirrorPad ${mode}`, {
      shapes: [[3, 4, 2]],
      f: (tf: Tf, x) => tf.mirrorPad(x, pads, mode),
    }];
  }
}

function* resizing(): Generator<Named> {
  for (const size of [[7, 4], [3, 9], [5, 6], [1, 1]] as Pair[]) {
    for (const [align, half] of [[false, false], [true, false], [false, true]]) {
      const name = `${size}, alignCorners ${align}, halfPixelCenters ${half}`;
      const shapes = [[2, 5, 6, 3]];
      yield [`resizeBilinear ${name}`, {
        shapes,
        f: (tf: Tf, x: Tensor4D) => tf.image.resizeBilinear(x, size, align, half),
      }];
      yield [`resizeNearestNeighbor ${name}`, {
        shapes,
        f: (tf: Tf, x: Tensor4D) => tf.image.resizeNearestNeighbor(x, size, align, half),
      }];
    }
  }
}
