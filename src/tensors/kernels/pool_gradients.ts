import type { GradConfig, NamedAttrMap, Tensor, Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import type { ExplicitPadding, WindowAttrs } from "./window_attrs.ts";

interface Attrs extends WindowAttrs {
  readonly filterSize: [number, number] | number;
}

type PoolInfo = ReturnType<Tf["backend_util"]["computePool2DInfo"]>;

/**
 * The gradients of `MaxPool` and `AvgPool`. Those of TensorFlow.js forget `dimRoundingMode`, so
 * that the backward pass sees fewer windows than the forward pass had; and at the edge its AvgPool
 * divides by the pixels it sees, but its gradient by the whole window.
 */
export function poolGradients(tf: Tf): GradConfig[] {
  const run = (kernel: string, inputs: Record<string, Tensor>, pool: PoolInfo) =>
    tf.engine().runKernel(kernel, inputs, kernelAttrs(pool)) as Tensor;
  const max = (dy: Tensor, [input, output]: Tensor4D[], attrs: NamedAttrMap) => ({
    x: () => run("MaxPoolGrad", { dy, input, output }, poolInfo(tf, input, attrs)),
  });
  const average = (dy: Tensor, [input]: Tensor4D[], attrs: NamedAttrMap) => ({
    x: () => {
      const pool = poolInfo(tf, input, attrs);
      const shares = windowShares(pool);
      const scaled = shares === undefined
        ? dy
        : tf.mul(dy, tf.tensor4d(shares, [1, pool.outHeight, pool.outWidth, 1]));
      return run("AvgPoolGrad", { dy: scaled, input }, pool);
    },
  });
  return [
    { ...tf.getGradient("MaxPool"), gradFunc: max as unknown as GradConfig["gradFunc"] },
    { ...tf.getGradient("AvgPool"), gradFunc: average as unknown as GradConfig["gradFunc"] },
  ];
}

function poolInfo(tf: Tf, input: Tensor4D, attrs: NamedAttrMap): PoolInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Attrs;
  return tf.backend_util.computePool2DInfo(
    input.shape,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/** Attributes that give the same windows without a rounding mode, which some kernels ignore. */
function kernelAttrs(pool: PoolInfo): NamedAttrMap {
  const { inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth, padInfo } = pool;
  const { filterHeight, filterWidth } = pool;
  const after = (size: number, before: number, last: number) => Math.max(0, last - size - before);
  const bottom = after(inHeight, padInfo.top, (outHeight - 1) * strideHeight + filterHeight);
  const right = after(inWidth, padInfo.left, (outWidth - 1) * strideWidth + filterWidth);
  const pad: ExplicitPadding = [[0, 0], [padInfo.top, bottom], [padInfo.left, right], [0, 0]];
  return {
    filterSize: [filterHeight, filterWidth],
    strides: [strideHeight, strideWidth],
    pad,
  } as unknown as NamedAttrMap;
}

/** By how much a window is larger than its part inside the image; undefined where none is. */
function windowShares(pool: PoolInfo): Float32Array | undefined {
  const seen = (out: number, size: number, [stride, filter, before]: number[]) =>
    Array.from({ length: out }, (_, i) => {
      const start = i * stride - before;
      return Math.max(1, Math.min(size, start + filter) - Math.max(0, start));
    });
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = pool;
  const rows = seen(pool.outHeight, pool.inHeight, [strideHeight, filterHeight, padInfo.top]);
  const columns = seen(pool.outWidth, pool.inWidth, [strideWidth, filterWidth, padInfo.left]);
  const shares = rows.flatMap((row) =>
    columns.map((column) => filterHeight * filterWidth / (row * column))
  );
  return shares.every((share) => share === 1) ? undefined : Float32Array.from(shares);
}
