import type { ConvInfo, ConvolutionKernels } from "../kernels/convolution.ts";
import { filterGradient, forwardConvolution, inputGradient } from "./convolution.ts";
import type { NativeSession } from "./native_session.ts";
import type { Onednn } from "./onednn.ts";
import type { Primitive } from "./primitive.ts";

/** The convolutions of a backend by oneDNN; what it cannot do is left to `others`, and noted. */
export function nativeConvolution(
  session: NativeSession,
  others: ConvolutionKernels,
): ConvolutionKernels {
  const run = (
    pass: keyof ConvolutionKernels,
    { key, build, places }: {
      readonly key: string;
      readonly build: (onednn: Onednn) => Primitive;
      readonly places: readonly number[];
    },
  ): boolean => {
    const fault = session.run(`${pass} ${key}`, build, places);
    if (fault !== undefined) session.note(`convolution, ${pass}`, fault);
    return fault === undefined;
  };
  return {
    forward: (conv, places) => {
      const { x, filter, bias, activation = "linear", y } = places;
      const end = { bias: bias !== undefined, activation };
      const done = run("forward", {
        key: `${keyOf(conv)} ${end.bias} ${activation}`,
        build: (onednn) => forwardConvolution(onednn, conv, end),
        places: bias === undefined ? [x, filter, y] : [x, filter, bias, y],
      });
      if (!done) others.forward(conv, places);
    },
    filterGradient: (conv, places) => {
      const done = run("filterGradient", {
        key: keyOf(conv),
        build: (onednn) => filterGradient(onednn, conv),
        places: [places.x, places.dy, places.gradient],
      });
      if (!done) others.filterGradient(conv, places);
    },
    inputGradient: (conv, places) => {
      const done = run("inputGradient", {
        key: keyOf(conv),
        build: (onednn) => inputGradient(onednn, conv),
        places: [places.dy, places.filter, places.gradient],
      });
      if (!done) others.inputGradient(conv, places);
    },
  };
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
