import type { Angle } from "./angle.ts";
import { inputAngle } from "./angle.ts";
import { anglesOf, type Circuit, defineCircuit, type Observable } from "./circuit.ts";
import type { GateName } from "./gates.ts";

/** Remembers what was made of a circuit, as simulators plan each circuit object once. */
function remembered(make: (circuit: Circuit) => Circuit): (circuit: Circuit) => Circuit {
  const made = new WeakMap<Circuit, Circuit>();
  return (circuit) => {
    const known = made.get(circuit) ?? make(circuit);
    made.set(circuit, known);
    return known;
  };
}

const observing = (observable: Observable) =>
  remembered((circuit) =>
    circuit.observable === observable
      ? circuit
      : defineCircuit({ ...circuit, observable, outputs: undefined })
  );

/** The circuit with the probability of each basis state as its answer. */
export const withProbabilities: (circuit: Circuit) => Circuit = observing("probabilities");

/** The circuit whose weights are inputs behind its own, so that each sample has weights of its own. */
export const weightsToInputs: (circuit: Circuit) => Circuit = remembered((circuit) => {
  const free = (angle: Angle): Angle =>
    angle.kind === "weight"
      ? inputAngle(circuit.inputs + angle.index, { scale: angle.scale })
      : angle;
  return replaceAngles(circuit, circuit.inputs + circuit.weights, free);
});

/** The circuit with an input for each variable angle, in the order of the gates. */
export const anglesToInputs: (circuit: Circuit) => Circuit = remembered((circuit) => {
  let next = 0;
  const free = (angle: Angle): Angle => angle.kind === "const" ? angle : inputAngle(next++);
  return replaceAngles(circuit, freeAngles(circuit).length, free);
});

/** The variable angles with their gates, in order; a gate of three angles may come three times. */
export function freeAngles(circuit: Circuit): { readonly gate: GateName; readonly angle: Angle }[] {
  return circuit.operations.flatMap((operation) =>
    anglesOf(operation).flatMap((angle) =>
      angle.kind === "const" ? [] : [{ gate: operation.gate, angle }]
    )
  );
}

function replaceAngles(circuit: Circuit, inputs: number, free: (angle: Angle) => Angle): Circuit {
  const operations = circuit.operations.map((operation) => ({
    ...operation,
    ...(operation.angle && { angle: free(operation.angle) }),
    ...(operation.angles && { angles: operation.angles.map(free) }),
  }));
  return defineCircuit({ ...circuit, operations, inputs, weights: 0 });
}
