import assert from "node:assert/strict";
import { openSampler } from "../../src/quantum/open_sampler.ts";
import { openWebGpuSampler } from "../../src/quantum/webgpu/webgpu_sampler.ts";
import { lastJson, runScript } from "../tensors/_run_script.ts";
import { ADAPTER, NO_SOFTWARE_ADAPTER } from "../tensors/_software_adapter.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";

/** What the script found, in a process of its own: drivers print, and devices cannot be closed. */
interface Found {
  readonly worst: { readonly outputs: number; readonly gradients: number; readonly sums: number };
  readonly wide: { readonly outputs: number; readonly gradients: number };
  readonly gates: number;
  readonly counts: boolean;
  readonly interleaved: boolean;
  readonly report: { readonly chosen: string; readonly device: string; readonly locked: boolean };
  readonly unnamed: { readonly chosen: string; readonly status: string; readonly reason: string };
  readonly tooWide: string;
  readonly closed: string;
}

testOrSkip(
  "D2.1 D2.2 the WebGPU sampler computes what the reference computes, when it is named",
  NO_SOFTWARE_ADAPTER,
  async () => {
    const { stdout, stderr } = await runScript(`
      import { SeededRandom } from "SRC/../_internal/seeded_random.ts";
      import { composeCircuit } from "SRC/../quantum/compose_circuit.ts";
      import { withProbabilities } from "SRC/../quantum/free_angles.ts";
      import { openSampler } from "SRC/../quantum/open_sampler.ts";
      import { referenceSimulator } from "SRC/../quantum/reference_simulator.ts";
      import { simulatorSampler } from "SRC/../quantum/sampler.ts";
      import { angleEncoding, basicEntangler } from "SRC/../quantum/templates.ts";
      import { statevectorSimulator } from "SRC/../quantum/simulator.ts";
      import { openWebGpuSampler } from "SRC/../quantum/webgpu/webgpu_sampler.ts";
      import { distance, randomArgs, randomCircuit } from "SRC/../../tests/quantum/random_circuit.ts";

      const { sampler, report } = await openSampler({ require: "webgpu" });
      const random = new SeededRandom("webgpu");
      const reference = referenceSimulator(), exact = simulatorSampler(reference);
      const worst = { outputs: 0, gradients: 0, sums: 0 };
      const gates = new Set();
      for (let k = 0; k < 40; k++) {
        const circuit = randomCircuit(random, 5);
        circuit.operations.forEach(({ gate }) => gates.add(gate));
        const args = randomArgs(random, circuit, 3);
        const { results: [{ probabilities }] } = await sampler.run([[circuit, args2(args)]]);
        const wanted = reference.forward(withProbabilities(circuit), args3(args));
        worst.outputs = Math.max(worst.outputs, distance(probabilities, wanted));
        const [found, right] = [await sampler.gradient(circuit, args), reference.vjp(circuit, args)];
        const size = 1 + Math.max(...right.weights.map(Math.abs), ...right.inputs.map(Math.abs));
        worst.gradients = Math.max(worst.gradients, distance(found.inputs, right.inputs) / size,
          distance(found.weights, right.weights) / size, distance(found.outputs, right.outputs));
        const observables = ["X".repeat(circuit.wires), { ["Y".repeat(circuit.wires)]: 2 }];
        const given = { ...args, cotangents: Float64Array.of(1, -1, 0.5, 2, 0, 1) };
        const [a, b] = [await sampler.gradient(circuit, given, { observables }),
          await exact.gradient(circuit, given, { observables })];
        worst.sums = Math.max(worst.sums, distance(a.weights, b.weights) / size);
      }
      function args2({ inputs, weights }) { return { inputs, weights }; }
      function args3({ inputs, weights, batch }) { return { inputs, weights, batch }; }

      const big = composeCircuit([angleEncoding(16), basicEntangler(16, { layers: 2, rotations: ["ry"] })]);
      const bigArgs = randomArgs(random, big, 2);
      const [bigFound, bigRight] = [await sampler.gradient(big, bigArgs),
        statevectorSimulator({ precision: "f64" }).vjp(big, bigArgs)];
      const wide = { outputs: distance(bigFound.outputs, bigRight.outputs),
        gradients: distance(bigFound.weights, bigRight.weights) };

      const pub = [basicEntangler(3), { weights: [0.4, 1, 2] }, 100];
      const call = async (callId) => JSON.stringify((await sampler.run([pub], { callId })).results);
      const alone = [await call(0), await call(1), await call(2)];
      const together = await Promise.all([call(2), call(0), call(1)]);
      const counts = alone[0] !== alone[1] && JSON.stringify(together) ===
        JSON.stringify([alone[2], alone[0], alone[1]]);

      const circuits = [2, 9, 3, 6].map((wires) => basicEntangler(wires));
      const pubs = circuits.map((c) => [c, { weights: Array(c.weights).fill(0.7) }]);
      const one = [];
      for (const pub of pubs) one.push((await sampler.run([pub])).results[0].probabilities);
      const all = await Promise.all(pubs.map((pub) => sampler.run([pub])));
      const interleaved = all.every(({ results }, i) =>
        distance(results[0].probabilities, one[i]) === 0);

      const plain = await openSampler({ wires: 20 });
      const { status, reason } = plain.report.found.find(({ name }) => name === "webgpu");
      const unnamed = { chosen: plain.report.chosen, status, reason };
      const tooWide = await sampler.run([[basicEntangler(25), { weights: Array(25).fill(0) }, 1]])
        .then(() => "ran", (error) => error.message);
      const own = await openWebGpuSampler({ software: true });
      own.close();
      const closed = await own.run(pubs).then(() => "ran", (error) => error.message);
      console.log(JSON.stringify({ closed, worst, wide, gates: gates.size, counts, interleaved, report,
        unnamed, tooWide }));
      Deno.exit(0);
    `);
    const found: Found = lastJson({ stdout, stderr });
    assert.ok(found.worst.outputs < 1e-5, JSON.stringify(found.worst));
    assert.ok(found.worst.gradients < 1e-5, JSON.stringify(found.worst));
    assert.ok(found.worst.sums < 1e-5, JSON.stringify(found.worst));
    assert.ok(found.wide.outputs < 1e-5 && found.wide.gradients < 1e-4, JSON.stringify(found.wide));
    assert.equal(found.gates, 26);
    assert.deepEqual([found.counts, found.interleaved], [true, true]);
    const { chosen, device, locked } = found.report;
    assert.deepEqual([chosen, device, locked], ["webgpu", ADAPTER?.description, false]);
    assert.notEqual(found.unnamed.chosen, "webgpu");
    assert.equal(found.unnamed.status, "refused");
    assert.match(found.unnamed.reason, /no GPU device|computes on the CPU.*name the sampler/);
    assert.match(found.tooWide, /do not fit/);
    assert.match(found.closed, /GPU is lost \(it was closed\)/);
  },
);

Deno.test("D2.1 openSampler() does not try WebGPU below 16 wires unless it is named", async () => {
  const { report } = await openSampler({ wires: 15 });
  const finding = report.found.find(({ name }) => name === "webgpu");
  assert.equal(finding?.status, "not tried");
  assert.match(finding?.reason ?? "", /pays from 16 wires/);
  assert.equal(report.device, null);
});

Deno.test("openWebGpuSampler() refuses unknown options and wrong shots", async () => {
  await assert.rejects(openWebGpuSampler({ shot: 1 } as never), /Did you mean "shots"/);
  await assert.rejects(openWebGpuSampler({ shots: 0 }), /shots/);
});
