// Hands weights of an encoder to _reference.py, which computes the same in PyTorch.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import { type LayersModel, type Tensor, tfjs } from "../../../src/tensors/tf.ts";

/** Debian's own Python, for which python3-torch is packaged. */
const PYTHON = "/usr/bin/python3";

/** Why PyTorch cannot be asked here, or undefined. */
export async function missingTorch(): Promise<string | undefined> {
  const { status } = await runCommand([PYTHON, "-c", "import torch"], { timeout: 120_000 });
  return status === "ok" ? undefined : `${PYTHON} has no torch; apt-get install python3-torch`;
}

/** A shape and its numbers. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What PyTorch is asked for. */
export interface TorchRequest {
  readonly compute: readonly (string | number)[];
  readonly x: Numbers;
  readonly dy: Float32Array;
  readonly training?: boolean;
  readonly blocks?: readonly number[];
  readonly depth?: number;
  readonly heads?: number;
}

/** What PyTorch answered. */
export interface TorchAnswer {
  readonly output: Float32Array;
  readonly gradient: Float32Array;
  readonly statistics: Readonly<Record<string, Float32Array>>;
}

/** Computes in PyTorch with the encoder weights of a network. */
export async function askTorch(network: LayersModel, request: TorchRequest): Promise<TorchAnswer> {
  const { x, dy, training = false, ...rest } = request;
  const parameters = torchParameters(network);
  const dyNumbers = { shape: [dy.length], data: dy };
  const all: Record<string, Numbers> = { ...parameters, x, dy: dyNumbers };
  const tensors: Record<string, [number, readonly number[]]> = {};
  let size = 0;
  for (const [name, { shape, data }] of Object.entries(all)) {
    tensors[name] = [size, shape];
    size += data.length;
  }
  const data = new Float32Array(size);
  for (const [name, { data: part }] of Object.entries(all)) data.set(part, tensors[name][0]);
  const statistics = Object.keys(parameters).filter((name) => name.includes(".running_"));
  const folder = await mkdtemp(join(tmpdir(), "qsight-torch-"));
  try {
    const json = JSON.stringify({ ...rest, training, tensors, statistics });
    await writeFile(join(folder, "request.json"), json);
    await writeFile(join(folder, "data.bin"), new Uint8Array(data.buffer));
    const script = fileURLToPath(new URL("_reference.py", import.meta.url));
    const ran = await runCommand([PYTHON, script, folder], { timeout: 300_000 });
    assert.equal(ran.code, 0, ran.stderr);
    const bytes = await readFile(join(folder, "answer.bin"));
    const answer = new Float32Array(new Uint8Array(bytes).buffer);
    let at = 0;
    const take = (count: number) => answer.slice(at, at += count);
    return {
      output: take(dy.length),
      gradient: take(x.data.length),
      statistics: Object.fromEntries(
        statistics.map((name) => [name, take(parameters[name].data.length)]),
      ),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The weights of the encoder as PyTorch lays them out, under torchvision's names. */
export function torchParameters(network: LayersModel): Record<string, Numbers> {
  const parameters: Record<string, Numbers> = {};
  for (const layer of network.layers) {
    if (!layer.name.startsWith("encoder_")) continue;
    for (const { originalName, read } of layer.weights.map(readable)) {
      const kind = originalName.split("/").at(-1)!;
      parameters[torchName(layer.name, kind)] = torchLayout(read());
    }
  }
  return parameters;
}

function readable(weight: LayersModel["weights"][number]) {
  return { originalName: weight.originalName, read: () => weight.read() };
}

const KINDS: Readonly<Record<string, string>> = {
  kernel: "weight",
  gamma: "weight",
  bias: "bias",
  beta: "bias",
  moving_mean: "running_mean",
  moving_variance: "running_var",
  in_kernel: "in_proj_weight",
  in_bias: "in_proj_bias",
  out_kernel: "out_proj.weight",
  out_bias: "out_proj.bias",
};

function torchName(layer: string, kind: string): string {
  if (kind === "class_token") return kind;
  if (kind === "positions") return "encoder.pos_embedding";
  const plain = layer.slice("encoder_".length);
  const block = /^layer_(\d+)_(.*)$/.exec(plain);
  let name = plain;
  if (block !== null) {
    name = `encoder.layers.encoder_layer_${block[1]}.${block[2].replace("mlp_", "mlp.")}`;
  } else if (plain === "ln") name = "encoder.ln";
  else if (plain !== "conv_proj") name = plain.replaceAll("_", ".");
  return `${name}.${KINDS[kind]}`;
}

function torchLayout(tensor: Tensor): Numbers {
  const order = tensor.rank === 4 ? [3, 2, 0, 1] : tensor.rank === 2 ? [1, 0] : undefined;
  const turned = order === undefined ? tensor.clone() : tensor.transpose(order);
  const data = Float32Array.from(turned.dataSync());
  turned.dispose();
  return { shape: turned.shape, data };
}

/** Gives weights that start as 0 or 1 values that matter. */
export function randomize(network: LayersModel, seed: number): void {
  const random = new SeededRandom(seed);
  for (const layer of network.layers) {
    const values = layer.weights.map(({ originalName }, i) => {
      const old = layer.getWeights()[i];
      const kind = originalName.split("/").at(-1)!;
      if (kind.endsWith("kernel")) return old;
      const [start, spread] = kind === "gamma" || kind === "moving_variance" ? [1, 0.2] : [0, 0.2];
      const data = Float32Array.from(
        { length: old.size },
        () => start + spread * (2 * random.next() - 1),
      );
      return tfjs().tensor(data, old.shape);
    });
    if (values.length > 0) layer.setWeights(values);
  }
}
