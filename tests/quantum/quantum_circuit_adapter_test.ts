import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import {
  drawCircuit,
  openQuantumCircuitSimulator,
} from "../../src/quantum/quantum_circuit_adapter.ts";
import { statevectorSimulator } from "../../src/quantum/simulator.ts";
import { angleEncoding, zzFeatureMap } from "../../src/quantum/templates.ts";
import { distance, randomArgs, randomCircuit } from "./random_circuit.ts";

Deno.test("forward() of quantum-circuit and of the statevector agree on 40 random circuits", async () => {
  const foreign = await openQuantumCircuitSimulator();
  const ours = statevectorSimulator({ precision: "f64" });
  const random = new SeededRandom("quantum-circuit");
  for (let k = 0; k < 40; k++) {
    const circuit = randomCircuit(random, 4, ["unitary"]);
    const { cotangents: _, ...args } = randomArgs(random, circuit, 2);
    const worst = distance(foreign.forward(circuit, args), ours.forward(circuit, args));
    assert.ok(worst < 1e-11, `circuit ${k}: ${worst}`);
  }
});

Deno.test("drawCircuit() draws a whole SVG with the angles it was given", async () => {
  const inputs = Float64Array.of(0.125, 2);
  const svg = await drawCircuit(angleEncoding(2), { inputs });
  assert.match(svg, /^<svg[\s\S]*xmlns[\s\S]*<\/svg>$/);
  assert.match(svg, /0\.125/);
  assert.ok((await drawCircuit(zzFeatureMap(3))).length > svg.length);
  await assert.rejects(drawCircuit(angleEncoding(2), { inputs: Float64Array.of(1) }), /wanted 2/);
  await assert.rejects(drawCircuit(angleEncoding(2), { input: inputs } as never), /"inputs"/);
});

Deno.test("openQuantumCircuitSimulator() loads in silence and leaves other warnings alone", async () => {
  const script = `
    import process from "node:process";
    import { openQuantumCircuitSimulator } from "./src/quantum/quantum_circuit_adapter.ts";
    const emit = process.emitWarning;
    await openQuantumCircuitSimulator();
    if (process.emitWarning !== emit) console.log("emitWarning stayed replaced");
    process.emitWarning("a real warning");`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", "--ext=ts", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await new Blob([script]).stream().pipeTo(child.stdin);
  const { code, stdout, stderr } = await child.output();
  const warnings = new TextDecoder().decode(stderr).split("\n").filter((line) =>
    /Warning/.test(line)
  );
  assert.deepEqual([code, new TextDecoder().decode(stdout)], [0, ""]);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /a real warning/);
});
