import process from "node:process";
import { checkOptions } from "../_internal/check_options.ts";
import { loadPackage } from "../_internal/load_package.ts";
import { angleValue } from "./angle.ts";
import type { Circuit, Operation } from "./circuit.ts";
import { elementaryOperations } from "./elementary_operations.ts";
import type { GateName } from "./gates.ts";
import { parameterShift } from "./parameter_shift.ts";
import {
  checkArgs,
  type CircuitArgs,
  type FloatArray,
  type Simulator,
} from "./simulator_contract.ts";

/** The part of npm:quantum-circuit that is used here; the package brings no types. */
interface ForeignCircuit {
  addGate(
    name: string,
    column: number,
    wires: number | readonly number[],
    options?: { readonly params: Readonly<Record<string, number>> },
  ): void;
  run(): void;
  exportSVG(embedded: boolean): string;
  importQASM(text: string, onErrors: (errors: readonly unknown[]) => void): void;
  readonly numQubits: number;
  readonly state: Readonly<Record<string, { readonly re: number; readonly im: number }>>;
}

type ForeignClass = new (wires: number) => ForeignCircuit;

/** Name there and the name of its angle, for gates that are called or fed differently. */
const NAMES: Partial<Record<GateName, readonly [name: string, angle?: string]>> = {
  sx: ["srn"],
  rx: ["rx", "theta"],
  ry: ["ry", "theta"],
  rz: ["rz", "phi"],
  p: ["u1", "lambda"],
  crx: ["crx", "theta"],
  cry: ["cry", "theta"],
  crz: ["crz", "phi"],
  cp: ["cu1", "lambda"],
};

/** The gates around a ZZ rotation that make it an XX or YY rotation. */
const AROUND: Partial<Record<GateName, readonly [before: Step, after: Step]>> = {
  rxx: [["h"], ["h"]],
  ryy: [["rx", Math.PI / 2], ["rx", -Math.PI / 2]],
};

type Step = readonly [gate: GateName, angle?: number];

/**
 * Loads npm:quantum-circuit 0.9 as a simulator: an independent and very slow second opinion (a state
 * per sample in a map of complex numbers, gradients by parameter shift). Amplitudes are rounded to
 * 14 digits there. Not re-entrant.
 *
 * @throws {Error} when the package cannot be loaded
 */
export async function openQuantumCircuitSimulator(): Promise<Simulator<Float64Array>> {
  const Foreign = await loadForeign();
  const forward = (circuit: Circuit, args: CircuitArgs) => {
    checkArgs("quantum-circuit forward()", circuit, args);
    const outputs = new Float64Array(args.batch * circuit.outputs);
    for (let sample = 0; sample < args.batch; sample++) {
      const foreign = translate(Foreign, circuit, angleReader(args, sample * circuit.inputs));
      foreign.run();
      outputs.set(measure(circuit, foreign), sample * circuit.outputs);
    }
    return outputs;
  };
  return {
    name: "quantum-circuit",
    reentrant: false,
    gradientMethod: "parameter_shift",
    forward,
    vjp: (circuit, args) => parameterShift({ forward }, circuit, args),
  };
}

/** Options of {@linkcode drawCircuit}. */
export interface DrawCircuitOptions {
  /** Input row whose angles are written on the gates. @default zeros */
  readonly inputs?: FloatArray;
  /** Weights whose angles are written on the gates. @default zeros */
  readonly weights?: FloatArray;
}

/**
 * Draws a circuit, wire 0 on top, with the angles that the given numbers make.
 *
 * @returns a whole SVG document
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, drawCircuit } from "@qsight/qsight/quantum";
 * assert.match(await drawCircuit(angleEncoding(2)), /^<svg/);
 * ```
 */
export async function drawCircuit(
  circuit: Circuit,
  options: DrawCircuitOptions = {},
): Promise<string> {
  checkOptions("drawCircuit()", options, ["inputs", "weights"]);
  const inputs = options.inputs ?? new Float64Array(circuit.inputs);
  const weights = options.weights ?? new Float64Array(circuit.weights);
  checkArgs("drawCircuit()", circuit, { inputs, weights, batch: 1 });
  const Foreign = await loadForeign();
  const read = angleReader({ inputs, weights }, 0);
  const rounded = (operation: Operation) => Number(read(operation).toFixed(3));
  return translate(Foreign, circuit, rounded).exportSVG(true);
}

/**
 * The probabilities of a text in OpenQASM 2 by the reader and the simulator of npm:quantum-circuit,
 * wire 0 as the most significant bit: an independent check of what is written here.
 *
 * @throws {Error} for what it cannot read
 */
export async function readOpenQasmElsewhere(text: string): Promise<Float64Array> {
  const Foreign = await loadForeign();
  const foreign = new Foreign(1);
  foreign.importQASM(text, (errors) => {
    if (errors.length > 0) {
      throw new Error(`npm:quantum-circuit cannot read this: ${JSON.stringify(errors)}`);
    }
  });
  foreign.run();
  const wires = foreign.numQubits;
  return measure({ wires, outputs: 2 ** wires, observable: "probabilities" }, foreign);
}

/** The angle of each operation for the sample whose inputs start at `row`. */
function angleReader(
  { inputs, weights }: Pick<CircuitArgs, "inputs" | "weights">,
  row: number,
): (operation: Operation) => number {
  return ({ angle }) => angle === undefined ? 0 : angleValue(angle, { inputs, weights, row });
}

function translate(
  Foreign: ForeignClass,
  circuit: Circuit,
  angleOf: (operation: Operation) => number,
): ForeignCircuit {
  const foreign = new Foreign(circuit.wires);
  const add = (gate: GateName, wires: readonly number[], angle: number) => {
    const [name, parameter] = NAMES[gate] ?? [gate];
    const options = parameter === undefined ? undefined : { params: { [parameter]: angle } };
    foreign.addGate(name, -1, wires.length === 1 ? wires[0] : wires, options);
  };
  for (const operation of elementaryOperations(circuit.operations)) {
    const { gate, wires } = operation;
    if (gate === "unitary") {
      throw new RangeError(
        "quantum-circuit has no matrices on two wires; run this circuit on another simulator",
      );
    }
    if (gate !== "rxx" && gate !== "ryy" && gate !== "rzz") {
      add(gate, wires, angleOf(operation));
      continue;
    }
    const around = (step: Step | undefined) => {
      if (step !== undefined) { for (const wire of wires) add(step[0], [wire], step[1] ?? 0); }
    };
    around(AROUND[gate]?.[0]);
    add("cx", wires, 0);
    add("rz", [wires[1]], angleOf(operation));
    add("cx", wires, 0);
    around(AROUND[gate]?.[1]);
  }
  return foreign;
}

/** There wire 0 is the least significant bit of the index, here the most significant. */
function measure(
  circuit: Pick<Circuit, "wires" | "outputs" | "observable">,
  foreign: ForeignCircuit,
): Float64Array {
  const outputs = new Float64Array(circuit.outputs);
  for (const [key, { re, im }] of Object.entries(foreign.state)) {
    const index = Number(key), probability = re * re + im * im;
    let state = 0;
    for (let wire = 0; wire < circuit.wires; wire++) {
      const up = (index >> wire) & 1;
      state = state * 2 + up;
      if (circuit.observable === "z") outputs[wire] += up ? -probability : probability;
    }
    if (circuit.observable === "probabilities") outputs[state] = probability;
  }
  return outputs;
}

let loading: Promise<ForeignClass> | undefined;

function loadForeign(): Promise<ForeignClass> {
  return loading ??= withoutCircularWarnings(async () => {
    const module: { readonly default: unknown } = await loadPackage(
      "quantum-circuit",
      () => import("quantum-circuit"),
    );
    return module.default as ForeignClass;
  });
}

/** An old dependency warns about its own circular imports while it loads; all other warnings pass. */
async function withoutCircularWarnings<T>(load: () => Promise<T>): Promise<T> {
  const emit = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!/inside circular dependency/.test(String(warning))) emit.call(process, warning, ...rest);
  }) as typeof emit;
  try {
    return await load();
  } finally {
    process.emitWarning = emit;
  }
}
