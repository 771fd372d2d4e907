import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import type { ConvInfo, ConvolutionActivation } from "./convolution.ts";
import { convolutionKernels } from "./convolution_kernels.ts";
import { address, type WasmBackend, type WasmKernel } from "./wasm_heap.ts";
import type { Shape4D, WindowAttrs } from "./window_attrs.ts";

interface Attrs extends WindowAttrs {
  /** Layers give null for none. */
  readonly dilations?: [number, number] | number | null;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly activation?: string;
}

/** Activations that a convolution applies while it stores its results. */
const ACTIVATIONS: readonly string[] = [
  "linear",
  "relu",
  "relu6",
] satisfies ConvolutionActivation[];

/**
 * `Conv2D` and `FusedConv2D`. What these kernels do not have (other activations, NCHW) is left to
 * the backend's own.
 */
export function convolutionForward(tf: Tf, kernelName: "Conv2D" | "FusedConv2D"): WasmKernel {
  const brought = tf.getKernel(kernelName, "wasm");
  const kernelFunc = ((args) => {
    const { x, filter, bias } = args.inputs as unknown as {
      readonly x: TensorInfo;
      readonly filter: TensorInfo;
      readonly bias?: TensorInfo;
    };
    const attrs = args.attrs as unknown as Attrs;
    const { activation = "linear", dataFormat } = attrs;
    const conv = dataFormat === "NCHW"
      ? undefined
      : convInfo(tf, { input: x.shape, filter: filter.shape, attrs });
    const biased = bias === undefined || bias.shape.join() === String(conv?.outChannels);
    if (conv === undefined || !biased || !ACTIVATIONS.includes(activation)) {
      return brought.kernelFunc(args);
    }
    const heap = args.backend as unknown as WasmBackend;
    const y = heap.makeOutput(conv.outShape, "float32");
    convolutionKernels(heap).forward(conv, {
      x: address(heap, x),
      filter: address(heap, filter),
      bias: bias === undefined ? undefined : address(heap, bias),
      activation: activation as ConvolutionActivation,
      y: address(heap, y),
    });
    return y;
  }) as KernelFunc;
  return { ...brought, kernelFunc };
}

/** `Conv2DBackpropFilter`, which the wasm backend lacks. */
export function conv2dFilterGradient(tf: Tf): WasmKernel {
  const kernelFunc = (({ inputs, backend, attrs }) => {
    const { x, dy } = inputs as unknown as { x: TensorInfo; dy: TensorInfo };
    const { filterShape } = attrs as unknown as { filterShape: Shape4D };
    const conv = convInfo(tf, { input: x.shape, filter: filterShape, attrs });
    const heap = backend as unknown as WasmBackend;
    const gradient = heap.makeOutput(filterShape, "float32");
    convolutionKernels(heap).filterGradient(conv, {
      x: address(heap, x),
      dy: address(heap, dy),
      gradient: address(heap, gradient),
    });
    return gradient;
  }) as KernelFunc;
  return { kernelName: "Conv2DBackpropFilter", backendName: "wasm", kernelFunc };
}

/**
 * `Conv2DBackpropInput`, also what `tf.conv2dTranspose` runs. The wasm backend brings a plain loop
 * of its own.
 */
export function conv2dInputGradient(tf: Tf): WasmKernel {
  const kernelFunc = (({ inputs, backend, attrs }) => {
    const { dy, filter } = inputs as unknown as { dy: TensorInfo; filter: TensorInfo };
    const { inputShape } = attrs as unknown as { inputShape: Shape4D };
    const conv = convInfo(tf, { input: inputShape, filter: filter.shape, attrs });
    const heap = backend as unknown as WasmBackend;
    const gradient = heap.makeOutput(inputShape, "float32");
    convolutionKernels(heap).inputGradient(conv, {
      dy: address(heap, dy),
      filter: address(heap, filter),
      gradient: address(heap, gradient),
    });
    return gradient;
  }) as KernelFunc;
  return { kernelName: "Conv2DBackpropInput", backendName: "wasm", kernelFunc };
}

function convInfo(
  tf: Tf,
  { input, filter, attrs }: {
    readonly input: number[];
    readonly filter: number[];
    readonly attrs: unknown;
  },
): ConvInfo {
  const { strides, pad, dilations, dimRoundingMode } = attrs as Attrs;
  return tf.backend_util.computeConv2DInfo(
    input as Shape4D,
    filter as Shape4D,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
  );
}
