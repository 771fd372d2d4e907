// The SIMD kernels one by one: relaxed against plain, and where TensorFlow.js brings a kernel of
// its own, against that.
import type { KernelConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs";
import { type SimdKind, startSimdKernels } from "../src/tensors/kernels/simd_kernels.ts";
import type { WasmBackend } from "../src/tensors/kernels/wasm_heap.ts";
import type { Tf } from "../src/tensors/tf.ts";
import { type BenchRow, compare } from "./measure.ts";

const N = 28, BATCH = 32;

interface Case {
  readonly kernel: string;
  readonly inputs: Record<string, Tensor>;
  readonly attrs: unknown;
}

/** Measures each kernel on a batch of images; `shipped` are those that the package brings. */
export async function benchKernels(
  tf: Tf,
  { shipped, rounds }: { readonly shipped: readonly KernelConfig[]; readonly rounds: number },
): Promise<BenchRow[]> {
  const backend = tf.backend() as unknown as WasmBackend;
  const rows: BenchRow[] = [];
  for (const { kernel, inputs, attrs } of cases(tf)) {
    const own = tf.getKernel(kernel, "wasm");
    const run = ({ kernelFunc }: KernelConfig, simd?: SimdKind) => () => {
      if (simd !== undefined) startSimdKernels(backend, simd);
      const given = { inputs, attrs: attrs as NamedAttrMap, backend };
      const found = kernelFunc(given as unknown as Parameters<typeof kernelFunc>[0]);
      backend.disposeData((found as Tensor).dataId);
    };
    const facts = { name: kernel, n: N, batch: BATCH, rounds, repeat: 5, repeatAgainst: 5 };
    rows.push(
      await compare(run(own, "relaxed"), run(own, "plain"), { ...facts, against: "plain SIMD" }),
    );
    const theirs = shipped.find(({ kernelName }) => kernelName === kernel);
    if (theirs === undefined) continue;
    const against = "TensorFlow.js wasm";
    rows.push(await compare(run(own, "relaxed"), run(theirs), { ...facts, against }));
  }
  return rows;
}

function cases(tf: Tf): Case[] {
  const image = [BATCH, N, N, 32];
  const normal = (shape: number[]) => tf.randomNormal(shape, 0, 1, "float32", shape.length);
  const [x, dy, filter] = [normal(image), normal(image), normal([3, 3, 32, 1])];
  const pooled = normal([BATCH, N / 2, N / 2, 32]);
  const depthwise = { strides: 1, dilations: 1, pad: "same" };
  const segmentIds = tf.randomUniform([BATCH * N], 0, 500, "int32", 1);
  return [
    {
      kernel: "DepthwiseConv2dNativeBackpropFilter",
      inputs: { x, dy },
      attrs: { ...depthwise, filterShape: filter.shape },
    },
    {
      kernel: "DepthwiseConv2dNativeBackpropInput",
      inputs: { dy, filter },
      attrs: { ...depthwise, inputShape: image },
    },
    {
      kernel: "MaxPoolGrad",
      inputs: { dy: pooled, input: x, output: pooled },
      attrs: { filterSize: 2, strides: 2, pad: "valid" },
    },
    { kernel: "Sum", inputs: { x }, attrs: { axis: [0, 1, 2] } },
    {
      kernel: "UnsortedSegmentSum",
      inputs: { x: normal([BATCH * N, 64]), segmentIds },
      attrs: { numSegments: 500 },
    },
  ];
}
