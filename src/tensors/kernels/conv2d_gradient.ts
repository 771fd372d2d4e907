import type { GradConfig, NamedAttrMap, Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { convolutionFilterGradient, convolutionInputGradient } from "./convolution_gradients.ts";
import type { WindowAttrs } from "./window_attrs.ts";

interface Attrs extends WindowAttrs {
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dilations: [number, number] | number | null;
}

/**
 * The gradient of `Conv2D`. That of TensorFlow.js refuses dilations and forgets `dimRoundingMode`;
 * the kernels that other backends than wasm have know no dilations either, so with them both
 * gradients are forward convolutions, which all backends have.
 */
export function conv2dGradient(tf: Tf): GradConfig {
  const brought = tf.getGradient("Conv2D");
  const gradFunc = (dy: Tensor4D, saved: Tensor4D[], attrs: NamedAttrMap) => {
    const [x, filter] = saved;
    const { strides, dilations, pad, dimRoundingMode, dataFormat } = attrs as unknown as Attrs;
    const dilated = [dilations ?? 1].flat().some((step) => step !== 1);
    if (dilated && (tf.getBackend() !== "wasm" || dataFormat === "NCHW")) {
      if (dataFormat === "NCHW") {
        throw new Error(
          "conv2d: no gradient for dilations with data format NCHW. Transpose to NHWC first",
        );
      }
      const conv = tf.backend_util.computeConv2DInfo(
        x.shape,
        filter.shape,
        strides,
        dilations ?? 1,
        pad,
        dimRoundingMode,
      );
      return {
        x: () => convolutionInputGradient(tf, { dy, filter, conv }),
        filter: () => convolutionFilterGradient(tf, { x, dy, conv }),
      };
    }
    const given = { strides, pad, dataFormat, dimRoundingMode, dilations };
    const run = (kernel: string, inputs: Record<string, Tensor4D>, shape: NamedAttrMap) =>
      tf.engine().runKernel(kernel, inputs, { ...given, ...shape } as unknown as NamedAttrMap);
    return {
      x: () => run("Conv2DBackpropInput", { dy, filter }, { inputShape: x.shape }),
      filter: () => run("Conv2DBackpropFilter", { x, dy }, { filterShape: filter.shape }),
    };
  };
  return { ...brought, gradFunc: gradFunc as unknown as GradConfig["gradFunc"] };
}
