// One small computation for every gradient that is registered, to run on any backend.
// Long, since it is a table.
import type {
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  Tf,
} from "../../../src/tensors/tf.ts";
import { assertClose, normals, valuesOn } from "../_on_backends.ts";

/** Numbers that keep away from where a function bends, jumps or is not defined. */
export type Domain = "any" | "unit" | "positive" | "above1" | "apart";

/** A function of tensors; all of them get a gradient. */
export interface Sample {
  readonly shapes: readonly (readonly number[])[];
  readonly domain?: Domain;
  /** Whether a small step may cross a bend of the function, so that differences say nothing. */
  readonly bends?: boolean;
  // deno-lint-ignore no-explicit-any -- each sample knows the ranks of its own tensors
  readonly f: (tf: Tf, ...xs: any[]) => Tensor;
}

const S: readonly number[] = [3, 5];
const IMAGE: readonly number[] = [2, 5, 6, 4];

const unary = (
  f: (tf: Tf, x: Tensor) => Tensor,
  domain: Domain = "any",
  shape: readonly number[] = S,
): Sample => ({ shapes: [shape], domain, f });
const binary = (f: (tf: Tf, a: Tensor, b: Tensor) => Tensor, domain: Domain = "any"): Sample => ({
  shapes: [[3, 5], [5]],
  domain,
  f,
});
const float = (tf: Tf, x: Tensor): Tensor => tf.cast(x, "float32");

/** By kernel; the names of TensorFlow.js. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  Abs: unary((tf, x) => tf.abs(x), "apart"),
  Acos: unary((tf, x) => tf.acos(x), "unit"),
  Acosh: unary((tf, x) => tf.acosh(x), "above1"),
  Add: binary((tf, a, b) => tf.add(a, b)),
  AddN: { shapes: [S, S, S], f: (tf, ...xs) => tf.addN(xs) },
  ArgMax: unary((tf, x) => float(tf, tf.argMax(x, 1)), "apart"),
  ArgMin: unary((tf, x) => float(tf, tf.argMin(x, 1)), "apart"),
  Asin: unary((tf, x) => tf.asin(x), "unit"),
  Asinh: unary((tf, x) => tf.asinh(x)),
  Atan: unary((tf, x) => tf.atan(x)),
  Atan2: binary((tf, a, b) => tf.atan2(a, b), "positive"),
  Atanh: unary((tf, x) => tf.atanh(x), "unit"),
  AvgPool: unary((tf, x) => tf.avgPool(x as Tensor4D, 3, 2, "same"), "any", IMAGE),
  AvgPool3D: unary(
    (tf, x) => tf.avgPool3d(x as never, 2, 1, "valid"),
    "any",
    [1, 3, 4, 4, 2],
  ),
  BatchMatMul: {
    shapes: [[2, 3, 3, 4], [3, 4, 2]],
    f: (tf, a: Tensor, b: Tensor) => tf.matMul(a, b),
  },
  BatchToSpaceND: unary(
    (tf, x) => tf.batchToSpaceND(x, [2, 2], [[0, 1], [1, 0]]),
    "any",
    [4, 2, 3, 2],
  ),
  BroadcastTo: unary((tf, x) => tf.broadcastTo(x, [4, 3, 5])),
  Cast: unary((tf, x) => float(tf, x)),
  Ceil: unary((tf, x) => tf.ceil(x), "apart"),
  ClipByValue: unary((tf, x) => tf.clipByValue(x, -0.95, 1), "apart"),
  Concat: { shapes: [[2, 3], [2, 1], [2, 4]], f: (tf, ...xs) => tf.concat(xs, 1) },
  Conv2D: {
    shapes: [IMAGE, [3, 2, 4, 5]],
    f: (tf, x: Tensor4D, w: Tensor4D) => tf.conv2d(x, w, 2, "same"),
  },
  Conv2DBackpropInput: {
    shapes: [[2, 3, 3, 4], [3, 3, 5, 4]],
    f: (tf, x: Tensor4D, w: Tensor4D) => tf.conv2dTranspose(x, w, [2, 6, 6, 5], 2, "same"),
  },
  Conv3D: {
    shapes: [[1, 4, 4, 4, 2], [2, 2, 2, 2, 3]],
    f: (tf, x, w) => tf.conv3d(x, w, 1, "valid"),
  },
  Cos: unary((tf, x) => tf.cos(x)),
  Cosh: unary((tf, x) => tf.cosh(x)),
  Cumsum: unary((tf, x) => tf.cumsum(x, 1, true)),
  DepthwiseConv2dNative: {
    shapes: [IMAGE, [3, 3, 4, 2]],
    f: (tf, x: Tensor4D, w: Tensor4D) => tf.depthwiseConv2d(x, w, 2, "same"),
  },
  Dilation2D: {
    shapes: [[1, 5, 6, 4], [2, 2, 4]],
    domain: "apart",
    f: (tf, x: Tensor4D, w: Tensor3D) => tf.dilation2d(x, tf.mul(w, 0.01), 1, "valid"),
  },
  Einsum: {
    shapes: [[2, 3, 4], [2, 5, 4]],
    f: (tf, a: Tensor, b: Tensor) => tf.einsum("bqd,bkd->bqk", a, b),
  },
  Elu: unary((tf, x) => tf.elu(x), "apart"),
  Erf: unary((tf, x) => tf.mul(x, tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))),
  Exp: unary((tf, x) => tf.exp(x)),
  ExpandDims: unary((tf, x) => tf.expandDims(x, 1)),
  Expm1: unary((tf, x) => tf.expm1(x)),
  Floor: unary((tf, x) => tf.floor(x), "apart"),
  FusedBatchNorm: {
    shapes: [IMAGE, [4], [4], [4], [4]],
    domain: "positive",
    f: (tf, x: Tensor4D, mean: Tensor1D, variance: Tensor1D, offset: Tensor1D, scale: Tensor1D) =>
      tf.batchNorm(x, mean, variance, offset, scale, 1e-3),
  },
  GatherNd: unary(
    (tf, x) => tf.gatherND(x, tf.tensor2d([[2, 1], [0, 4], [2, 1]], [3, 2], "int32")),
  ),
  GatherV2: unary((tf, x) => tf.gather(x, tf.tensor1d([4, 0, 4, 2], "int32"), 1)),
  GreaterEqual: binary((tf, a, b) => float(tf, tf.greaterEqual(a, b)), "apart"),
  Identity: unary((tf, x) => tf.clone(x)),
  IsFinite: unary((tf, x) => float(tf, tf.isFinite(x))),
  IsInf: unary((tf, x) => float(tf, tf.isInf(x))),
  IsNan: unary((tf, x) => float(tf, tf.isNaN(x))),
  LRN: unary(
    (tf, x) => tf.localResponseNormalization(x as Tensor4D, 1, 1, 0.5, 0.75),
    "any",
    IMAGE,
  ),
  LeakyRelu: unary((tf, x) => tf.leakyRelu(x, 0.3), "apart"),
  Log: unary((tf, x) => tf.log(x), "positive"),
  Log1p: unary((tf, x) => tf.log1p(x), "positive"),
  LogSoftmax: unary((tf, x) => tf.logSoftmax(x)),
  Max: unary((tf, x) => tf.max(x, 0), "apart"),
  MaxPool: unary((tf, x) => tf.maxPool(x as Tensor4D, 3, 2, "same"), "apart", IMAGE),
  // Above zero: below, the wasm backend's own forward kernel is wrong.
  MaxPool3D: unary(
    (tf, x) => tf.maxPool3d(tf.add(x, 100) as never, 2, 2, "same"),
    "apart",
    [1, 3, 4, 4, 2],
  ),
  Maximum: binary((tf, a, b) => tf.maximum(a, b), "apart"),
  Mean: unary((tf, x) => tf.mean(x, 1)),
  Min: unary((tf, x) => tf.min(x, 0), "apart"),
  Minimum: binary((tf, a, b) => tf.minimum(a, b), "apart"),
  MirrorPad: unary((tf, x) => tf.mirrorPad(x, [[1, 1], [2, 0]], "reflect")),
  Mod: { shapes: [S], domain: "apart", f: (tf, x: Tensor) => tf.mod(x, tf.scalar(1)) },
  Multiply: binary((tf, a, b) => tf.mul(a, b)),
  Neg: unary((tf, x) => tf.neg(x)),
  OneHot: unary((tf, x) => {
    const ids = tf.cast(tf.argMax(x, 1), "int32") as Tensor1D;
    return tf.add(float(tf, tf.oneHot(ids, 5)), x);
  }, "apart"),
  OnesLike: unary((tf, x) => tf.onesLike(x)),
  Pack: { shapes: [S, S], f: (tf, ...xs) => tf.stack(xs, 1) },
  PadV2: unary((tf, x) => tf.pad(x, [[1, 0], [2, 1]], 0.5)),
  Pow: binary((tf, a, b) => tf.pow(a, b), "positive"),
  Prelu: binary((tf, x, alpha) => tf.prelu(x, alpha), "apart"),
  Prod: unary((tf, x) => tf.prod(x, 1)),
  RealDiv: binary((tf, a, b) => tf.div(a, b), "positive"),
  Reciprocal: unary((tf, x) => tf.reciprocal(x), "positive"),
  Relu: unary((tf, x) => tf.relu(x), "apart"),
  Relu6: unary((tf, x) => tf.relu6(x), "apart"),
  Reshape: unary((tf, x) => tf.reshape(x, [5, 3])),
  ResizeBilinear: unary(
    (tf, x) => tf.image.resizeBilinear(x as Tensor4D, [7, 4], true),
    "any",
    IMAGE,
  ),
  ResizeNearestNeighbor: unary(
    (tf, x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [10, 3]),
    "any",
    IMAGE,
  ),
  Reverse: unary((tf, x) => tf.reverse(x, [1])),
  Round: unary((tf, x) => tf.round(x), "apart"),
  Rsqrt: unary((tf, x) => tf.rsqrt(x), "positive"),
  Select: {
    shapes: [S, S],
    domain: "apart",
    f: (tf, a: Tensor, b: Tensor) => tf.where(tf.tensor1d([1, 0, 1, 1, 0], "bool"), a, b),
  },
  Selu: unary((tf, x) => tf.selu(x), "apart"),
  Sigmoid: unary((tf, x) => tf.sigmoid(x)),
  Sign: unary((tf, x) => tf.sign(x), "apart"),
  Sin: unary((tf, x) => tf.sin(x)),
  Sinh: unary((tf, x) => tf.sinh(x)),
  Slice: unary((tf, x) => tf.slice(x, [1, 2], [2, 2])),
  Softmax: unary((tf, x) => tf.softmax(x)),
  Softplus: unary((tf, x) => tf.softplus(x)),
  SpaceToBatchND: unary(
    (tf, x) => tf.spaceToBatchND(x, [2, 2], [[1, 0], [0, 1]]),
    "any",
    [1, 3, 5, 2],
  ),
  SplitV: unary((tf, x) => {
    const [a, b] = tf.split(x, [2, 3], 1);
    return tf.concat([tf.square(b), a], 1);
  }),
  Sqrt: unary((tf, x) => tf.sqrt(x), "positive"),
  Square: unary((tf, x) => tf.square(x)),
  SquaredDifference: binary((tf, a, b) => tf.squaredDifference(a, b)),
  Step: unary((tf, x) => tf.step(x), "apart"),
  StridedSlice: unary((tf, x) => tf.stridedSlice(x, [2, 4], [-4, 0], [-1, -2])),
  Sub: binary((tf, a, b) => tf.sub(a, b)),
  Sum: unary((tf, x) => tf.sum(x, 0)),
  Tan: unary((tf, x) => tf.tan(x), "unit"),
  Tanh: unary((tf, x) => tf.tanh(x)),
  Tile: unary((tf, x) => tf.tile(x, [2, 3])),
  Transpose: unary((tf, x) => tf.transpose(x as Tensor2D, [1, 0])),
  Unpack: unary((tf, x) => {
    const [a, b, c] = tf.unstack(x, 0);
    return tf.add(tf.mul(a, b), c);
  }),
  UnsortedSegmentSum: unary((tf, x) =>
    tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1], "int32"), 3)
  ),
  ZerosLike: unary((tf, x) => tf.zerosLike(x)),
};

/** Gradients without a sample, and why. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  ComplexAbs: "complex numbers are on cpu and webgpu only; no layer uses them",
  FloorDiv: "TensorFlow.js defines it as that of a division, which no difference can confirm",
};

/** The values of the inputs of a sample. */
function inputsOf({ shapes, domain = "any" }: Sample, name: string): Float32Array[] {
  return shapes.map((shape, i) => {
    const values = normals(shape, `${name} ${i}`);
    const size = values.length;
    switch (domain) {
      case "any":
        return values;
      case "unit":
        return values.map((value) => 0.8 * Math.tanh(value));
      case "positive":
        return values.map((value) => 0.5 + Math.abs(value));
      case "above1":
        return values.map((value) => 1.5 + Math.abs(value));
      case "apart":
        // All different, at least 0.1 from whole and half numbers and from one another.
        return values.map((_, at) =>
          ((at * 11 + 3) % size - (size >> 1)) * (size > 40 ? 0.25 : 0.5) + 0.15 + 0.04 * i
        );
    }
  });
}

/** The weights that make one number of the result. */
function weightsOf(size: number, name: string): Float32Array {
  return normals([size], `${name} weights`);
}

/** The result and all gradients of Σ f(xs) · weights; the caller disposes them. */
export function runSample(tf: Tf, name: string, sample = SAMPLES[name]): Tensor[] {
  return tf.tidy(() => {
    const inputs = inputsOf(sample, name);
    const xs = sample.shapes.map((shape, i) => tf.tensor(inputs[i], [...shape]));
    const y = sample.f(tf, ...xs);
    const weights = tf.tensor(weightsOf(y.size, name), y.shape);
    const grads = tf.grads((...zs: Tensor[]) => tf.sum(tf.mul(sample.f(tf, ...zs), weights)))(xs);
    return [y, ...grads];
  });
}

/** Places of an input and the slopes that differences of the forward pass on cpu give there. */
interface Differences {
  readonly which: number;
  readonly places: readonly number[];
  readonly wanted: readonly number[];
}

/** The step is a power of two; results are weighed and added up in doubles. */
const STEP = 2 ** -6;

/** Central differences at about `places` places of every input. */
async function differences(
  name: string,
  sample: Sample,
  { places: count }: { readonly places: number },
): Promise<Differences[]> {
  const inputs = inputsOf(sample, name);
  const loss = async (values: readonly Float32Array[]) => {
    const [y] = await valuesOn(
      "cpu",
      (tf) => [sample.f(tf, ...values.map((x, i) => tf.tensor(x, [...sample.shapes[i]])))],
    );
    const weights = weightsOf(y.length, name);
    return y.reduce((sum, value, i) => sum + value * weights[i], 0);
  };
  const found: Differences[] = [];
  for (const [which, input] of inputs.entries()) {
    const every = Math.max(1, Math.floor(input.length / count));
    const places = Array.from(input.keys()).filter((at) => at % every === 0);
    const wanted: number[] = [];
    for (const at of places) {
      const moved = (step: number) =>
        inputs.map((x, i) => i === which ? x.map((v, j) => j === at ? v + step : v) : x);
      wanted.push((await loss(moved(STEP)) - await loss(moved(-STEP))) / (2 * STEP));
    }
    found.push({ which, places, wanted });
  }
  return found;
}

/** Asserts that the gradients of a sample on cpu are what differences of it say. */
export async function assertDifferences(
  name: string,
  sample: Sample,
  { places: count }: { readonly places: number },
): Promise<void> {
  const [, ...found] = await valuesOn("cpu", (tf) => runSample(tf, name, sample));
  for (const { which, places, wanted } of await differences(name, sample, { places: count })) {
    assertClose(places.map((at) => found[which][at]), wanted, `${name}, input ${which}`, 2e-3);
  }
}
