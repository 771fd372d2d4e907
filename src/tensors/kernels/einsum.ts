import type { KernelFunc, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import type { WasmKernel } from "./wasm_heap.ts";

/** The letters of an equation: one string for each operand, and that of the result. */
export interface Equation {
  readonly terms: readonly string[];
  readonly output: string;
}

/** Splits "ij,jk->ik"; `tf.einsum` itself has refused what is malformed. */
export function parseEquation(equation: string): Equation {
  const [inputs, output] = equation.replaceAll(/\s/g, "").split("->");
  return { terms: inputs.split(","), output };
}

/**
 * `Einsum`, which the wasm backend lacks: a batched matrix product. Letters that only one operand
 * has and the result has not are added up first.
 */
export function einsumKernel(tf: Tf): WasmKernel {
  const kernelFunc = (({ inputs, attrs }) => {
    const { equation } = attrs as unknown as { equation: string };
    const operands = Object.values(inputs) as Tensor[];
    const { terms, output } = parseEquation(equation);
    const { backend_util } = tf;
    const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, operands.length);
    backend_util.checkEinsumDimSizes(allDims.length, idDims, operands);
    return tf.tidy(() => {
      const [a, b] = terms.map((term, i) => {
        const elsewhere = output + (terms[1 - i] ?? "");
        return sumUnseen(tf, operands[i], { term, elsewhere });
      });
      if (b === undefined) return permuted(tf, a, output).clone();
      return product(tf, { a, b, output });
    });
  }) as KernelFunc;
  return { kernelName: "Einsum", backendName: "wasm", kernelFunc };
}

/** A tensor with a letter for each axis. */
interface Labelled {
  readonly tensor: Tensor;
  readonly term: string;
}

function sumUnseen(
  tf: Tf,
  tensor: Tensor,
  { term, elsewhere }: { readonly term: string; readonly elsewhere: string },
): Labelled {
  const unseen = [...term].flatMap((letter, axis) => elsewhere.includes(letter) ? [] : [axis]);
  if (unseen.length === 0) return { tensor, term };
  const left = [...term].filter((letter) => elsewhere.includes(letter)).join("");
  return { tensor: tf.sum(tensor, unseen), term: left };
}

/** The tensor with its axes in the order of `letters`. */
function permuted(tf: Tf, { tensor, term }: Labelled, letters: string): Tensor {
  return term === letters
    ? tensor
    : tf.transpose(tensor, [...letters].map((letter) => term.indexOf(letter)));
}

function product(
  tf: Tf,
  { a, b, output }: { readonly a: Labelled; readonly b: Labelled; readonly output: string },
): Tensor {
  const pick = (term: string, other: string, both: boolean, kept: boolean) =>
    [...term].filter((letter) =>
      other.includes(letter) === both && output.includes(letter) === kept
    )
      .join("");
  const batch = pick(a.term, b.term, true, true), inner = pick(a.term, b.term, true, false);
  const rows = pick(a.term, b.term, false, true), columns = pick(b.term, a.term, false, true);
  const sizes = new Map<string, number>();
  for (const { term, tensor } of [a, b]) {
    [...term].forEach((letter, axis) => sizes.set(letter, tensor.shape[axis]));
  }
  const shape = (letters: string) => [...letters].map((letter) => sizes.get(letter) as number);
  const count = (letters: string) => shape(letters).reduce((x, y) => x * y, 1);
  const as3d = (labelled: Labelled, [first, second, third]: readonly string[]) =>
    tf.reshape(permuted(tf, labelled, first + second + third), [
      count(first),
      count(second),
      count(third),
    ]);
  const result = tf.matMul(as3d(a, [batch, rows, inner]), as3d(b, [batch, inner, columns]));
  const term = batch + rows + columns;
  return permuted(tf, { tensor: tf.reshape(result, shape(term)), term }, output);
}
