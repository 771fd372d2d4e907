import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { ConvolutionActivation } from "../kernels/convolution.ts";
import { address, type WasmBackend } from "../kernels/wasm_heap.ts";
import { matMul, type MatMulShape } from "./mat_mul.ts";
import type { NativeSession } from "./native_session.ts";

/** Multiplications below which a product is done in wasm before oneDNN has been called. */
const WORTH = 2 ** 15;

interface MatMulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly activation?: string;
}

/** What a kernel is called with. */
type KernelArguments = Parameters<KernelFunc>[0];

/** Activations that oneDNN appends to a product. */
const ACTIVATIONS: readonly string[] = [
  "linear",
  "relu",
  "relu6",
] satisfies ConvolutionActivation[];

/**
 * `BatchMatMul` and `_FusedMatMul` by oneDNN: the product, why it cannot, or undefined where it is
 * not worth a call.
 */
export function multiply(
  session: NativeSession,
  args: KernelArguments,
): TensorInfo | string | undefined {
  const { a, b, bias } = args
    .inputs as unknown as Record<string, TensorInfo>;
  const { activation = "linear" } = args.attrs as unknown as MatMulAttrs;
  if (!ACTIVATIONS.includes(activation)) {
    return `the activation ${activation} is not fused`;
  }
  const inputs = bias ? [a, b, bias] : [a, b];
  if (inputs.some(({ dtype }) => dtype !== "float32")) return "the tensors are not float32";
  const shape = shapeOf(args, {
    bias: Boolean(bias),
    activation: activation as ConvolutionActivation,
  });
  if (shape === undefined) return "the matrices are repeated";
  const { batch, rows, inner, columns } = shape;
  if (batch * rows * inner * columns < WORTH) return undefined;
  if (bias && !(bias.shape.length === 1 && bias.shape[0] === columns)) {
    return "the bias is not one number for each column";
  }
  const heap = args.backend as unknown as WasmBackend;
  const product = heap.makeOutput([...a.shape.slice(0, -2), rows, columns], "float32");
  const places = [...inputs, product].map((tensor) => address(heap, tensor));
  const key = `product ${Object.values(shape).join(" ")}`;
  const fault = session.run(key, (onednn) => matMul(onednn, shape), places);
  if (fault !== undefined) heap.disposeData(product.dataId);
  return fault ?? product;
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
