import type { ConvolutionActivation } from "../kernels/convolution.ts";
import { withActivation } from "./activation.ts";
import { OPERATION_BYTES, ROLE } from "./c_api.ts";
import { layout } from "./layouts.ts";
import type { Onednn } from "./onednn.ts";
import { type Operand, Primitive } from "./primitive.ts";

/** Products of `batch` pairs of matrices, rows × inner times inner × columns. */
export interface MatMulShape {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Whether the first matrix stands there transposed. */
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly bias: boolean;
  readonly activation: ConvolutionActivation;
}

/** Operands: the two matrices, a bias of one number for each column if there is one, the product. */
export function matMul(onednn: Onednn, shape: MatMulShape): Primitive {
  const { batch, rows, inner, columns, transposeA, transposeB, bias, activation } = shape;
  const { call, scratch } = onednn;
  const matrices = (height: number, width: number, transposed: boolean) => {
    const [down, right] = transposed ? [1, height] : [width, 1];
    return layout(onednn, {
      sizes: [batch, height, width],
      strides: [height * width, down, right],
    });
  };
  const a = matrices(rows, inner, transposeA);
  const b = matrices(inner, columns, transposeB);
  const product = matrices(rows, columns, false);
  const biasLayout = bias
    ? layout(onednn, { sizes: [1, 1, columns], strides: [columns, columns, 1] })
    : 0;
  const operation = scratch.room(OPERATION_BYTES);
  onednn.check(
    "this matrix product",
    call.dnnl_matmul_desc_init(operation, a, b, biasLayout, product),
  );
  const operands: Operand[] = [
    { role: ROLE.source, layout: a },
    { role: ROLE.weights, layout: b },
    ...bias ? [{ role: ROLE.bias, layout: biasLayout }] : [],
    { role: ROLE.result, layout: product, written: true },
  ];
  return withActivation(
    onednn,
    activation,
    (attributes) => new Primitive(onednn, { operation, attributes, operands }),
  );
}
