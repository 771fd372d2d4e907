// The layer in models of one's own, and the circuit on tensors.
import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { circuitOps } from "../../src/model/layers/circuit_ops.ts";
import { quantumLayer, runCircuit } from "../../src/model/quantum_layer.ts";
import { composeCircuit } from "../../src/quantum/compose_circuit.ts";
import { referenceSimulator } from "../../src/quantum/reference_simulator.ts";
import { statevectorSimulator } from "../../src/quantum/simulator.ts";
import { angleEncoding, basicEntangler, zzFeatureMap } from "../../src/quantum/templates.ts";
import { loadModel, saveModel } from "../../src/tensors/mod.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import type { Scalar, Tensor1D, Tensor2D, Tf, Variable } from "../../src/tensors/tf.ts";
import { distance, randomArgs, randomCircuit } from "../quantum/random_circuit.ts";
import { lastJson, runScript } from "../tensors/_run_script.ts";
import { NO_SOFTWARE_ADAPTER } from "../tensors/_software_adapter.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";

const circuit = composeCircuit([
  zzFeatureMap(3, { reps: 1 }),
  basicEntangler(3, { layers: 2, rotations: ["ry", "rz"] }),
]);

/** Each way of running a circuit on tensors, forward and back, against the reference. */
for (const backend of ["wasm", "cpu"] as const) {
  Deno.test(`runCircuit() and circuitOps() give the values and slopes of the reference on ${backend}`, async () => {
    const { tf } = await openTensors({ require: backend });
    const random = new SeededRandom("tensors");
    for (let k = 0; k < 12; k++) {
      const circuit = randomCircuit(random, 4);
      const args = randomArgs(random, circuit, 3);
      const wanted = referenceSimulator().vjp(circuit, args);
      const ways = {
        runCircuit: (inputs: Tensor2D, weights: Tensor1D) =>
          runCircuit(circuit, { inputs, weights }),
        circuitOps: (inputs: Tensor2D, weights: Tensor1D) =>
          circuitOps(tf, circuit, { inputs, weights }),
      };
      for (const [name, way] of Object.entries(ways)) {
        const [outputs, inputs, weights] = slopes(tf, way, args);
        assert.ok(distance(outputs, wanted.outputs) < 1e-5, `${name}, circuit ${k}`);
        assert.ok(distance(inputs, wanted.inputs) < 2e-3, `${name}, circuit ${k}, inputs`);
        assert.ok(distance(weights, wanted.weights) < 2e-3, `${name}, circuit ${k}, weights`);
      }
    }
  });
}

function slopes(
  tf: Tf,
  way: (inputs: Tensor2D, weights: Tensor1D) => Tensor2D,
  { inputs, weights, batch, cotangents }: ReturnType<typeof randomArgs>,
): Float32Array[] {
  return tf.tidy(() => {
    const rows = (values: Float64Array) =>
      tf.tensor2d(Float32Array.from(values), [batch, values.length / batch]);
    const x = rows(inputs), w = tf.tensor1d(Float32Array.from(weights));
    const dy = rows(cotangents);
    const { grads } = tf.valueAndGrads((x, w) => way(x as Tensor2D, w as Tensor1D))([x, w], dy);
    return [way(x, w), ...grads].map((tensor) => Float32Array.from(tensor.dataSync()));
  });
}

for (const backend of ["wasm", "cpu"] as const) {
  Deno.test(`the gradients of a whole model around quantumLayer() are finite differences on ${backend}`, async () => {
    const { tf } = await openTensors({ require: backend });
    const input = tf.input({ shape: [5] });
    const glorot = (seed: number) => tf.initializers.glorotNormal({ seed });
    const hidden = tf.layers.dense({ units: 3, activation: "tanh", kernelInitializer: glorot(1) })
      .apply(input);
    const quantum = quantumLayer({ circuit, initialDeviation: 0.5, seed: 2 });
    const logits = tf.layers.dense({ units: 2, kernelInitializer: glorot(3) })
      .apply(quantum.apply(hidden as never) as never);
    const model = tf.model({ inputs: input, outputs: logits as never });
    const x = tf.randomNormal([4, 5], 0, 1, "float32", 4),
      y = tf.tensor2d([[1, 0], [0, 1], [1, 0], [0, 1]]);
    const loss = () =>
      tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as Tensor2D) as Scalar;
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    const { grads } = tf.variableGrads(loss, variables);
    for (const variable of variables) {
      const gradient = grads[variable.name].dataSync();
      for (const at of [0, variable.size - 1]) {
        const expected = difference(tf, variable, { at, loss });
        assert.ok(
          Math.abs(gradient[at] - expected) <= 2e-3 * Math.max(0.2, Math.abs(expected)),
          `${variable.name}[${at}]: ${gradient[at]} and ${expected}`,
        );
      }
      assert.ok(gradient.some((value) => Math.abs(value) > 1e-5), variable.name);
    }
    tf.dispose([x, y, grads]);
    model.dispose();
  });
}

function difference(
  tf: Tf,
  variable: Variable,
  { at, loss }: { readonly at: number; readonly loss: () => Scalar },
): number {
  const values = Float32Array.from(variable.dataSync());
  const lossAt = (shift: number) =>
    tf.tidy(() => {
      const moved = values.slice();
      moved[at] += shift;
      variable.assign(tf.tensor(moved, variable.shape));
      return loss().dataSync()[0];
    });
  const found = (lossAt(1e-2) - lossAt(-1e-2)) / 2e-2;
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  return found;
}

Deno.test("quantumLayer() learns in tf.sequential, and is saved and loaded with its model", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  const model = tf.sequential({
    layers: [
      quantumLayer({
        circuit: composeCircuit([angleEncoding(2), basicEntangler(2)]),
        name: "circuit",
      }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.1), loss: "meanSquaredError" });
  const x = tf.tensor2d([[0.1, 0.4], [1.2, -0.3], [2, 1]]);
  const y = tf.tensor2d([[0.3, -0.8], [0.1, -0.2], [-0.1, 0.4]]);
  const { history } = await model.fit(x, y, { epochs: 30, shuffle: false, verbose: 0 });
  assert.ok((history.loss.at(-1) as number) < 0.7 * (history.loss[0] as number));
  const folder = await Deno.makeTempDir();
  try {
    await saveModel(model, folder);
    const loaded = await loadModel(folder);
    const [before, after] = [model, loaded].map((one) =>
      (one as typeof model).predict(x) as Tensor2D
    );
    assert.deepEqual(after.arraySync(), before.arraySync());
    tf.dispose([before, after]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  tf.dispose([x, y]);
});

Deno.test("quantumLayer() runs on the simulator that it was given, and refuses what it cannot take", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  let calls = 0;
  const own = statevectorSimulator();
  const simulator = {
    ...own,
    forward: (...given: Parameters<typeof own.forward>) => {
      calls++;
      return own.forward(...given);
    },
  };
  const layer = quantumLayer({ circuit: angleEncoding(2), simulator });
  tf.tidy(() => void layer.apply(tf.zeros([3, 2])));
  assert.equal(calls, 1);
  assert.throws(() => quantumLayer({ circuits: circuit } as never), /Did you mean "circuit"/);
  assert.throws(() => quantumLayer({ circuit, seed: 0.5 }), /seed/);
  assert.throws(() => quantumLayer({ circuit, initialDeviation: NaN }), /initialDeviation/);
  const inputs = tf.zeros([3, 2]) as Tensor2D, weights = tf.zeros([1]) as Tensor1D;
  assert.throws(
    () => runCircuit(angleEncoding(2), { inputs, weights }),
    /takes \[batch, 2\] and \[0\], found inputs of \[3,2\] and weights of \[1\]/,
  );
  tf.dispose([inputs, weights]);
});

testOrSkip(
  "quantumLayer() has the values and gradients of wasm on WebGPU tensors, and refuses a simulator there",
  NO_SOFTWARE_ADAPTER,
  async () => {
    const { stdout, stderr } = await runScript(`
      import { openTensors } from "SRC/mod.ts";
      import { quantumLayer } from "SRC/../model/quantum_layer.ts";
      import { statevectorSimulator } from "SRC/../quantum/simulator.ts";
      import { defineCircuit } from "SRC/../quantum/circuit.ts";
      const circuit = defineCircuit(${JSON.stringify(circuit)});
      const found = [];
      for (const asked of [{ prefer: "wasm" }, { adapter: "llvmpipe" }]) {
        const { tf } = await openTensors(asked);
        const x = tf.tensor2d([[0.1, -0.4, 0.9], [1.2, 0.3, -2]]);
        const layer = quantumLayer({ circuit, initialDeviation: 0.5, seed: 2 });
        layer.apply(x);
        const angles = layer.weights[0].read();
        // A value that was computed on the device, so that it cannot be read at once.
        const { value, grads } = tf.valueAndGrads((x) => layer.apply(x.mul(1.5)).square().sum())([x]);
        const { grads: own } = tf.variableGrads(() => layer.apply(x.mul(1.5)).square().sum(), [angles]);
        const values = [value, grads[0], own[angles.name]];
        found.push((await Promise.all(values.map((one) => one.data()))).map((data) => [...data]));
        if (asked.adapter) {
          found.push(tf.getBackend(), layer.gradientMethod);
          layer.simulator = statevectorSimulator();
          try { layer.apply(x); found.push("ran"); } catch (error) { found.push(error.message); }
        }
      }
      console.log(JSON.stringify(found));
    `);
    const [wasm, webgpu, backend, method, refused] = lastJson({ stdout, stderr });
    assert.deepEqual([backend, method], ["webgpu", "backpropagation"]);
    wasm.forEach((values: number[], i: number) => {
      assert.ok(values.some((value) => Math.abs(value) > 1e-3));
      assert.ok(distance(values, webgpu[i]) < 1e-3, `${i}: ${values} and ${webgpu[i]}`);
    });
    assert.match(refused, /WebGPU cannot do; leave the simulator out/);
  },
);
