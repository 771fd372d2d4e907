import type { Circuit } from "../circuit.ts";
import {
  checkArgs,
  type CircuitArgs,
  type FloatArray,
  type VjpArgs,
} from "../simulator_contract.ts";
import type { Precision } from "../workspace.ts";
import type { EngineModule } from "./engine_module.ts";
import { PreparedCircuit } from "./prepared_circuit.ts";
import { WorkerPool } from "./worker_pool.ts";

/** Prepared circuits may keep this many bytes together; the one not used for longest goes first. */
const KEEP_BYTES = 512 * 2 ** 20;

/** Prepared circuits may be this many, however small. */
const KEEP_COUNT = 16;

/** Memory that is not worth counting. */
const SMALL_BYTES = 2 ** 20;

/** Fewer wires are done before another thread is awake. */
const WIRES_FOR_WORKERS = 9;

/** What an engine is made for. */
export interface WasmEngineOptions {
  readonly precision: Precision;
  readonly module: EngineModule;
  /** Threads, the caller's included. */
  readonly workers: number;
}

/** Runs circuits in WebAssembly, chunk by chunk of the batch. */
export class WasmEngine {
  readonly #options: WasmEngineOptions;
  #kept: PreparedCircuit[] = [];
  #pool: WorkerPool | undefined;
  #closed = false;

  constructor(options: WasmEngineOptions) {
    this.#options = options;
  }

  forward(circuit: Circuit, args: CircuitArgs): FloatArray {
    checkArgs("forward()", circuit, args);
    return this.#run(circuit, args, false).outputs(args.batch);
  }

  vjp(circuit: Circuit, args: VjpArgs) {
    checkArgs("vjp()", circuit, args);
    return this.#run(circuit, args, true).gradients(args.batch);
  }

  /** Ends the threads; later calls do without. */
  close(): void {
    this.#closed = true;
    this.#pool?.close();
    this.#pool = undefined;
  }

  /** Chunks are the same for any number of threads, and added up in their order. */
  #run(circuit: Circuit, args: CircuitArgs | VjpArgs, back: boolean): PreparedCircuit {
    const prepared = this.#prepare(circuit, args.batch), { batch } = args;
    prepared.begin(args);
    const { exports, program, runs } = prepared;
    if (runs.length === 1 || batch <= prepared.shape.width || this.#closed) {
      exports.runBatch(program, runs[0], batch, back);
      return prepared;
    }
    exports.prepare(program);
    this.#pool ??= new WorkerPool(this.#options.workers - 1);
    const chunks = this.#pool.run(prepared, { batch, back });
    if (back) exports.finish(program, chunks);
    return prepared;
  }

  #prepare(circuit: Circuit, batch: number): PreparedCircuit {
    const width = widthFor(this.#options.precision, circuit.wires, batch);
    const latest = this.#kept.at(0);
    if (latest?.fits(circuit, width, batch)) return latest;
    const found = this.#kept.find((one) => one.fits(circuit, width, batch)) ??
      this.#make(circuit, width, batch);
    let bytes = found.byteLength;
    const rest = this.#kept.filter((one) => one !== found);
    const kept = rest.filter((one, i) =>
      i + 1 < KEEP_COUNT && (one.circuit !== circuit || one.shape.width !== width) &&
      (bytes += one.byteLength) <= KEEP_BYTES
    );
    for (const one of rest) if (!kept.includes(one)) this.#pool?.forget(one);
    this.#kept = [found, ...kept];
    return found;
  }

  #make(circuit: Circuit, width: number, batch: number): PreparedCircuit {
    const { precision, module, workers } = this.#options, { wires, outputs } = circuit;
    if (wires > MOST_WIRES) {
      throw new RangeError(
        `statevectorSimulator(): ${wires} wires do not fit in memory, the limit is ${MOST_WIRES} ` +
          "wires; use fewer wires",
      );
    }
    const capacity = Math.ceil(batch / width) * width;
    if (capacity * outputs > 2 ** 27) {
      throw new RangeError(
        `statevectorSimulator(): ${batch * outputs} outputs do not fit in memory, the limit is ` +
          `${2 ** 27}; use a smaller batch or the observable "z"`,
      );
    }
    const runs = wires < WIRES_FOR_WORKERS ? 1 : Math.min(workers, capacity / width);
    const shape = {
      real: precision === "f32" ? 4 : 8,
      width,
      capacity,
      most: mostFlips(wires),
    } as const;
    const succeeds = (bytes: number, shared: boolean) => this.#retire(bytes, shared);
    return new PreparedCircuit(circuit, { precision, module, shape, runs, succeeds });
  }

  /** The one not used for longest that has enough memory and not much more, if there is no more room. */
  #retire(bytes: number, shared: boolean): PreparedCircuit | undefined {
    const kept = this.#kept.reduce((sum, one) => sum + one.byteLength, bytes);
    if (this.#kept.length < KEEP_COUNT && kept <= KEEP_BYTES) return undefined;
    const found = this.#kept.findLast(({ byteLength, runs }) =>
      byteLength >= bytes && byteLength <= 2 * bytes + SMALL_BYTES && (runs.length > 1) === shared
    );
    if (found === undefined) return undefined;
    this.#kept = this.#kept.filter((one) => one !== found);
    this.#pool?.forget(found);
    return found;
  }
}

/** The most wires whose states WebAssembly can address. */
const MOST_WIRES = 24;

/** Samples side by side: at least a line of the cache, more where that leaves a state in it. */
function widthFor(precision: Precision, wires: number, batch: number): number {
  const line = precision === "f32" ? 8 : 4;
  let width = wires <= 8 ? 4 * line : wires <= 10 ? 2 * line : line;
  while (width > line && width / 2 >= batch) width /= 2;
  return width;
}

/**
 * Flips of one pass. The rows of its blocks, of ψ and λ, should stay in the fastest cache, and its
 * flips be taken in threes.
 */
function mostFlips(wires: number): number {
  if (wires <= 9 || wires === 12) return 9;
  return wires < 12 ? 6 : 8;
}
