import type { Circuit } from "./circuit.ts";
import { planCircuit } from "./plan_circuit.ts";
import { applyDiagonal, unapplyDiagonal } from "./diagonal_rows.ts";
import { applyDense, unapplyDense } from "./dense_rows.ts";
import { applyFlip, unapplyFlip } from "./flip_rows.ts";
import { type Group, measureRows, seedLambda } from "./observe_rows.ts";
import { PlanValues } from "./plan_values.ts";
import {
  checkArgs,
  type CircuitArgs,
  type FloatArray,
  type VjpArgs,
} from "./simulator_contract.ts";
import { spreadState, unspreadState } from "./spread_rows.ts";
import { checkSize, type Precision, type Workspace, WorkspacePool } from "./workspace.ts";

/** Runs groups of samples through the plan of a circuit, forward and back. */
export class StatevectorEngine {
  readonly #pool: WorkspacePool;
  #values: PlanValues | undefined;

  constructor(precision: Precision) {
    this.#pool = new WorkspacePool(precision);
  }

  forward(circuit: Circuit, args: CircuitArgs): FloatArray {
    checkArgs("forward()", circuit, args);
    const outputs = this.#array(circuit, args.batch * circuit.outputs);
    this.#eachGroup(circuit, args, ({ space, values, group }) => {
      advance(space, values, group.width);
      measureRows(space, circuit, values.plan.places, { outputs, ...group });
    });
    return outputs;
  }

  vjp(circuit: Circuit, args: VjpArgs) {
    checkArgs("vjp()", circuit, args);
    const { batch, cotangents } = args;
    const outputs = this.#array(circuit, batch * circuit.outputs);
    const inputGradient = new Float64Array(batch * circuit.inputs);
    const weightGradient = new Float64Array(circuit.weights);
    this.#eachGroup(circuit, args, ({ space, values, group }) => {
      const { places } = values.plan;
      advance(space, values, group.width);
      measureRows(space, circuit, places, { outputs, ...group });
      seedLambda(space, circuit, places, { cotangents, ...group });
      retreat(space, values, group.width);
      values.pullBack(args, group, { inputGradient, weightGradient });
    });
    return { outputs, inputs: this.#round(inputGradient), weights: this.#round(weightGradient) };
  }

  #eachGroup(
    circuit: Circuit,
    args: CircuitArgs,
    visit: (group: {
      readonly space: Workspace;
      readonly values: PlanValues;
      readonly group: Group;
    }) => void,
  ): void {
    const space = this.#pool.get(circuit.wires, args.batch);
    const values = this.#valuesOf(circuit, space.width);
    values.begin(args);
    for (let start = 0; start < args.batch; start += space.width) {
      const group = { start, width: Math.min(space.width, args.batch - start) };
      values.select(args, group);
      visit({ space, values, group });
    }
  }

  /** Kept for the next call, which is mostly about the same circuit. */
  #valuesOf(circuit: Circuit, width: number): PlanValues {
    const plan = planCircuit(circuit);
    if (this.#values?.plan !== plan || this.#values.width !== width) {
      this.#values = new PlanValues(plan, { inputs: circuit.inputs, width });
    }
    return this.#values;
  }

  #array(circuit: Circuit, length: number): FloatArray {
    checkSize("statevectorSimulator()", circuit.wires, length);
    return this.#pool.precision === "f32" ? new Float32Array(length) : new Float64Array(length);
  }

  #round(values: Float64Array): FloatArray {
    return this.#pool.precision === "f32" ? Float32Array.from(values) : values;
  }
}

function advance(space: Workspace, values: PlanValues, width: number): void {
  const { plan } = values;
  const extent = { rows: space.rows, width };
  spreadState(space.psi, plan, values.spread, extent);
  plan.steps.forEach((step, i) => {
    const turns = values.steps[i];
    if (step.kind === "flip") applyFlip(space.psi, step, turns, extent);
    else if (step.kind === "dense") applyDense(space.psi, step, extent);
    else applyDiagonal(space, step, turns, { values, width });
  });
}

/** The adjoint method (Jones and Gacon, 2020): both states go back through the circuit together. */
function retreat(space: Workspace, values: PlanValues, width: number): void {
  const { plan } = values;
  const extent = { rows: space.rows, width };
  for (let i = plan.steps.length - 1; i >= 0; i--) {
    const step = plan.steps[i], turns = values.steps[i];
    if (step.kind === "flip") unapplyFlip(space, step, turns, extent);
    else if (step.kind === "dense") unapplyDense(space, step, extent);
    else unapplyDiagonal(space, step, turns, { values, width });
  }
  unspreadState(space, plan, values.spread, width);
}
