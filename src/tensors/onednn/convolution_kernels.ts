import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { ConvInfo } from "../kernels/convolution_gradients.ts";
import type { Shape4D, WindowAttrs } from "../kernels/window_attrs.ts";
import type { WasmBackend } from "../kernels/wasm_heap.ts";
import type { Tf } from "../tf.ts";
import { isActivation } from "./activation.ts";
import { filterGradient, forwardConvolution, inputGradient } from "./convolution.ts";
import type { NativeSession } from "./native_session.ts";
import type { Onednn } from "./onednn.ts";
import type { Primitive } from "./primitive.ts";

/** What a kernel is called with. */
export type KernelArguments = Parameters<KernelFunc>[0];

/** A kernel by oneDNN: its result, why it leaves the work to wasm, or undefined if by choice. */
export type NativeKernel = (args: KernelArguments) => TensorInfo | string | undefined;

interface ConvolutionAttrs extends WindowAttrs {
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: [number, number] | number | null;
  readonly activation?: string;
}

/** The convolutions that oneDNN computes, by the name of their kernel. */
export function convolutionKernels(tf: Tf, session: NativeSession): Record<string, NativeKernel> {
  return {
    Conv2D: (args) => forward(tf, session, args),
    FusedConv2D: (args) => forward(tf, session, args),
    Conv2DBackpropInput: (args) => {
      const { dy, filter } = tensorsOf(args);
      const { inputShape } = args.attrs as unknown as { inputShape: Shape4D };
      const conv = convInfo(tf, { input: inputShape, filter: filter.shape, args });
      return compute(session, args, {
        ...{ kind: "input gradient", conv, inputs: [dy, filter], shape: inputShape },
        build: (onednn, found) => inputGradient(onednn, found),
      });
    },
    Conv2DBackpropFilter: (args) => {
      const { x, dy } = tensorsOf(args);
      const { filterShape } = args.attrs as unknown as { filterShape: Shape4D };
      const conv = convInfo(tf, { input: x.shape, filter: filterShape, args });
      return compute(session, args, {
        ...{ kind: "filter gradient", conv, inputs: [x, dy], shape: filterShape },
        build: (onednn, found) => filterGradient(onednn, found),
      });
    },
  };
}

function forward(tf: Tf, session: NativeSession, args: KernelArguments) {
  const { x, filter, bias, preluActivationWeights } = tensorsOf(args);
  const { activation = "linear" } = args.attrs as unknown as ConvolutionAttrs;
  if (!isActivation(activation) || preluActivationWeights) {
    return `the activation ${activation} is not fused`;
  }
  const conv = convInfo(tf, { input: x.shape, filter: filter.shape, args });
  if (typeof conv !== "string" && bias && bias.shape.at(-1) !== conv.outChannels) {
    return "the bias is not one number for each filter";
  }
  const end = { bias: Boolean(bias), activation };
  return compute(session, args, {
    kind: `forward ${end.bias} ${activation}`,
    conv,
    inputs: bias ? [x, filter, bias] : [x, filter],
    shape: typeof conv === "string" ? [] : conv.outShape,
    build: (onednn, found) => forwardConvolution(onednn, found, end),
  });
}

function compute(
  session: NativeSession,
  { backend }: KernelArguments,
  { kind, conv, inputs, shape, build }: {
    readonly kind: string;
    readonly conv: ConvInfo | string;
    readonly inputs: readonly TensorInfo[];
    readonly shape: readonly number[];
    readonly build: (onednn: Onednn, conv: ConvInfo) => Primitive;
  },
): TensorInfo | string {
  if (typeof conv === "string") return conv;
  if (inputs.some(({ dtype }) => dtype !== "float32")) return "the tensors are not float32";
  if ([...inputs.flatMap((input) => input.shape), ...shape].includes(0)) return "it is empty";
  const heap = backend as unknown as WasmBackend;
  return session.compute(`${kind} ${keyOf(conv)}`, {
    build: (onednn) => build(onednn, conv),
    inputs,
    output: () => heap.makeOutput([...shape], "float32"),
  });
}

/** What a primitive of a convolution depends on. */
function keyOf(conv: ConvInfo): string {
  const { padInfo: { top, bottom, left, right } } = conv;
  return [
    ...[conv.batchSize, conv.inHeight, conv.inWidth, conv.inChannels],
    ...[conv.outHeight, conv.outWidth, conv.outChannels, conv.filterHeight, conv.filterWidth],
    ...[conv.strideHeight, conv.strideWidth, conv.dilationHeight, conv.dilationWidth],
    ...[top, bottom, left, right],
  ].join(" ");
}

function convInfo(
  tf: Tf,
  { input, filter, args }: {
    readonly input: readonly number[];
    readonly filter: readonly number[];
    readonly args: KernelArguments;
  },
): ConvInfo | string {
  const { strides, pad, dilations, dimRoundingMode, dataFormat } = args
    .attrs as unknown as ConvolutionAttrs;
  if (dataFormat === "NCHW") return "the data format is NCHW";
  const { computeConv2DInfo } = tf.backend_util;
  const shapes = [input, filter] as unknown as [Shape4D, Shape4D];
  // Layers give null for no dilations.
  return computeConv2DInfo(...shapes, strides, dilations ?? 1, pad, dimRoundingMode);
}

function tensorsOf({ inputs }: KernelArguments): Record<string, TensorInfo> {
  return inputs as unknown as Record<string, TensorInfo>;
}
