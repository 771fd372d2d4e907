import type { KernelConfig, KernelFunc, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";

/**
 * `BatchMatMul` where both operands are repeated, [2, 1] batches times [3], or one in the middle.
 * The kernels of the backends count an operand's batches around and around, which is right only
 * where its batch axes are the last ones of the result's; otherwise cpu gives wrong numbers and
 * wasm leaves a part of the result as it was. This one repeats tensors by operations, so that it has
 * to stand in front of kernels that pass on numbers without a tensor.
 */
export function broadcastMatMul(tf: Tf, brought: KernelConfig): KernelConfig {
  const kernelFunc = ((args) => {
    const { a, b } = args.inputs as unknown as { a: Tensor; b: Tensor };
    const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
    if (isEndOf(batchA, batch) && isEndOf(batchB, batch)) return brought.kernelFunc(args);
    const { transposeA, transposeB } = args.attrs as unknown as {
      readonly transposeA: boolean;
      readonly transposeB: boolean;
    };
    const repeated = (x: Tensor) => tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
    return tf.tidy(() => tf.matMul(repeated(a), repeated(b), transposeA, transposeB));
  }) as KernelFunc;
  return { ...brought, kernelFunc };
}

/** Whether the axes, without leading ones, are the last axes of `all`. */
function isEndOf(axes: readonly number[], all: readonly number[]): boolean {
  const first = axes.findIndex((size) => size !== 1);
  const own = first < 0 ? [] : axes.slice(first);
  return own.every((size, i) => size === all[all.length - own.length + i]);
}
