import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import type { WasmKernel } from "./wasm_heap.ts";
import type { Shape4D, WindowAttrs } from "./window_attrs.ts";

interface Attrs extends WindowAttrs {
  readonly dilations?: [number, number] | number | null;
  readonly filterSize?: [number, number] | number;
  readonly dataFormat?: "NHWC" | "NCHW";
}

/** Kernels of the wasm backend that slide a window over images. */
const NAMES = [
  "DepthwiseConv2dNative",
  "FusedDepthwiseConv2D",
  "AvgPool",
  "MaxPool",
];

/**
 * The wasm backend's own kernels, held to the size that TensorFlow.js has reserved for the result.
 * The library behind them counts the windows itself: where a number is given as padding and the
 * window or its stride is uneven, or the rounding mode is not floor, it writes more than fits over
 * other tensors, or less.
 */
export function checkedWindows(tf: Tf): WasmKernel[] {
  return NAMES.map((name) => {
    const brought = tf.getKernel(name, "wasm");
    const kernelFunc = ((args) => {
      const { x, filter } = args.inputs as unknown as { x: TensorInfo; filter?: TensorInfo };
      check(tf, name, { x, filter, attrs: args.attrs as unknown as Attrs });
      return brought.kernelFunc(args);
    }) as KernelFunc;
    return { ...brought, kernelFunc };
  });
}

function check(
  tf: Tf,
  name: string,
  { x, filter, attrs }: {
    readonly x: TensorInfo;
    readonly filter?: TensorInfo;
    readonly attrs: Attrs;
  },
): void {
  const { strides, pad, dilations, filterSize = 1, dimRoundingMode } = attrs;
  if (attrs.dataFormat === "NCHW") return;
  const shape = x.shape as Shape4D;
  const { computeConv2DInfo, computePool2DInfo } = tf.backend_util;
  const info = filter === undefined
    ? computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
    : computeConv2DInfo(
      shape,
      filter.shape as Shape4D,
      strides,
      // Layers give null for none.
      dilations ?? 1,
      pad,
      dimRoundingMode,
      name.includes("Depthwise"),
    );
  const { padInfo } = info;
  const high = info.inHeight + padInfo.top + padInfo.bottom - info.effectiveFilterHeight;
  const wide = info.inWidth + padInfo.left + padInfo.right - info.effectiveFilterWidth;
  const rows = Math.floor(high / info.strideHeight) + 1;
  const columns = Math.floor(wide / info.strideWidth) + 1;
  if (rows === info.outHeight && columns === info.outWidth) return;
  throw new RangeError(
    `${name} on wasm: padding ${pad} and rounding ${dimRoundingMode ?? "floor"} make a result of ` +
      `${info.outHeight}x${info.outWidth}, but ${rows}x${columns} windows fit. Give the padding of ` +
      `each side, [[0, 0], [top, bottom], [left, right], [0, 0]], or another backend`,
  );
}
