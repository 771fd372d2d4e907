import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { inputAngle, productAngle } from "../../src/quantum/angle.ts";
import { type Circuit, defineCircuit } from "../../src/quantum/circuit.ts";
import { composeCircuit } from "../../src/quantum/compose_circuit.ts";
import { finiteDifference } from "../../src/quantum/finite_difference.ts";
import { GATES } from "../../src/quantum/gates.ts";
import { parameterShift } from "../../src/quantum/parameter_shift.ts";
import { referenceSimulator } from "../../src/quantum/reference_simulator.ts";
import { statevectorSimulator } from "../../src/quantum/simulator.ts";
import {
  angleEncoding,
  basicEntangler,
  realAmplitudes,
  zzFeatureMap,
} from "../../src/quantum/templates.ts";
import { denseOutputs } from "./dense_oracle.ts";
import { distance, randomArgs, randomCircuit } from "./random_circuit.ts";

const f32 = statevectorSimulator();
const f64 = statevectorSimulator({ precision: "f64" });
const slow = statevectorSimulator({ module: "typescript" });
const reference = referenceSimulator();
const none = new Float64Array(0);

Deno.test("forward() of all simulators agrees with dense matrices on 150 random circuits", () => {
  const random = new SeededRandom("dense");
  const seen = new Set<string>();
  for (let k = 0; k < 150; k++) {
    const circuit = randomCircuit(random, 5);
    const { inputs, weights } = randomArgs(random, circuit, 1);
    const wanted = denseOutputs(circuit, inputs, weights);
    const args = { inputs, weights, batch: 1 };
    assert.ok(distance(f64.forward(circuit, args), wanted) < 1e-12, `f64, circuit ${k}`);
    assert.ok(
      distance(reference.forward(circuit, args), wanted) < 1e-12,
      `reference, circuit ${k}`,
    );
    assert.ok(distance(f32.forward(circuit, args), wanted) < 1e-5, `f32, circuit ${k}`);
    assert.ok(distance(slow.forward(circuit, args), wanted) < 1e-5, `TypeScript, circuit ${k}`);
    circuit.operations.forEach(({ gate }) => seen.add(gate));
  }
  assert.deepEqual([...seen].sort(), Object.keys(GATES).sort());
});

Deno.test("vjp() agrees with the reference, parameter shift and finite differences", () => {
  const random = new SeededRandom("gradients");
  for (let k = 0; k < 60; k++) {
    const circuit = randomCircuit(random, 4);
    const args = randomArgs(random, circuit, 1 + random.integer(4));
    const found = f64.vjp(circuit, args);
    const near = (other: typeof found, tolerance: number, what: string) => {
      const worst = Math.max(
        distance(found.outputs, other.outputs),
        distance(found.inputs, other.inputs),
        distance(found.weights, other.weights),
      );
      assert.ok(worst < tolerance, `${what}, circuit ${k}: ${worst}`);
    };
    near(reference.vjp(circuit, args), 1e-10, "reference");
    near(parameterShift(f64, circuit, args), 1e-10, "parameter shift");
    near(finiteDifference(reference, circuit, args), 1e-5, "finite differences");
    const single = f32.vjp(circuit, args);
    const scale = 1 + found.weights.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    assert.ok(distance(single.weights, found.weights) < 1e-5 * scale * args.batch);
  }
});

Deno.test("vjp() is right for joined rotations of layered circuits, odd and even", () => {
  const random = new SeededRandom("layers");
  for (const entanglement of ["reverse_linear", "linear", "full", "ring"] as const) {
    for (const wires of [2, 3, 4, 5]) {
      const circuit = composeCircuit([
        angleEncoding(wires, { rotation: "rx" }),
        realAmplitudes(wires, { reps: 3, entanglement }),
      ]);
      const args = randomArgs(random, circuit, 3);
      const found = f64.vjp(circuit, args), wanted = reference.vjp(circuit, args);
      assert.ok(distance(found.outputs, wanted.outputs) < 1e-13);
      assert.ok(distance(found.inputs, wanted.inputs) < 1e-12);
      assert.ok(distance(found.weights, wanted.weights) < 1e-12);
    }
  }
});

Deno.test("parameterShift() needs four terms for a controlled rotation, and takes them", () => {
  for (const gate of ["crx", "cry", "crz"] as const) {
    const circuit = defineCircuit({
      wires: 2,
      operations: [
        { gate: "ry", wires: [0], angle: 1.1 },
        { gate: "ry", wires: [1], angle: 0.4 },
        { gate, wires: [0, 1], angle: inputAngle(0) },
        { gate: "rx", wires: [1], angle: 0.9 },
        { gate: "ry", wires: [0], angle: 0.7 },
      ],
    });
    const at = (x: number) =>
      f64.forward(circuit, { inputs: Float64Array.of(x), weights: none, batch: 1 })
        .reduce((a, b) => a + b);
    const args = { inputs: Float64Array.of(0.6), weights: none, batch: 1 };
    const cotangents = Float64Array.of(1, 1);
    const [slope] = parameterShift(f64, circuit, { ...args, cotangents }).inputs;
    assert.ok(Math.abs(slope - f64.vjp(circuit, { ...args, cotangents }).inputs[0]) < 1e-12);
    const twoTerms = (at(0.6 + Math.PI / 2) - at(0.6 - Math.PI / 2)) / 2;
    assert.ok(Math.abs(slope - twoTerms) > 1e-3, `two terms would have done for ${gate}`);
  }
});

Deno.test("vjp() of a product of inputs follows the product rule", () => {
  // <Z> = cos(2 (π - x0)(π - x1))
  const away = (i: number) => inputAngle(i, { scale: -1, offset: Math.PI });
  const angle = productAngle([away(0), away(1)], { scale: 2 });
  const circuit = defineCircuit({ wires: 1, operations: [{ gate: "ry", wires: [0], angle }] });
  const [x, y] = [0.3, 1.2];
  const { inputs } = f64.vjp(circuit, {
    inputs: Float64Array.of(x, y),
    weights: none,
    batch: 1,
    cotangents: Float64Array.of(1),
  });
  const sine = Math.sin(2 * (Math.PI - x) * (Math.PI - y));
  assert.ok(distance(inputs, [2 * (Math.PI - y) * sine, 2 * (Math.PI - x) * sine]) < 1e-13);
});

Deno.test("vjp() of a batch of 7 equals 7 batches of 1, and of 70 equals 70", () => {
  const random = new SeededRandom("batch");
  const circuits = [
    composeCircuit([zzFeatureMap(4), basicEntangler(4, { layers: 2, rotations: ["ry", "rz"] })]),
    ...Array.from({ length: 8 }, () => randomCircuit(random, 5)),
  ];
  for (const circuit of circuits) {
    for (const batch of [7, 70]) {
      const args = randomArgs(random, circuit, batch);
      const whole = f32.vjp(circuit, args);
      const weights = new Float64Array(circuit.weights);
      for (let i = 0; i < batch; i++) {
        const part = (values: Float64Array, width: number) =>
          values.subarray(i * width, (i + 1) * width);
        const one = f32.vjp(circuit, {
          inputs: part(args.inputs, circuit.inputs),
          weights: args.weights,
          batch: 1,
          cotangents: part(args.cotangents, circuit.outputs),
        });
        const { inputs: k, outputs: m } = circuit;
        assert.deepEqual(whole.outputs.subarray(i * m, (i + 1) * m), one.outputs);
        assert.deepEqual(whole.inputs.subarray(i * k, (i + 1) * k), one.inputs);
        one.weights.forEach((value, j) => weights[j] += value);
      }
      const size = 1 + Math.max(...weights.map(Math.abs));
      assert.ok(distance(whole.weights, weights) < 2e-5 * batch ** 0.5 * size);
    }
  }
});

Deno.test("forward() and vjp() are right on wide registers, where groups of samples are small", () => {
  const random = new SeededRandom("wide");
  for (const wires of [13, 16]) {
    const circuit = composeCircuit([
      angleEncoding(wires),
      basicEntangler(wires, { layers: 1, rotations: ["ry", "rz"] }),
      basicEntangler(wires, { layers: 1 }),
    ]);
    const args = randomArgs(random, circuit, 9);
    const wanted = f64.vjp(circuit, args), found = f32.vjp(circuit, args);
    assert.ok(distance(found.outputs, wanted.outputs) < 1e-5);
    assert.ok(distance(found.inputs, wanted.inputs) < 1e-4);
    assert.ok(distance(found.weights, wanted.weights) < 2e-4);
  }
});

Deno.test("statevectorSimulator() hands out arrays of its own and leaves its arguments alone", () => {
  const circuit = angleEncoding(3);
  const args = { inputs: Float32Array.of(0.1, 0.2, 0.3), weights: new Float32Array(0), batch: 1 };
  const before = args.inputs.slice();
  const first = f32.forward(circuit, args), kept = first.slice();
  const second = f32.forward(circuit, { ...args, inputs: Float32Array.of(1, 1, 1) });
  assert.notEqual(first.buffer, second.buffer);
  assert.deepEqual(first, kept);
  assert.deepEqual(args.inputs, before);
});

Deno.test("simulators refuse wrong lengths, numbers that are not finite, and too many wires", () => {
  const circuit = composeCircuit([angleEncoding(2), basicEntangler(2)]);
  const args = { inputs: new Float32Array(4), weights: new Float32Array(2), batch: 2 };
  for (const simulator of [f32, f64, slow, reference]) {
    const run = (changed: object, asked: Circuit = circuit) => () =>
      simulator.forward(asked, { ...args, ...changed });
    assert.throws(run({ inputs: new Float32Array(3) }), /inputs has 3 numbers, wanted 4/);
    assert.throws(run({ weights: new Float32Array(3) }), /weights has 3 numbers, wanted 2/);
    assert.throws(run({ inputs: Float32Array.of(0, 0, NaN, 0) }), /inputs\[2\] is NaN/);
    assert.throws(run({ weights: Float32Array.of(Infinity, 0) }), /weights\[0\] is Infinity/);
    assert.throws(run({ batch: 0 }), RangeError);
    assert.throws(run({ inputs: [0, 0, 0, 0] }), TypeError);
    const cotangents = Float32Array.of(1, 2, 3, NaN);
    assert.throws(() => simulator.vjp(circuit, { ...args, cotangents }), /cotangents\[3\] is NaN/);
  }
  for (const [simulator, limit] of [[f32, 24], [f64, 24], [slow, 22]] as const) {
    const huge = angleEncoding(limit + 1);
    const numbers = { inputs: new Float32Array(limit + 1), weights: new Float32Array(0), batch: 1 };
    assert.throws(() => simulator.forward(huge, numbers), {
      name: "RangeError",
      message: new RegExp(`${limit + 1} wires.*limit is ${limit}.*fewer wires`),
    });
  }
  // Phases that differ from sample to sample need tables as large as two states.
  const large = composeCircuit([
    angleEncoding(24),
    angleEncoding(24, { rotation: "rz" }),
    angleEncoding(24),
  ]);
  const four = { inputs: new Float64Array(4 * 24), weights: none, batch: 4 };
  assert.throws(() => f64.forward(large, four), {
    name: "RangeError",
    message: /24 wires need \d\.\d GiB, 1\.0 for one state of 4 samples.*Use fewer wires/,
  });
  const many = defineCircuit({
    ...angleEncoding(20),
    observable: "probabilities",
    outputs: undefined,
  });
  assert.throws(() =>
    f32.forward(many, {
      inputs: new Float32Array(20 * 512),
      weights: new Float32Array(0),
      batch: 512,
    }), /smaller batch/);
});

Deno.test("statevectorSimulator() refuses unknown options and precisions", () => {
  assert.throws(
    () => statevectorSimulator({ precison: "f64" } as never),
    /Did you mean "precision"/,
  );
  assert.throws(() => statevectorSimulator({ precision: "f16" } as never), /"f32"|f32, f64/);
  assert.throws(() => statevectorSimulator({ module: "relaxd" } as never), /"relaxed"/);
  assert.throws(() => statevectorSimulator({ workers: 0 }), /whole number from 1, found 0/);
  const alone = { module: "typescript", workers: 2 } as const;
  assert.throws(() => statevectorSimulator(alone), /one thread.*leave workers out/);
});

Deno.test("statevectorSimulator() gives the same bytes in memory that other circuits used before", () => {
  const random = new SeededRandom("memory"), used = statevectorSimulator();
  // More circuits than are kept, so that their memory is taken over, full of other numbers.
  for (let k = 0; k < 60; k++) {
    const circuit = randomCircuit(random, 7), args = randomArgs(random, circuit, 1 + k % 9);
    assert.deepEqual(used.vjp(circuit, args), statevectorSimulator().vjp(circuit, args));
  }
});
