import type { Circuit } from "../circuit.ts";
import { checkArgs, type CircuitArgs, type FloatArray, type VjpArgs } from "../simulator_contract.ts";
import type { Precision } from "../workspace.ts";
import type { EngineModule } from "./engine_module.ts";
import { PreparedCircuit } from "./prepared_circuit.ts";

/** Prepared circuits may keep this many bytes together; the one not used for longest goes first. */
const KEEP_BYTES = 512 * 2 ** 20;

/** Prepared circuits may be this many, however small. */
const KEEP_COUNT = 16;

/** Runs circuits in WebAssembly, chunk by chunk of the batch. */
export class WasmEngine {
  readonly #precision: Precision;
  readonly #module: EngineModule;
  #last: PreparedCircuit | undefined;
  #kept: PreparedCircuit[] = [];

  constructor(precision: Precision, module: EngineModule) {
    this.#precision = precision;
    this.#module = module;
  }

  forward(circuit: Circuit, args: CircuitArgs): FloatArray {
    checkArgs("forward()", circuit, args);
    const prepared = this.#prepare(circuit, args.batch);
    this.#run(prepared, args, false);
    return prepared.outputs(args.batch);
  }

  vjp(circuit: Circuit, args: VjpArgs) {
    checkArgs("vjp()", circuit, args);
    const prepared = this.#prepare(circuit, args.batch);
    this.#run(prepared, args, true);
    return prepared.gradients(args.batch);
  }

  #run(prepared: PreparedCircuit, args: CircuitArgs | VjpArgs, back: boolean): void {
    prepared.begin(args);
    const { exports, program, runs, shape: { width } } = prepared;
    for (let first = 0, chunk = 0; first < args.batch; first += width, chunk++) {
      exports.runChunk(program, runs[0], chunk, first, Math.min(width, args.batch - first), back);
    }
  }

  #prepare(circuit: Circuit, batch: number): PreparedCircuit {
    const last = this.#last;
    const width = widthFor(this.#precision, circuit.wires, batch);
    const fits = (one: PreparedCircuit) =>
      one.circuit === circuit && one.shape.width === width && one.shape.capacity >= batch;
    if (last !== undefined && fits(last)) return last;
    let found = this.#kept.find(fits);
    if (found === undefined) {
      this.#kept = this.#kept.filter((one) => one.circuit !== circuit || one.shape.width !== width);
      found = this.#make(circuit, width, batch);
    }
    this.#kept = [found, ...this.#kept.filter((one) => one !== found)];
    this.#last = found;
    return found;
  }

  #make(circuit: Circuit, width: number, batch: number): PreparedCircuit {
    const shape = {
      real: this.#precision === "f32" ? 4 as const : 8 as const,
      width,
      capacity: Math.ceil(batch / width) * width,
      most: mostFlips(circuit.wires),
    };
    const { outputs } = circuit;
    if (shape.capacity * outputs > 2 ** 27) {
      throw new RangeError(
        `statevectorSimulator(): ${batch * outputs} outputs do not fit in memory, the limit is ` +
          `${2 ** 27}; use a smaller batch or the observable "z"`,
      );
    }
    const prepared = new PreparedCircuit(circuit, {
      precision: this.#precision,
      module: this.#module,
      shape,
      runs: 1,
    });
    let bytes = prepared.byteLength;
    this.#kept = this.#kept.slice(0, KEEP_COUNT - 1).filter((one) =>
      (bytes += one.byteLength) <= KEEP_BYTES
    );
    return prepared;
  }
}

/** Samples side by side: at least a line of the cache, more where tables would cost too much. */
function widthFor(precision: Precision, wires: number, batch: number): number {
  const line = precision === "f32" ? 8 : 4;
  const G = globalThis as any; let width = G.__W ? G.__W : wires <= 6 ? 4 * line : wires <= 8 ? 2 * line : line;
  while (width > line && width / 2 >= batch) width /= 2;
  return width;
}

/** Flips of one pass: the rows of its blocks, of ψ and λ, should stay in the fastest cache. */
function mostFlips(wires: number): number {
  if ((globalThis as any).__MOST) return (globalThis as any).__MOST;
  const passes = Math.ceil(wires / 8);
  return Math.min(9, Math.ceil(wires / passes / 3) * 3);
}
