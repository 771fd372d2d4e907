import assert from "node:assert/strict";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import { inputAngle, weightAngle } from "../../../src/quantum/angle.ts";
import {
  type Circuit,
  defineCircuit,
  type OperationDeclaration,
} from "../../../src/quantum/circuit.ts";
import { referenceSimulator } from "../../../src/quantum/reference_simulator.ts";
import { statevectorSimulator } from "../../../src/quantum/simulator.ts";
import { distance, randomArgs } from "../random_circuit.ts";

const ROTATIONS = ["rx", "ry", "rz"] as const;

const simulatorOf = (precision: "f32" | "f64") =>
  precision === "f32" ? statevectorSimulator() : statevectorSimulator({ precision });

/** Layers of rotations and rings, the way variational circuits are written. */
function randomAnsatz(random: SeededRandom, wires: number): Circuit {
  const all = Array.from({ length: wires }, (_, i) => i);
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)];
  const layers = 1 + random.integer(4), reupload = random.integer(2) === 0;
  const used = random.shuffle([...ROTATIONS]).slice(0, 1 + random.integer(3));
  const entangler = pick(["cx", "cz", "none"] as const), byWire = random.integer(2) === 0;
  const start = pick(ROTATIONS);
  let next = 0;
  const encode = () =>
    all.map((i): OperationDeclaration => ({
      gate: start,
      wires: [i],
      angle: inputAngle(i, { scale: random.uniform(0.5, 1.5) }),
    }));
  const rotation = (gate: typeof start, i: number): OperationDeclaration => ({
    gate,
    wires: [i],
    // Now and then one weight for two gates, with a factor.
    angle: weightAngle(random.integer(5) === 0 && next > 0 ? next - 1 : next++, {
      scale: random.uniform(0.5, 2),
    }),
  });
  const operations: OperationDeclaration[] = encode();
  for (let layer = 0; layer < layers; layer++) {
    if (reupload && layer > 0) operations.push(...encode());
    operations.push(
      ...(byWire
        ? all.flatMap((i) => used.map((gate) => rotation(gate, i)))
        : used.flatMap((gate) => all.map((i) => rotation(gate, i)))),
    );
    if (entangler === "none" || wires < 2) continue;
    operations.push(...all.map((i) => ({ gate: entangler, wires: [i, (i + 1) % wires] })));
  }
  const observable = random.integer(3) === 0 ? "probabilities" : "z";
  return defineCircuit({ wires, operations, observable });
}

/** Small, anything, and multiples of π/4, where a half turn is not executed. */
function randomNumbers(random: SeededRandom, circuit: Circuit, batch: number) {
  const args = randomArgs(random, circuit, batch);
  const kind = random.integer(3);
  if (kind === 0) args.weights.forEach((value, i) => args.weights[i] = value / 100);
  if (kind === 1) {
    args.weights.forEach((_, i) => args.weights[i] = Math.PI / 4 * (random.integer(17) - 8));
  }
  return args;
}

Deno.test("layered circuits of 1 to 10 wires agree with the reference for any batch", () => {
  const random = new SeededRandom("ansatz"), reference = referenceSimulator();
  const f64 = statevectorSimulator({ precision: "f64" }), f32 = statevectorSimulator();
  for (let k = 0; k < 120; k++) {
    const wires = k % 12 === 0 ? 9 + k / 12 % 2 : 1 + random.integer(8);
    const circuit = randomAnsatz(random, wires);
    const batch = wires > 6 ? 1 + random.integer(3) : [1, 5, 8, 33][random.integer(4)];
    const args = randomNumbers(random, circuit, batch);
    const wanted = reference.vjp(circuit, args);
    const size = Math.max(1, ...wanted.weights.map(Math.abs), ...wanted.inputs.map(Math.abs));
    for (const [simulator, limit] of [[f64, 1e-12], [f32, 1e-5]] as const) {
      const found = simulator.vjp(circuit, args);
      const error = Math.max(
        distance(found.outputs, wanted.outputs),
        distance(found.inputs, wanted.inputs) / size,
        distance(found.weights, wanted.weights) / size,
      );
      assert.ok(error < limit, `circuit ${k} of ${wires} wires, batch ${batch}: ${error}`);
    }
  }
});

Deno.test("layered circuits of 11 to 16 wires agree with the engine in TypeScript", () => {
  const random = new SeededRandom("wide ansatz");
  const f32 = statevectorSimulator();
  const other = statevectorSimulator({ precision: "f64", module: "typescript" });
  for (const wires of [11, 12, 13, 14, 16]) {
    const circuit = randomAnsatz(random, wires);
    const args = randomNumbers(random, circuit, wires > 14 ? 2 : 9);
    const wanted = other.vjp(circuit, args), found = f32.vjp(circuit, args);
    const size = Math.max(1, ...wanted.weights.map(Math.abs), ...wanted.inputs.map(Math.abs));
    assert.ok(distance(found.outputs, wanted.outputs) < 1e-5, `outputs of ${wires} wires`);
    assert.ok(distance(found.inputs, wanted.inputs) < 1e-5 * size, `inputs of ${wires} wires`);
    assert.ok(distance(found.weights, wanted.weights) < 1e-5 * size, `weights of ${wires} wires`);
  }
});

Deno.test("half turns that differ from sample to sample are exact, though their tangents are not finite", () => {
  const random = new SeededRandom("half turns"), reference = referenceSimulator();
  for (const wires of [1, 2, 3, 4, 5]) {
    const all = Array.from({ length: wires }, (_, i) => i);
    const layer = (at: number): OperationDeclaration[] => [
      ...all.map((i) => ({ gate: "ry" as const, wires: [i], angle: inputAngle(i) })),
      ...all.map((i) => ({ gate: "rz" as const, wires: [i], angle: weightAngle(at * wires + i) })),
      ...(wires > 1 ? all.map((i) => ({ gate: "cx" as const, wires: [i, (i + 1) % wires] })) : []),
    ];
    const circuit = defineCircuit({ wires, operations: [0, 1, 2, 3].flatMap(layer) });
    const args = randomArgs(random, circuit, 8);
    args.inputs.forEach((_, i) => args.inputs[i] = Math.PI / 2 * (random.integer(9) - 4));
    const wanted = reference.vjp(circuit, args);
    for (const precision of ["f32", "f64"] as const) {
      const found = simulatorOf(precision).vjp(circuit, args),
        limit = precision === "f32" ? 1e-5 : 1e-12;
      assert.ok(distance(found.outputs, wanted.outputs) < limit, `${precision}, ${wires} wires`);
      assert.ok(distance(found.inputs, wanted.inputs) < 4 * limit, `${precision}, ${wires} wires`);
      assert.ok(
        distance(found.weights, wanted.weights) < 4 * limit,
        `${precision}, ${wires} wires`,
      );
    }
  }
});

Deno.test("a deep circuit without phases keeps its numbers in range", () => {
  const wires = 4, layers = 200;
  const operations = Array.from({ length: layers }, (_, layer) => [
    ...Array.from({ length: wires }, (_, i) => ({
      gate: "ry" as const,
      wires: [i],
      angle: weightAngle(layer * wires + i),
    })),
    ...Array.from({ length: wires }, (_, i) => ({
      gate: "cx" as const,
      wires: [i, (i + 1) % wires],
    })),
  ]).flat();
  const circuit = defineCircuit({ wires, operations });
  // Each of the 800 cosines is 0.71: their product would be 1e-119.
  const weights = new Float64Array(circuit.weights).fill(Math.PI / 2 - 1e-3);
  const args = { inputs: new Float64Array(0), weights, batch: 1 };
  const cotangents = Float64Array.of(1, -2, 3, -4);
  const wanted = referenceSimulator().vjp(circuit, { ...args, cotangents });
  const found = statevectorSimulator().vjp(circuit, { ...args, cotangents });
  assert.ok(distance(found.outputs, wanted.outputs) < 1e-4);
  assert.ok(distance(found.weights, wanted.weights) < 1e-3);
});
