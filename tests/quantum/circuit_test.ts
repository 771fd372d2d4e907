import assert from "node:assert/strict";
import { inputAngle, weightAngle } from "../../src/quantum/angle.ts";
import { type CircuitDeclaration, defineCircuit } from "../../src/quantum/circuit.ts";
import { circuitStatistics } from "../../src/quantum/circuit_statistics.ts";
import { composeCircuit } from "../../src/quantum/compose_circuit.ts";
import {
  angleEncoding,
  basicEntangler,
  realAmplitudes,
  zzFeatureMap,
} from "../../src/quantum/templates.ts";

const reject = (declaration: unknown, message: RegExp) =>
  assert.throws(() => defineCircuit(declaration as CircuitDeclaration), message);

Deno.test("defineCircuit() refuses what cannot be run, naming the place", () => {
  reject(
    { wires: 2, operations: [{ gate: "swp", wires: [0, 1] }] },
    /operation 0.*Did you mean "swap"/,
  );
  reject({ wires: 2, operations: [{ gate: "cx", wires: [0, 2] }] }, /wire 2, but wires are 0…1/);
  reject({ wires: 2, operations: [{ gate: "cx", wires: [1, 1] }] }, /must differ/);
  reject({ wires: 2, operations: [{ gate: "cx", wires: [1] }] }, /acts on 2 wires/);
  reject({ wires: 1, operations: [{ gate: "rx", wires: [0] }] }, /has no angle/);
  reject({ wires: 1, operations: [{ gate: "h", wires: [0], angle: 1 }] }, /takes no angle/);
  reject({ wires: 1, operations: [{ gate: "rx", wires: [0], angle: NaN }] }, /finite/);
  reject(
    { wires: 1, operations: [{ gate: "rx", wires: [0], angle: { kind: "wait" } }] },
    /angle is/,
  );
  reject({ wires: 0, operations: [] }, /1…30/);
  reject({ wires: 1, operations: [], observable: "x" }, /observable/);
  reject({ wires: 1, operations: [], weight: 1 }, /Did you mean "weights"/);
  const angle = weightAngle(2);
  reject({ wires: 1, operations: [{ gate: "rx", wires: [0], angle }], weights: 2 }, /at least 3/);
});

Deno.test("defineCircuit() gives frozen plain data that survives JSON", () => {
  const circuit = zzFeatureMap(3);
  assert.deepEqual(defineCircuit(JSON.parse(JSON.stringify(circuit))), circuit);
  assert.throws(() => (circuit.operations as unknown[]).push(1), TypeError);
  assert.throws(() => (circuit.operations[0].wires as number[])[0] = 1, TypeError);
});

/** Gates with wires, the way a paper would list them. */
const listed = (circuit: ReturnType<typeof defineCircuit>) =>
  circuit.operations.map(({ gate, wires }) => `${gate} ${wires.join(",")}`).join("; ");

Deno.test("zzFeatureMap() has the gates and angles of Qiskit's ZZFeatureMap", () => {
  const one =
    "h 0; h 1; h 2; p 0; p 1; p 2; cx 0,1; p 1; cx 0,1; cx 0,2; p 2; cx 0,2; cx 1,2; p 2; cx 1,2";
  assert.equal(listed(zzFeatureMap(3, { reps: 1 })), one);
  assert.equal(listed(zzFeatureMap(3)), `${one}; ${one}`);
  const [single, product] = [
    zzFeatureMap(2, { reps: 1 }).operations[3],
    zzFeatureMap(2).operations[5],
  ];
  assert.deepEqual(single.angle, { kind: "input", index: 1, scale: 2, offset: 0 });
  const factor = (index: number) => ({ index, scale: -1, offset: Math.PI });
  assert.deepEqual(product.angle, { kind: "product", factors: [factor(0), factor(1)], scale: 2 });
});

Deno.test("realAmplitudes() has the gates of Qiskit's RealAmplitudes for each entanglement", () => {
  const pairs = (entanglement: "reverse_linear" | "linear" | "full" | "ring", wires = 4) =>
    realAmplitudes(wires, { reps: 1, entanglement }).operations
      .filter(({ gate }) => gate === "cx").map(({ wires: [a, b] }) => `${a}${b}`).join(" ");
  assert.equal(pairs("reverse_linear"), "23 12 01");
  assert.equal(pairs("linear"), "01 12 23");
  assert.equal(pairs("full"), "01 02 03 12 13 23");
  assert.equal(pairs("ring"), "30 01 12 23");
  assert.equal(pairs("ring", 2), "01");
  const circuit = realAmplitudes(2, { reps: 2 });
  assert.equal(listed(circuit), "ry 0; ry 1; cx 0,1; ry 0; ry 1; cx 0,1; ry 0; ry 1");
  assert.deepEqual(
    circuit.operations.flatMap(({ angle }) => angle?.kind === "weight" ? [angle.index] : []),
    [0, 1, 2, 3, 4, 5],
  );
  assert.throws(() => realAmplitudes(2, { entanglement: "linnear" as "linear" }), /"linear"/);
});

Deno.test("basicEntangler() has the gates of PennyLane's BasicEntanglerLayers", () => {
  assert.equal(listed(basicEntangler(3)), "rx 0; rx 1; rx 2; cx 0,1; cx 1,2; cx 2,0");
  assert.equal(listed(basicEntangler(2)), "rx 0; rx 1; cx 0,1");
  assert.equal(listed(basicEntangler(1, { layers: 2 })), "rx 0; rx 0");
  const rotations = ["rz", "ry", "rz"] as const;
  assert.equal(
    listed(basicEntangler(2, { rotations })),
    "rz 0; ry 0; rz 0; rz 1; ry 1; rz 1; cx 0,1",
  );
});

Deno.test("composeCircuit() shares inputs unless told otherwise and keeps weights apart", () => {
  const layer = composeCircuit([angleEncoding(2), basicEntangler(2)]);
  const shared = composeCircuit([layer, layer]);
  assert.deepEqual([shared.inputs, shared.weights], [2, 4]);
  const separate = composeCircuit([layer, layer], {
    inputs: "separate",
    observable: "probabilities",
  });
  assert.deepEqual([separate.inputs, separate.weights, separate.outputs], [4, 4, 4]);
  assert.throws(() => composeCircuit([layer, basicEntangler(3)]), /2 wires and the last has 3/);
  assert.throws(() => composeCircuit([]), /at least one/);
  assert.throws(() => composeCircuit([layer], { inputs: "apart" as "shared" }), /inputs/);
});

Deno.test("circuitStatistics() counts depth, gates and parameters", () => {
  const circuit = defineCircuit({
    wires: 3,
    operations: [
      { gate: "h", wires: [0] },
      { gate: "cx", wires: [0, 1] },
      { gate: "ry", wires: [2], angle: inputAngle(0) },
      { gate: "ry", wires: [1], angle: weightAngle(0) },
      { gate: "rz", wires: [1], angle: weightAngle(0) },
    ],
  });
  const { depth, gates, gateCounts, twoQubitGates, parameters } = circuitStatistics(circuit);
  assert.deepEqual({ depth, gates, twoQubitGates, parameters }, {
    depth: 4,
    gates: 5,
    twoQubitGates: 1,
    parameters: 2,
  });
  assert.deepEqual(gateCounts, { h: 1, cx: 1, ry: 2, rz: 1 });
});
