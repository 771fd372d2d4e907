import type { Circuit } from "../circuit.ts";
import { planCircuit } from "../plan_circuit.ts";
import type { CircuitArgs, CircuitGradients, FloatArray, VjpArgs } from "../simulator_contract.ts";
import type { Precision } from "../workspace.ts";
import { compileProgram } from "./compile_program.ts";
import { type EngineExports, type EngineModule, engineModule } from "./engine_module.ts";
import type { ProgramShape } from "./program_context.ts";
import { ProgramWriter } from "./program_writer.ts";
import { compileRun, stateBytes } from "./run_layout.ts";

/** Where programs begin; below is the null pointer. */
const PROGRAM_BASE = 1024;

const PAGE = 65536;

/** All that WebAssembly can address. */
const MOST_BYTES = 65535 * PAGE;

/**
 * States kept for the way back may have this many bytes, which are in the cache, or be a few that are
 * not; beyond that it is quicker to compute them again.
 */
const CACHED_TAPE = 4 * 2 ** 20, FEW_STATES = 3, MOST_TAPE = 2 ** 30;

/** What a circuit is prepared for. */
export interface PreparedOptions {
  readonly precision: Precision;
  readonly module: EngineModule;
  readonly shape: Omit<ProgramShape, "keepsTape">;
  /** Runs at the same time. */
  readonly runs: number;
  /** One whose memory may be taken over, since nobody will use it again. */
  readonly succeeds: (bytes: number, shared: boolean) => PreparedCircuit | undefined;
}

/** A circuit with memory of its own, ready to run chunks of samples. */
export class PreparedCircuit {
  readonly circuit: Circuit;
  readonly shape: Omit<ProgramShape, "keepsTape">;
  readonly memory: WebAssembly.Memory;
  readonly program: number;
  readonly runs: readonly number[];
  readonly module: WebAssembly.Module;
  readonly exports: EngineExports;
  readonly #inputs: Float64Array;
  readonly #weights: Float64Array;
  readonly #cotangents: FloatArray;
  readonly #outputs: FloatArray;
  readonly #inputSlopes: FloatArray;
  readonly #weightSlopes: FloatArray;

  /** @throws {RangeError} when the memory would be more than there can be */
  constructor(circuit: Circuit, { precision, module, shape, runs, succeeds }: PreparedOptions) {
    this.circuit = circuit;
    this.shape = shape;
    const { wires, inputs, outputs, weights } = circuit, { capacity } = shape;
    const options = { circuit, runs, shape };
    let laid = layOut({ ...options, keepsTape: true });
    const { states } = laid.program, tape = states * stateBytes(wires, shape);
    if (states > FEW_STATES && tape > CACHED_TAPE || tape * runs > MOST_TAPE) {
      laid = layOut({ ...options, keepsTape: false });
    }
    const { program, bytes, end, addressOf } = laid;
    this.program = program.address;
    this.runs = laid.runs;
    refuse(circuit, end, shape, runs);
    const shared = runs > 1, makes = { precision, module, shared };
    const own = succeeds(end, shared) ?? start(end, makes);
    this.module = own.module;
    this.memory = own.memory;
    this.exports = own.exports;
    const { buffer } = this.memory;
    new Uint8Array(buffer).set(bytes, PROGRAM_BASE);
    this.exports.load(this.program);
    const { regions } = program;
    const doubles = (region: keyof typeof regions, length: number) =>
      new Float64Array(buffer, addressOf(regions[region]), length);
    const reals = (region: keyof typeof regions, length: number) =>
      precision === "f64"
        ? doubles(region, length)
        : new Float32Array(buffer, addressOf(regions[region]), length);
    this.#inputs = doubles("inputs", capacity * inputs);
    this.#weights = doubles("weights", weights);
    this.#cotangents = reals("cotangents", capacity * outputs);
    this.#outputs = reals("outputs", capacity * outputs);
    this.#inputSlopes = reals("inputSlopes", capacity * inputs);
    this.#weightSlopes = reals("weightSlopes", weights);
  }

  /** Whether it can run batches of this size, side by side as here. */
  fits(circuit: Circuit, width: number, batch: number): boolean {
    return this.circuit === circuit && this.shape.width === width && this.shape.capacity >= batch;
  }

  get byteLength(): number {
    return this.memory.buffer.byteLength;
  }

  /** Takes the numbers of a call in. */
  begin(args: CircuitArgs | VjpArgs): void {
    const { inputs, weights, batch } = args, { shape: { width }, circuit } = this;
    this.#inputs.set(inputs);
    const padded = Math.ceil(batch / width) * width * circuit.inputs;
    if (padded > inputs.length) this.#inputs.fill(0, inputs.length, padded);
    this.#weights.set(weights);
    if ("cotangents" in args) this.#cotangents.set(args.cotangents);
  }

  /** A copy of the outputs of the batch. */
  outputs(batch: number): FloatArray {
    return this.#outputs.slice(0, batch * this.circuit.outputs);
  }

  /** A copy of the outputs and slopes of the batch. */
  gradients(batch: number): CircuitGradients<FloatArray> {
    return {
      outputs: this.outputs(batch),
      inputs: this.#inputSlopes.slice(0, batch * this.circuit.inputs),
      weights: this.#weightSlopes.slice(),
    };
  }
}

/** Memory that never grows, as views of it would die, with a module on it. */
function start(bytes: number, { precision, module: kind, shared }: {
  readonly precision: Precision;
  readonly module: EngineModule;
  readonly shared: boolean;
}) {
  const least = Math.ceil(bytes / PAGE), pages = shared ? rounded(least) : least;
  const module = engineModule(precision, kind, shared ? pages : undefined);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { module, memory, exports: exports as unknown as EngineExports };
}

/** A few sizes more, so that a module compiled for one serves many circuits. */
function rounded(pages: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(pages)) - 2);
  return Math.min(Math.ceil(pages / step) * step, MOST_BYTES / PAGE);
}

function layOut(
  { circuit, shape, runs, keepsTape }: {
    readonly circuit: Circuit;
    readonly shape: Omit<ProgramShape, "keepsTape">;
    readonly runs: number;
    readonly keepsTape: boolean;
  },
) {
  const writer = new ProgramWriter(PROGRAM_BASE), whole = { ...shape, keepsTape };
  const program = compileProgram(planCircuit(circuit), circuit, { writer, shape: whole });
  const addresses = Array.from(
    { length: runs },
    () => compileRun(writer, program, { wires: circuit.wires, shape: whole }),
  );
  return { program, runs: addresses, ...writer.finish() };
}

function refuse(
  { wires }: Circuit,
  bytes: number,
  shape: PreparedOptions["shape"],
  runs: number,
): void {
  if (bytes <= MOST_BYTES) return;
  const gib = (count: number) => (count / 2 ** 30).toFixed(1);
  throw new RangeError(
    `statevectorSimulator(): ${wires} wires need ${gib(bytes)} GiB, ` +
      `${gib(stateBytes(wires, shape))} for one state of ${shape.width} samples; WebAssembly has ` +
      `${gib(MOST_BYTES)}. Use fewer wires${runs > 1 ? ", fewer workers" : ""} or precision "f32"`,
  );
}
