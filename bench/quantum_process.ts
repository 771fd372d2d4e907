// Runs in a process of its own, in Deno or bundled in Node: milliseconds of a vjp for n wires, the
// median of many, and which module it was.
import process from "node:process";
import { statevectorSimulator } from "../src/quantum/simulator.ts";
import { median } from "./measure.ts";
import { head, numbersFor } from "./quantum_circuits.ts";

const n = Number(process.argv[2]), count = Number(process.argv[3]);
const circuit = head(n), args = numbersFor(circuit, 32), simulator = statevectorSimulator();
for (let k = 0; k < count / 4; k++) simulator.vjp(circuit, args);
const times = Array.from({ length: count }, () => {
  const start = performance.now();
  simulator.vjp(circuit, args);
  return performance.now() - start;
});
console.log(JSON.stringify({ milliseconds: median(times), module: simulator.module }));
