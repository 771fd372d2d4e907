// What samplers answer in Node, to hold against Deno.
import { fromOpenQasm, noisySampler, samplerEstimator } from "../../src/quantum/mod.ts";
import { openSampler, openWebGpuSampler } from "../../src/quantum/mod.ts";

const bell = fromOpenQasm(
  `OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; ry(0.3) q[0]; cx q[0],q[1];`,
);
const { sampler, estimator, report } = await openSampler();
const noisy = noisySampler({ bitFlip: 0.25 });
console.log(JSON.stringify({
  counts: (await sampler.run([[bell]], { shots: 500, seed: 4 })).results[0].counts,
  noisy: (await noisy.run([[bell]], { shots: 500, seed: 4 })).results[0].counts,
  value: Math.fround((await estimator.run([[bell, "ZZ"]])).results[0].values[0]),
  noisyValue:
    (await samplerEstimator(noisy).run([[bell, "ZI"]], { shots: 100 })).results[0].values[0],
  found: report.found.map(({ name, status }) => `${name} ${status}`),
  webgpu: await openWebGpuSampler().then(() => "there", () => "not there"),
}));
