// The circuits of the quantum benchmark, with seeded numbers.
import { SeededRandom } from "../src/_internal/seeded_random.ts";
import { inputAngle, weightAngle } from "../src/quantum/angle.ts";
import { type Circuit, defineCircuit, type OperationDeclaration } from "../src/quantum/circuit.ts";
import type { GateName } from "../src/quantum/gates.ts";

const LAYERS = [0, 1, 2];

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

function encoding(n: number): OperationDeclaration[] {
  return range(n).map((i) => ({ gate: "ry", wires: [i], angle: inputAngle(i) }));
}

function rotations(n: number, layer: number): OperationDeclaration[] {
  return range(n).flatMap((i): OperationDeclaration[] => [
    { gate: "ry", wires: [i], angle: weightAngle(2 * (layer * n + i)) },
    { gate: "rz", wires: [i], angle: weightAngle(2 * (layer * n + i) + 1) },
  ]);
}

function ring(n: number, gate: "cx" | "cz"): OperationDeclaration[] {
  return range(n).map((i) => ({ gate, wires: [i, (i + 1) % n] }));
}

/** The circuit of a small quantum head: RY(x), 3 x (RY, RZ, ring), <Z> of each wire. */
export function head(n: number, gate: "cx" | "cz" = "cx"): Circuit {
  const layers = LAYERS.flatMap((layer) => [...rotations(n, layer), ...ring(n, gate)]);
  return defineCircuit({ wires: n, operations: [...encoding(n), ...layers] });
}

/** The same with RY(x) before each layer. */
export function reuploading(n: number): Circuit {
  const layers = LAYERS.flatMap((layer) => [
    ...encoding(n),
    ...rotations(n, layer),
    ...ring(n, "cx"),
  ]);
  return defineCircuit({ wires: n, operations: layers });
}

/** Where nothing can be left out or put off: gates of all kinds that do not come in layers. */
export function mixed(n: number): Circuit {
  let weights = 0;
  const gates = LAYERS.flatMap(() =>
    range(n).flatMap((i): OperationDeclaration[] => {
      const next = (i + 1) % n, angle = () => weightAngle(weights++);
      const on = (gate: GateName, ...wires: number[]): OperationDeclaration => ({ gate, wires });
      return [
        on("h", i),
        { ...on("crx", i, next), angle: angle() },
        on("t", next),
        { ...on("cry", next, i), angle: angle() },
        { ...on("rxx", i, next), angle: angle() },
        { ...on("crz", i, next), angle: angle() },
        on("sx", i),
        { ...on("cp", i, next), angle: angle() },
      ];
    })
  );
  return defineCircuit({ wires: n, operations: [...encoding(n), ...gates] });
}

/** Numbers for a circuit in single precision. */
export function numbersFor(circuit: Circuit, batch: number) {
  const random = new SeededRandom(circuit.wires);
  const numbers = (count: number) =>
    Float32Array.from({ length: count }, () => random.uniform(-3, 3));
  return {
    inputs: numbers(batch * circuit.inputs),
    weights: numbers(circuit.weights),
    batch,
    cotangents: numbers(batch * circuit.outputs),
  };
}
