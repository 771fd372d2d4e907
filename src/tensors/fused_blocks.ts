import {
  type GraphLayer,
  type GraphModel,
  type LayerUse,
  type SymbolicNode,
  upstreamUses,
} from "./layer_graph.ts";
import type { BlockEnd } from "./kernels/block.ts";
import { convolutionBlock } from "./kernels/convolution_block.ts";
import {
  type BatchNormLayer,
  canNormalize,
  moveStatistics,
} from "./kernels/speed_up_batch_norm.ts";
import type { Tensor, Tensor4D, Tf } from "./tf.ts";

/** What is read of a convolution layer. */
interface ConvolutionLayer extends GraphLayer {
  readonly useBias: boolean;
  readonly activation?: { getClassName(): string } | null;
  readonly dataFormat: string;
  readonly filters: number;
  readonly strides: [number, number];
  readonly dilationRate: [number, number] | number;
  readonly padding: "same" | "valid";
  readonly kernel: { read(): Tensor } | null;
}

interface PoolingLayer extends GraphLayer {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: "same" | "valid";
  readonly dataFormat: string;
}

/** Layers of a graph that can run as one operation. */
export interface FusedBlock {
  /** What goes into the convolution, and what comes out at the end. */
  readonly input: SymbolicNode;
  readonly output: SymbolicNode;
  readonly convolution: ConvolutionLayer;
  readonly norm: BatchNormLayer & GraphLayer;
  readonly pool?: PoolingLayer;
  readonly end: BlockEnd;
}

/**
 * The blocks of convolution, batch norm, ReLU and pooling in a graph, by the identity of what comes
 * out. What is in between goes nowhere else; layers of `apart` run by themselves, and so does a
 * layer whose `call` somebody has replaced.
 */
export function fusedBlocks(
  model: GraphModel,
  apart: ReadonlySet<GraphLayer>,
): Map<number, FusedBlock> {
  const uses = upstreamUses(model.outputs);
  const readers = readersOf(model, uses);
  const next = (symbolic: SymbolicNode, className: string): SymbolicNode | undefined => {
    const found = readers.get(symbolic.id) ?? [];
    const [only] = found;
    if (found.length !== 1 || only === undefined || apart.has(symbolic.sourceLayer)) {
      return undefined;
    }
    return classOf(only.sourceLayer) === className ? only : undefined;
  };
  const blocks = new Map<number, FusedBlock>();
  for (const { inputTensors, outputTensors: [raw] } of uses) {
    const convolution = raw.sourceLayer as ConvolutionLayer;
    if (!isPlainConvolution(convolution)) continue;
    const normed = next(raw, "BatchNormalization");
    if (normed === undefined) continue;
    const relu = next(normed, "ReLU");
    const active = relu !== undefined && isPlainRelu(relu.sourceLayer) ? relu : undefined;
    const pooled = active === undefined ? undefined : next(active, "MaxPooling2D");
    const pool = pooled?.sourceLayer as PoolingLayer | undefined;
    const halved = pool !== undefined && isHalving(pool) ? pooled : undefined;
    const output = halved ?? active ?? normed;
    blocks.set(output.id, {
      input: inputTensors[0],
      output,
      convolution,
      norm: normed.sourceLayer as unknown as FusedBlock["norm"],
      pool: halved === undefined ? undefined : pool,
      end: halved !== undefined ? "pool" : active !== undefined ? "relu" : "norm",
    });
  }
  return blocks;
}

/** For each symbolic tensor what is made of it; undefined stands for an output of the model. */
function readersOf(
  model: GraphModel,
  uses: readonly LayerUse[],
): Map<number, (SymbolicNode | undefined)[]> {
  const readers = new Map<number, (SymbolicNode | undefined)[]>();
  const add = (symbolic: SymbolicNode, reader: SymbolicNode | undefined) => {
    readers.set(symbolic.id, [...readers.get(symbolic.id) ?? [], reader]);
  };
  for (const { inputTensors, outputTensors } of uses) {
    for (const input of inputTensors) add(input, outputTensors[0]);
  }
  for (const output of model.outputs) add(output, undefined);
  return readers;
}

/** The class of a layer that runs as its class does. */
function classOf(layer: GraphLayer): string | undefined {
  if (Object.hasOwn(layer, "call") || Object.hasOwn(layer, "apply")) return undefined;
  return (layer as GraphLayer & { getClassName?(): string }).getClassName?.();
}

function isPlainConvolution(layer: ConvolutionLayer): boolean {
  return classOf(layer) === "Conv2D" && !layer.useBias && layer.dataFormat === "channelsLast" &&
    (layer.activation?.getClassName() ?? "linear") === "linear" && layer.filters % 4 === 0 &&
    layer.kernel !== null;
}

function isPlainRelu(layer: GraphLayer): boolean {
  return ((layer as GraphLayer & { maxValue?: number | null }).maxValue ?? null) === null;
}

function isHalving({ poolSize, strides, dataFormat }: PoolingLayer): boolean {
  return [...poolSize, ...strides].every((size) => size === 2) && dataFormat === "channelsLast";
}

/** Runs a block on an image, or gives undefined where its layers must run one after the other. */
export function runBlock(tf: Tf, block: FusedBlock, x: Tensor): Tensor | undefined {
  const { convolution, norm, pool, end } = block;
  if (x.rank !== 4 || x.dtype !== "float32" || !canNormalize(tf, norm, x)) return undefined;
  const conv = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    convolution.kernel!.read().shape as [number, number, number, number],
    convolution.strides,
    convolution.dilationRate,
    convolution.padding,
  );
  const { outHeight, outWidth, outShape } = conv;
  if (outShape.some((size) => size < 1)) return undefined;
  const half = (size: number) => pool?.padding === "same" ? Math.ceil(size / 2) : size >> 1;
  const pooled = [half(outHeight), half(outWidth)] as const;
  if (end === "pool" && (pooled[0] === 0 || pooled[1] === 0)) return undefined;
  return tf.tidy(() => {
    const { y, mean, variance } = convolutionBlock(tf, x as Tensor4D, {
      filter: convolution.kernel!.read() as Tensor4D,
      conv,
      gamma: norm.gamma.read(),
      beta: norm.beta.read(),
      epsilon: norm.epsilon,
      end,
      pooled,
    });
    moveStatistics(tf, norm, { mean, variance });
    return y;
  });
}
