import type { TensorInfo } from "@tensorflow/tfjs";
import type { WasmBackend } from "../kernels/wasm_heap.ts";
import { isActivation } from "./activation.ts";
import type { KernelArguments, NativeKernel } from "./convolution_kernels.ts";
import { matMul, type MatMulShape } from "./mat_mul.ts";
import type { NativeSession } from "./native_session.ts";

/** Multiplications below which a product is done in wasm before oneDNN has been called. */
const WORTH = 2 ** 15;

interface MatMulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly activation?: string;
}

/** The matrix products that oneDNN computes, by the name of their kernel. */
export function matMulKernels(session: NativeSession): Record<string, NativeKernel> {
  return {
    BatchMatMul: (args) => multiply(session, args),
    _FusedMatMul: (args) => multiply(session, args),
  };
}

function multiply(
  session: NativeSession,
  args: KernelArguments,
): TensorInfo | string | undefined {
  const { a, b, bias, preluActivationWeights } = args
    .inputs as unknown as Record<string, TensorInfo>;
  const { activation = "linear" } = args.attrs as unknown as MatMulAttrs;
  if (!isActivation(activation) || preluActivationWeights) {
    return `the activation ${activation} is not fused`;
  }
  const inputs = bias ? [a, b, bias] : [a, b];
  if (inputs.some(({ dtype }) => dtype !== "float32")) return "the tensors are not float32";
  const shape = shapeOf(args, { bias: Boolean(bias), activation });
  if (shape === undefined) return "the matrices are repeated";
  const { batch, rows, inner, columns } = shape;
  if (batch * rows * inner * columns < WORTH) return undefined;
  if (bias && !(bias.shape.length === 1 && bias.shape[0] === columns)) {
    return "the bias is not one number for each column";
  }
  const heap = args.backend as unknown as WasmBackend;
  return session.compute(`product ${Object.values(shape).join(" ")}`, {
    build: (onednn) => matMul(onednn, shape),
    inputs,
    output: () => heap.makeOutput([...a.shape.slice(0, -2), rows, columns], "float32"),
  });
}

/** Undefined where one operand's matrices are used for several of the other's. */
function shapeOf(
  { inputs, attrs }: KernelArguments,
  end: Pick<MatMulShape, "bias" | "activation">,
): MatMulShape | undefined {
  const { a, b } = inputs as unknown as { a: TensorInfo; b: TensorInfo };
  const { transposeA, transposeB } = attrs as unknown as MatMulAttrs;
  if (String(a.shape.slice(0, -2)) !== String(b.shape.slice(0, -2))) return undefined;
  const [height, width] = a.shape.slice(-2), [, columns] = b.shape.slice(-2);
  return {
    batch: a.shape.slice(0, -2).reduce((size, axis) => size * axis, 1),
    rows: transposeA ? width : height,
    inner: transposeA ? height : width,
    columns: transposeB ? b.shape.at(-2)! : columns,
    ...{ transposeA, transposeB, ...end },
  };
}
