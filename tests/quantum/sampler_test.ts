import assert from "node:assert/strict";
import { samplerSuite } from "../_suites/sampler_suite.ts";
import { fallbackSampler } from "../../src/quantum/fallback_sampler.ts";
import { openSampler } from "../../src/quantum/open_sampler.ts";
import { openQuantumCircuitSimulator } from "../../src/quantum/quantum_circuit_adapter.ts";
import { referenceSimulator } from "../../src/quantum/reference_simulator.ts";
import { simulatorSampler } from "../../src/quantum/sampler.ts";
import type { Sampler } from "../../src/quantum/sampler_contract.ts";
import { statevectorSimulator } from "../../src/quantum/simulator.ts";
import { angleEncoding } from "../../src/quantum/templates.ts";

type Body = (sampler: Sampler) => Promise<void>;
const open = (sampler: Sampler) => (body: Body) => body(sampler);
samplerSuite("statevector sampler", open(simulatorSampler(statevectorSimulator())));
samplerSuite("reference sampler", open(simulatorSampler(referenceSimulator())));
samplerSuite(
  "quantum-circuit sampler",
  async (body) => body(simulatorSampler(await openQuantumCircuitSimulator())),
);
samplerSuite("opened sampler", async (body) => body((await openSampler()).sampler));
samplerSuite(
  "fallback sampler after a failure",
  async (body) => {
    const to = simulatorSampler(statevectorSimulator());
    const lost = () => Promise.reject(new Error("device lost"));
    const sampler = fallbackSampler({ ...to, name: "gpu", run: lost, gradient: lost }, { to });
    await sampler.run(pubs);
    return body(sampler);
  },
);

const pubs = [[angleEncoding(1), { inputs: [0] }]] as const;

Deno.test("D2.6 fallbackSampler() changes once, with one event, and stays", async () => {
  const to = simulatorSampler(statevectorSimulator());
  const events: string[] = [];
  let tries = 0;
  const lost = () => {
    tries++;
    return Promise.reject(new Error("device lost"));
  };
  const sampler = fallbackSampler({ ...to, name: "gpu", run: lost }, {
    to,
    onFallback: ({ from, to, reason }) => events.push(`${from} > ${to}: ${reason}`),
  });
  assert.deepEqual([sampler.name, sampler.fallback], ["gpu", undefined]);
  const results = await Promise.all([1, 2, 3].map(() => sampler.run(pubs)));
  await sampler.run(pubs);
  assert.ok(results.every((result) => result.sampler === "statevector"));
  assert.deepEqual(events, ["gpu > statevector: device lost"]);
  assert.deepEqual([tries, sampler.name, sampler.mixed], [3, "statevector", false]);
});

Deno.test("D2.6 fallbackSampler() does not change for the caller's own mistakes", async () => {
  const good = simulatorSampler(statevectorSimulator());
  const sampler = fallbackSampler(good, { to: good });
  await assert.rejects(
    sampler.run([[angleEncoding(2), { inputs: [0] }]]),
    /last axis has 1 numbers/,
  );
  assert.equal(sampler.fallback, undefined);
});

Deno.test("D2.6 fallbackSampler() says when the answers of a run are mixed, and keeps the shots", async () => {
  const to = simulatorSampler(statevectorSimulator());
  const good = simulatorSampler(statevectorSimulator(), { shots: 10 });
  let calls = 0;
  const run: Sampler["run"] = (...given) =>
    calls++ === 0 ? good.run(...given) : Promise.reject(new Error("device lost"));
  const sampler = fallbackSampler({ ...good, name: "gpu", run }, { to });
  await sampler.run(pubs);
  assert.equal(sampler.mixed, false);
  const { results } = await sampler.run(pubs);
  assert.deepEqual(results[0].counts, [{ "0": 10 }]);
  assert.deepEqual([sampler.mixed, sampler.name], [true, "statevector"]);
});
