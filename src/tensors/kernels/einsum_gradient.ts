import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { parseEquation } from "./einsum.ts";

/**
 * The gradient of `Einsum`, which TensorFlow.js does not have: for "A,B->O" that of the first
 * operand is "O,B->A". A letter that stands in A alone was added up, so dy is repeated along it.
 */
export function einsumGradient(tf: Tf): GradConfig {
  const gradFunc = (dy: Tensor, saved: Tensor[], attrs: NamedAttrMap) => {
    const { terms, output } = parseEquation(attrs.equation as unknown as string);
    const gradients = terms.map((term, i) => () => {
      const other = terms[1 - i];
      const known = [...term].filter((letter) => (output + (other ?? "")).includes(letter)).join(
        "",
      );
      const gradient = other === undefined
        ? tf.einsum(`${output}->${known}`, dy)
        : tf.einsum(`${output},${other}->${known}`, dy, saved[1 - i]);
      if (known === term) return gradient;
      const { shape } = saved[i];
      const thin = shape.map((size, axis) => known.includes(term[axis]) ? size : 1);
      return tf.broadcastTo(tf.reshape(gradient, thin), shape);
    });
    return Object.fromEntries(gradients.map((gradient, i) => [String(i), gradient]));
  };
  return {
    kernelName: "Einsum",
    saveAllInputs: true,
    gradFunc: gradFunc as GradConfig["gradFunc"],
  };
}
