import { type SymbolicTensor, tfjs } from "../../tensors/tf.ts";
import type { BuildContext } from "../build_context.ts";
import { connect } from "../layers/connect.ts";
import { FIRST_SEED } from "./encoder.ts";

/** Layers with the settings of torchvision, each behind a symbolic tensor. */
export class ResnetParts {
  readonly #context: BuildContext;
  #convolutions = 0;

  constructor(context: BuildContext) {
    this.#context = context;
  }

  /** A convolution without bias, padded by half its kernel on every side as in PyTorch. */
  convolution(
    x: SymbolicTensor,
    { name, filters, kernel, stride = 1 }: {
      readonly name: string;
      readonly filters: number;
      readonly kernel: number;
      readonly stride?: number;
    },
  ): SymbolicTensor {
    const { layers, initializers } = tfjs();
    const seed = this.#context.seedOf(FIRST_SEED + this.#convolutions++);
    // "same" pads an even side by less on the left when it strides; without stride it is the same.
    const explicit = stride > 1 && kernel > 1;
    const input = explicit ? this.pad(x, { name: `${name}_pad`, by: (kernel - 1) / 2 }) : x;
    const layer = layers.conv2d({
      name: `encoder_${name}`,
      filters,
      kernelSize: kernel,
      strides: stride,
      padding: explicit ? "valid" : "same",
      useBias: false,
      kernelInitializer: initializers.varianceScaling({
        scale: 2,
        mode: "fanOut",
        distribution: "normal",
        seed,
      }),
    });
    return connect(layer, input);
  }

  /** Batch norm; PyTorch's momentum of 0.1 is 0.9 here. The running variance is the biased one. */
  norm(
    x: SymbolicTensor,
    { name, zero = false }: { readonly name: string; readonly zero?: boolean },
  ): SymbolicTensor {
    const layer = tfjs().layers.batchNormalization({
      name: `encoder_${name}`,
      momentum: 0.9,
      epsilon: 1e-5,
      gammaInitializer: zero ? "zeros" : "ones",
    });
    return connect(layer, x);
  }

  relu(x: SymbolicTensor, name: string): SymbolicTensor {
    return connect(tfjs().layers.reLU({ name: `encoder_${name}` }), x);
  }

  pad(x: SymbolicTensor, { name, by }: { readonly name: string; readonly by: number }) {
    const layer = tfjs().layers.zeroPadding2d({ name: `encoder_${name}`, padding: [by, by] });
    return connect(layer, x);
  }
}
