// oneDNN on the wasm backend, where the machine has it: the three passes of a convolution against
// the SIMD kernels, on the same tensors.
import type { ConvolutionKernels } from "../src/tensors/kernels/convolution.ts";
import { convolutionKernels } from "../src/tensors/kernels/convolution_kernels.ts";
import { address, type WasmBackend } from "../src/tensors/kernels/wasm_heap.ts";
import { openTensors } from "../src/tensors/open_tensors.ts";
import type { Tf } from "../src/tensors/tf.ts";
import { type BenchRow, compare } from "./measure.ts";

const BATCH = 32;

/** Side, channels and filters of the layers of the small classifier at 64x64. */
const LAYERS = [[64, 3, 16], [32, 16, 32], [16, 32, 64]] as const;

/** Runs `work` with oneDNN computing, if it can be had; gives what it gives, or no rows. */
export async function withOnednn(work: () => Promise<BenchRow[]>): Promise<BenchRow[]> {
  const { backend, report } = await openTensors({ prefer: "wasm+onednn" });
  if (backend !== "wasm+onednn") {
    console.error(`bench tensors: without oneDNN: ${report.found[0].reason}`);
    return [];
  }
  try {
    return await work();
  } finally {
    await openTensors({ require: "wasm" });
  }
}

/** Measures the passes one by one. */
export async function benchPasses(tf: Tf, rounds: number): Promise<BenchRow[]> {
  const backend = tf.backend() as unknown as WasmBackend;
  const simd = convolutionKernels(backend);
  return await withOnednn(async () => {
    const rows: BenchRow[] = [];
    for (const layer of LAYERS) {
      rows.push(
        ...await benchLayer(tf, { layer, rounds, simd, native: convolutionKernels(backend) }),
      );
    }
    return rows;
  });
}

async function benchLayer(
  tf: Tf,
  { layer: [n, channels, filters], rounds, simd, native }: {
    readonly layer: typeof LAYERS[number];
    readonly rounds: number;
    readonly simd: ConvolutionKernels;
    readonly native: ConvolutionKernels;
  },
): Promise<BenchRow[]> {
  const shapes = { image: [BATCH, n, n, channels], filter: [3, 3, channels, filters] };
  const conv = tf.backend_util.computeConv2DInfo(
    shapes.image as [number, number, number, number],
    shapes.filter as [number, number, number, number],
    ...[1, 1, "same"] as const,
  );
  const tensors = [shapes.image, shapes.filter, conv.outShape, conv.outShape]
    .map((shape, seed) => tf.randomNormal(shape, 0, 1, "float32", seed + 1));
  const heap = tf.backend() as unknown as WasmBackend;
  const [x, filter, y, dy] = tensors.map((tensor) => address(heap, tensor));
  const passes: Record<string, (kernels: ConvolutionKernels) => void> = {
    forward: (kernels) => kernels.forward(conv, { x, filter, y }),
    "filter gradient": (kernels) => kernels.filterGradient(conv, { x, dy, gradient: filter }),
    "input gradient": (kernels) => kernels.inputGradient(conv, { dy, filter, gradient: x }),
  };
  const rows: BenchRow[] = [];
  for (const [pass, run] of Object.entries(passes)) {
    const name = `convolution ${channels} to ${filters}, ${pass}, oneDNN`;
    rows.push(
      await compare(() => run(native), () => run(simd), {
        ...{ name, n, batch: BATCH, rounds, against: "SIMD kernels", repeat: 3, repeatAgainst: 3 },
      }),
    );
  }
  tensors.forEach((tensor) => tensor.dispose());
  return rows;
}
