import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import { composeCircuit } from "../../../src/quantum/compose_circuit.ts";
import { statevectorSimulator } from "../../../src/quantum/simulator.ts";
import { angleEncoding, basicEntangler, zzFeatureMap } from "../../../src/quantum/templates.ts";
import { withNodeBundle } from "../../_tools/node_bundle.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { randomArgs, randomCircuit } from "../random_circuit.ts";

const ansatz = (wires: number) =>
  composeCircuit([
    angleEncoding(wires),
    basicEntangler(wires, { layers: 2, rotations: ["ry", "rz"] }),
  ]);

Deno.test("one, two and three workers give the same bytes, circuit after circuit", () => {
  const random = new SeededRandom("workers");
  const circuits = [
    ansatz(9),
    ansatz(11),
    composeCircuit([zzFeatureMap(9, { reps: 1 }), basicEntangler(9)]),
    ...Array.from({ length: 6 }, () => randomCircuit(random, 10)),
  ];
  const one = statevectorSimulator();
  const several = [2, 3].map((workers) => statevectorSimulator({ workers }));
  // Twice, since threads may still be starting in the first round.
  for (let round = 0; round < 2; round++) {
    for (const circuit of circuits) {
      for (const batch of [1, 17, 40]) {
        const args = randomArgs(random, circuit, batch), wanted = one.vjp(circuit, args);
        const { cotangents: _, ...rest } = args;
        for (const simulator of several) {
          assert.deepEqual(simulator.vjp(circuit, args), wanted);
          assert.deepEqual(simulator.forward(circuit, rest), wanted.outputs);
        }
      }
    }
  }
  for (const simulator of several) simulator.close();
});

Deno.test("close() ends the threads, may be called twice, and leaves a simulator that works", () => {
  const circuit = ansatz(9), args = randomArgs(new SeededRandom("close"), circuit, 40);
  const simulator = statevectorSimulator({ workers: 2 });
  const before = simulator.vjp(circuit, args);
  simulator.close();
  simulator.close();
  assert.deepEqual(simulator.vjp(circuit, args), before);
});

const SCRIPT = fileURLToPath(new URL("_use_workers.ts", import.meta.url));

async function printed(command: readonly [string, ...string[]]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, { timeout: 120_000 });
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test("a process that used workers ends by itself in Deno", async () => {
  const out = await printed([Deno.execPath(), "run", "-A", "--no-check", SCRIPT]);
  assert.match(out, /^relaxed done$/m);
});

testOrSkip(
  "a process that used workers ends by itself in Node, from a bundle",
  missingProgram("node"),
  () =>
    withNodeBundle("tests/quantum/engine/_use_workers.ts", async ({ module }) => {
      assert.match(await printed(["node", module]), /^(plain|relaxed) done$/m);
    }),
);
