// Convolutions by Winograd's way against the same computed directly, on the same tensors.
import type { ConvolutionKernels } from "../src/tensors/kernels/convolution.ts";
import { simdConvolution } from "../src/tensors/kernels/simd_convolution.ts";
import { type SimdKind, startSimdKernels } from "../src/tensors/kernels/simd_kernels.ts";
import { address, type WasmBackend } from "../src/tensors/kernels/wasm_heap.ts";
import type { Tf } from "../src/tensors/tf.ts";
import { type BenchRow, compare } from "./measure.ts";

const BATCH = 32;

/** Side, channels and filters. */
const LAYERS = [[64, 16, 32], [32, 16, 32], [28, 16, 32], [16, 32, 64], [14, 32, 64], [8, 64, 128]];

/** Measures both passes of each layer with both modules; leaves the relaxed one in place. */
export async function benchWinograd(tf: Tf, rounds: number): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const simd of ["plain", "relaxed"] as const) {
    startSimdKernels(tf.backend() as unknown as WasmBackend, simd);
    for (const layer of LAYERS) rows.push(...await benchLayer(tf, { layer, simd, rounds }));
  }
  return rows;
}

async function benchLayer(
  tf: Tf,
  { layer: [n, channels, filters], simd, rounds }: {
    readonly layer: readonly number[];
    readonly simd: SimdKind;
    readonly rounds: number;
  },
): Promise<BenchRow[]> {
  const image = [BATCH, n, n, channels] as [number, number, number, number];
  const shape = [3, 3, channels, filters] as [number, number, number, number];
  const conv = tf.backend_util.computeConv2DInfo(image, shape, 1, 1, "same");
  const tensors = [image, shape, conv.outShape]
    .map((size, seed) => tf.randomNormal(size, 0, 1, "float32", seed + 1));
  const heap = tf.backend() as unknown as WasmBackend;
  const [x, filter, y] = tensors.map((tensor) => address(heap, tensor));
  const passes: Record<string, (kernels: ConvolutionKernels) => void> = {
    forward: (kernels) => kernels.forward(conv, { x, filter, y }),
    "input gradient": (kernels) => kernels.inputGradient(conv, { dy: y, filter, gradient: x }),
  };
  const ours = simdConvolution(heap), direct = simdConvolution(heap, { winograd: false });
  const rows: BenchRow[] = [];
  for (const [pass, run] of Object.entries(passes)) {
    const name = `convolution ${channels} to ${filters}, ${pass}, Winograd, ${simd}`;
    rows.push(
      await compare(() => run(ours), () => run(direct), {
        ...{ name, n, batch: BATCH, rounds, against: "direct", warmUp: 3 },
        ...{ repeat: 3, repeatAgainst: 3 },
      }),
    );
  }
  tensors.forEach((tensor) => tensor.dispose());
  return rows;
}
