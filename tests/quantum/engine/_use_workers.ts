// A process of its own: threads are used, and nobody closes them.
import assert from "node:assert/strict";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import { composeCircuit } from "../../../src/quantum/compose_circuit.ts";
import { statevectorSimulator } from "../../../src/quantum/simulator.ts";
import { angleEncoding, basicEntangler } from "../../../src/quantum/templates.ts";
import { randomArgs } from "../random_circuit.ts";

const circuit = composeCircuit([angleEncoding(10), basicEntangler(10, { layers: 2 })]);
const simulator = statevectorSimulator({ workers: 2 });
const args = randomArgs(new SeededRandom("process"), circuit, 64);
const wanted = statevectorSimulator().vjp(circuit, args);
// Long enough for the other thread to start and take part.
for (let k = 0; k < 500; k++) assert.deepEqual(simulator.vjp(circuit, args), wanted);
console.log(simulator.module, "done");
