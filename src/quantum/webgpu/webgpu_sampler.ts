import { checkOptions } from "../../_internal/check_options.ts";
import { mayHaveGpuDevice } from "../../hardware/gpu_device.ts";
import { isSoftwareAdapter } from "../../hardware/software_adapter.ts";
import { addAngleGradient } from "../angle.ts";
import type { Circuit } from "../circuit.ts";
import { checkShots, sliceArgs } from "../pub.ts";
import { backendSampler } from "../sampler.ts";
import type { Sampler } from "../sampler_contract.ts";
import type { CircuitArgs, CircuitGradients, VjpArgs } from "../simulator_contract.ts";
import { GpuEngine } from "./gpu_engine.ts";
import { gpuProgram } from "./gpu_steps.ts";
import { SUMS } from "./shaders.ts";

/** Options of {@linkcode openWebGpuSampler}. */
export interface OpenWebGpuSamplerOptions {
  /** Measurements where a call does not say; null for exact. @default {null} */
  readonly shots?: number | null;
  /** Whether an adapter that computes on the CPU will do, which is slower than wasm. @default {false} */
  readonly software?: boolean;
}

/** A sampler that holds a GPU. */
export interface WebGpuSampler extends Sampler {
  /** Gives the GPU back; later calls reject. */
  close(): void;
}

/** 2^24 amplitudes of 8 bytes are the 128 MiB that every device lets a buffer have. */
const MOST_AMPLITUDES = 2 ** 24;

/**
 * A sampler on the GPU: states of 32-bit numbers, gate by gate, gradients by the adjoint method. It
 * pays from about 16 wires; below, sending the work costs more than the work.
 *
 * @throws {Error} when there is no adapter, or only one that computes on the CPU
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, openWebGpuSampler } from "@qsight/qsight/quantum";
 * // Where there is no GPU the reason stands in the error.
 * const sampler = await openWebGpuSampler().catch((error: Error) => error.message);
 * if (typeof sampler === "string") assert.match(sampler, /GPU|adapter/);
 * else {
 *   assert.equal((await sampler.run([[angleEncoding(1), { inputs: [0] }]])).results.length, 1);
 *   sampler.close();
 * }
 * ```
 */
export async function openWebGpuSampler(
  options: OpenWebGpuSamplerOptions = {},
): Promise<WebGpuSampler> {
  checkOptions("openWebGpuSampler()", options, ["shots", "software"]);
  const { shots = null, software = false } = options;
  checkShots("openWebGpuSampler()", shots);
  const { device, name } = await openDevice(software);
  const engine = new GpuEngine(device);
  return {
    ...backendSampler({
      name: "webgpu",
      // Each run is handed to the device whole.
      reentrant: true,
      probabilities: (circuit, args) => probabilities(engine, circuit, args),
      adjoint: { vjp: (circuit, args) => vjp(engine, circuit, args) },
    }, shots),
    device: name,
    close: () => engine.close(),
  };
}

async function openDevice(software: boolean): Promise<{ device: GPUDevice; name: string }> {
  const gpu = (globalThis.navigator as { readonly gpu?: GPU } | undefined)?.gpu;
  if (gpu === undefined) throw new Error("This runtime has no navigator.gpu; use Deno");
  // Software drivers take time to start and write to stderr.
  if (!software && !mayHaveGpuDevice()) {
    throw new Error("The system has no GPU device; no adapter was asked for");
  }
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error("navigator.gpu gave no adapter; look at the GPU driver");
  const { description, device, vendor } = adapter.info;
  const name = description || device || vendor || "unnamed adapter";
  if (!software && isSoftwareAdapter(adapter)) {
    throw new Error(
      `Adapter "${name}" computes on the CPU, slower than wasm; name the sampler "webgpu" to use it`,
    );
  }
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize };
  return { device: await adapter.requestDevice({ requiredLimits }), name };
}

/** Parts of a batch whose states fit into one buffer. */
function parts(circuit: Circuit, batch: number): [number, number][] {
  const states = 2 ** circuit.wires;
  if (states > MOST_AMPLITUDES) {
    throw new RangeError(
      `webgpu: ${circuit.wires} wires do not fit into a buffer, the limit is ` +
        `${Math.log2(MOST_AMPLITUDES)}; use fewer wires`,
    );
  }
  const size = Math.min(batch, Math.max(1, Math.floor(MOST_AMPLITUDES / 4 / states)));
  return Array.from(
    { length: Math.ceil(batch / size) },
    (_, i) => [i * size, Math.min(batch, (i + 1) * size)],
  );
}

async function probabilities(
  engine: GpuEngine,
  circuit: Circuit,
  args: CircuitArgs,
): Promise<Float32Array> {
  const states = 2 ** circuit.wires;
  const out = new Float32Array(args.batch * states);
  for (const [start, end] of parts(circuit, args.batch)) {
    const program = gpuProgram(circuit, sliceArgs(circuit, args, [start, end]));
    out.set(await engine.forward(program, { batch: end - start, states }), start * states);
  }
  return out;
}

async function vjp(
  engine: GpuEngine,
  circuit: Circuit,
  args: VjpArgs,
): Promise<CircuitGradients<Float64Array>> {
  const states = 2 ** circuit.wires;
  const outputs = new Float64Array(args.batch * circuit.outputs);
  const inputGradient = new Float64Array(args.inputs.length);
  const weightGradient = new Float64Array(circuit.weights);
  for (const [start, end] of parts(circuit, args.batch)) {
    const batch = end - start;
    const part = sliceArgs(circuit, args, [start, end]);
    const program = gpuProgram(circuit, part);
    const found = await engine.forward(program, { batch, states });
    measure(circuit, found, outputs.subarray(start * circuit.outputs, end * circuit.outputs));
    const cotangents = args.cotangents.subarray(start * circuit.outputs, end * circuit.outputs);
    const sums = await engine.slopes(program, observe(circuit, cotangents), { batch, states });
    program.angles.forEach((angle, k) => {
      for (let sample = 0; sample < batch; sample++) {
        const at = (k * batch + sample) * SUMS;
        const slope = sums.subarray(at, at + SUMS).reduce((a, b) => a + b, 0);
        const row = (start + sample) * circuit.inputs;
        addAngleGradient(angle, slope, { inputs: args.inputs, row, inputGradient, weightGradient });
      }
    });
  }
  return { outputs, inputs: inputGradient, weights: weightGradient };
}

/** The circuit's answer from the probabilities of some samples. */
function measure(circuit: Circuit, found: Float32Array, outputs: Float64Array): void {
  if (circuit.observable === "probabilities") return outputs.set(found);
  const { wires } = circuit, states = 2 ** wires;
  found.forEach((probability, k) => {
    const row = Math.floor(k / states) * wires, state = k % states;
    for (let wire = 0; wire < wires; wire++) {
      outputs[row + wire] += (state >> (wires - 1 - wire)) & 1 ? -probability : probability;
    }
  });
}

/** Slopes of the probabilities from those of the circuit's answer. */
function observe(circuit: Circuit, cotangents: ArrayLike<number>): Float32Array<ArrayBuffer> {
  if (circuit.observable === "probabilities") return Float32Array.from(cotangents);
  const { wires } = circuit, states = 2 ** wires;
  return Float32Array.from({ length: cotangents.length / wires * states }, (_, k) => {
    const row = Math.floor(k / states) * wires, state = k % states;
    let sum = 0;
    for (let wire = 0; wire < wires; wire++) {
      sum += (state >> (wires - 1 - wire)) & 1 ? -cotangents[row + wire] : cotangents[row + wire];
    }
    return sum;
  });
}
