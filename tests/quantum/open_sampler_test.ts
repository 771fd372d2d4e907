import assert from "node:assert/strict";
import process from "node:process";
import { probeHardware } from "../../src/hardware/probe_hardware.ts";
import { recommend } from "../../src/hardware/recommend.ts";
import { openSampler } from "../../src/quantum/open_sampler.ts";
import type { SamplerCandidate } from "../../src/quantum/sampler_candidates.ts";
import { probeSimulator } from "../../src/quantum/probe_simulator.ts";
import { referenceSimulator } from "../../src/quantum/reference_simulator.ts";
import { selectSampler } from "../../src/quantum/select_sampler.ts";
import { simulatorSampler } from "../../src/quantum/sampler.ts";
import type { Sampler } from "../../src/quantum/sampler_contract.ts";
import { statevectorSimulator } from "../../src/quantum/simulator.ts";
import { angleEncoding } from "../../src/quantum/templates.ts";
import { SamplerBusyError } from "../../src/sampler_lock/lock_errors.ts";
import { samplerLock } from "../../src/sampler_lock/sampler_lock.ts";

const pubs = [[angleEncoding(1), { inputs: [0.5] }]] as const;
const args = { inputs: Float32Array.of(0.5), weights: new Float32Array(0), batch: 1 };

Deno.test("D2.1 selectSampler() takes the first that passed and keeps every reason", () => {
  const probe = (name: string, status: "ok" | "refused" | "not tried", reason = "") => ({
    name,
    status,
    reason,
    probeMs: 1,
  });
  const present = selectSampler([probe("gpu", "ok"), probe("cpu", "not tried")]);
  assert.deepEqual([present.chosen, present.found[1].status], ["gpu", "not tried"]);
  const failing = selectSampler([probe("gpu", "refused", "wrong sign"), probe("cpu", "ok")]);
  assert.equal(failing.chosen, "cpu");
  assert.match(failing.why, /gpu: wrong sign/);
  assert.deepEqual(failing.found.map(({ status }) => status), ["refused", "chosen"]);
  assert.throws(() => selectSampler([probe("gpu", "refused", "absent")]), /gpu: absent.*reinstall/);
});

Deno.test("D2.2 probeSimulator() finds wrong bit order, wrong values and wrong gradients", () => {
  const good = referenceSimulator();
  assert.equal(probeSimulator(good), undefined);
  const reversed = {
    ...good,
    forward: (...given: Parameters<typeof good.forward>) => {
      const [a, b, c, d] = good.forward(...given);
      return Float64Array.of(a, c, b, d);
    },
  };
  assert.match(probeSimulator(reversed) ?? "", /wrong probabilities.*found 0.1875, 0.1875/);
  const flipped = {
    ...good,
    vjp: (...given: Parameters<typeof good.vjp>) => {
      const found = good.vjp(...given);
      return { ...found, weights: found.weights.map((value) => -value) };
    },
  };
  assert.match(probeSimulator(flipped) ?? "", /wrong weight gradient/);
});

Deno.test("D2.2 openSampler() refuses candidates that fail, lie or throw, and says so", async () => {
  const liar = { ...statevectorSimulator(), forward: () => Float32Array.of(1, 0, 0, 0) };
  const candidates: SamplerCandidate[] = [
    { name: "absent", open: () => Promise.reject(new Error("no such package")) },
    { name: "liar", open: () => liar },
    { name: "good", open: () => statevectorSimulator() },
    { name: "spare", open: () => Promise.reject(new Error("must not be tried")) },
  ];
  const { report, sampler } = await openSampler({ candidates });
  assert.equal(report.chosen, "good");
  assert.deepEqual(report.found.map(({ status }) => status), [
    "refused",
    "refused",
    "chosen",
    "not tried",
  ]);
  assert.match(report.found[0].reason, /no such package/);
  assert.match(report.found[1].reason, /wrong probabilities/);
  const { results: [{ probabilities }] } = await sampler.run(pubs);
  assert.ok(Math.abs(probabilities![0] - Math.cos(0.25) ** 2) < 1e-6);
  await assert.rejects(
    openSampler({ candidates: candidates.slice(0, 2) }),
    /No quantum sampler passed.*no such package.*wrong probabilities/,
  );
});

Deno.test("D2.1 openSampler() with require has no second choice", async () => {
  const candidates: SamplerCandidate[] = [
    { name: "wasm-plain", open: () => Promise.reject(new Error("broken")) },
    { name: "quantum-circuit", open: () => statevectorSimulator() },
  ];
  await assert.rejects(
    openSampler({ candidates, require: "wasm-plain" }),
    /wasm-plain: Error: broken/,
  );
  assert.equal((await openSampler({ candidates })).report.chosen, "quantum-circuit");
});

Deno.test("D2.1 openSampler() takes wasm first, and each of its modules and TypeScript when asked", async () => {
  const { report } = await openSampler();
  assert.equal(report.chosen, "wasm-relaxed");
  assert.deepEqual(report.found.map(({ name, status }) => `${name}: ${status}`), [
    "remote: not tried",
    "webgpu: not tried",
    "wasm-relaxed: chosen",
    "wasm-plain: not tried",
    "typescript: not tried",
    "quantum-circuit: not tried",
  ]);
  for (const require of ["wasm-relaxed", "wasm-plain", "typescript"] as const) {
    const { sampler, report } = await openSampler({ require });
    const { results, sampler: by } = await sampler.run(pubs);
    assert.deepEqual([report.chosen, by, sampler.name], [require, require, require]);
    assert.ok(Math.abs(results[0].probabilities![0] - Math.cos(0.25) ** 2) < 1e-6);
  }
});

Deno.test("openSampler() opens what recommend() asks for", async () => {
  const { quantumBackend } = recommend(await probeHardware());
  assert.equal((await openSampler({ prefer: quantumBackend })).report.chosen, quantumBackend);
});

Deno.test("D2.3 openSampler() reports what was asked, chosen and why, with versions and times", async () => {
  let now = 0;
  const { report } = await openSampler({ prefer: "quantum-circuit", clock: () => now += 5 });
  assert.deepEqual(report.asked, [
    "quantum-circuit",
    "remote",
    "webgpu",
    "wasm-relaxed",
    "wasm-plain",
    "typescript",
  ]);
  assert.equal(report.chosen, "quantum-circuit");
  assert.deepEqual(report.found.map(({ probeMs }) => probeMs), [5, 0, 0, 0, 0, 0]);
  assert.match(report.found[1].reason, /only tried when it is named/);
  assert.match(report.versions["quantum-circuit"], /^0\.9\./);
  assert.ok(report.versions.v8);
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
});

Deno.test("openSampler() locks what is not re-entrant, gradients too, and what it is told to", async () => {
  const { sampler, simulator, lock, report } = await openSampler({ prefer: "quantum-circuit" });
  assert.deepEqual([report.reentrant, report.locked], [false, true]);
  await Promise.all([
    sampler.run(pubs),
    sampler.gradient(angleEncoding(1), { ...args, cotangents: Float32Array.of(1) }),
  ]);
  assert.equal(lock.stats().acquisitions, 2);
  let finish = () => {};
  const held = lock.run(() => new Promise<void>((resolve) => finish = resolve));
  assert.throws(() => simulator.forward(angleEncoding(1), args), SamplerBusyError);
  finish();
  await held;
  assert.equal(simulator.forward(angleEncoding(1), args).length, 1);

  const free = await openSampler();
  await free.sampler.run(pubs);
  assert.deepEqual([free.report.locked, free.lock.stats().acquisitions], [false, 0]);
  const own = samplerLock();
  const told = await openSampler({ lock: own });
  await told.sampler.run(pubs);
  assert.deepEqual([told.report.locked, own.stats().acquisitions], [true, 1]);
});

Deno.test("D2.4 D2.5 openSampler() changes no variable and names placebos that are set", async () => {
  const before = { ...process.env };
  const clean = await openSampler({ prefer: "quantum-circuit" });
  assert.deepEqual(clean.report.environment, []);
  assert.deepEqual({ ...process.env }, before);
  process.env.QISKIT_AER_CUDA = "1";
  try {
    const [note] = (await openSampler()).report.environment;
    assert.deepEqual([note.name, note.value], ["QISKIT_AER_CUDA", "1"]);
    assert.match(note.effect, /^none/);
  } finally {
    delete process.env.QISKIT_AER_CUDA;
  }
});

Deno.test("D2.4 importing the room loads no package, prints nothing and reads no variable", async () => {
  const room = new URL("../../src/quantum/mod.ts", import.meta.url).href;
  const script = `
    const before = JSON.stringify(Object.keys(globalThis).sort());
    await import(${JSON.stringify(room)});
    if (JSON.stringify(Object.keys(globalThis).sort()) !== before) console.log("globals changed");`;
  const child = new Deno.Command(Deno.execPath(), {
    // No permission but reading the sources: an access to the environment would fail.
    args: ["run", "--no-prompt", "--no-check", "--quiet", `--allow-read=${Deno.cwd()}`, "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await new Blob([script]).stream().pipeTo(child.stdin);
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  assert.deepEqual([code, text.decode(stdout), text.decode(stderr)], [0, "", ""]);
});

Deno.test("D2.7 openSampler() refuses unknown options and names, with the nearest", async () => {
  await assert.rejects(openSampler({ prefers: "x" } as never), /Did you mean "prefer"/);
  await assert.rejects(
    openSampler({ prefer: "wasm-relaxd" as never }),
    /Did you mean "wasm-relaxed"/,
  );
  await assert.rejects(openSampler({ shots: 1.5 }), /shots/);
});

Deno.test("D2.2 openSampler() probes samplers that only answer later, with shots by their spread", async () => {
  const good = simulatorSampler(statevectorSimulator());
  const open = (sampler: Sampler, shots: number | null) =>
    openSampler({ shots, candidates: [{ name: "far", open: () => sampler }] });
  const { report, simulator, sampler } = await open({ ...good, name: "far" }, 500);
  assert.equal(report.chosen, "far");
  assert.equal((await sampler.run(pubs)).results[0].shots, 500);
  assert.equal(report.shots, 500);
  assert.throws(() => simulator.forward(angleEncoding(1), args), /only answers later/);
  const reversed: Sampler = {
    ...good,
    run: async (pubs, options) => {
      const { results, sampler } = await good.run(pubs, options);
      const counts = results[0].counts?.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([bits, times]) => [[...bits].reverse().join(""), times]),
        )
      );
      return { results: [{ ...results[0], counts }], sampler };
    },
  };
  await assert.rejects(open(reversed, 500), /wrong shares of 500 shots/);
  const flipped: Sampler = {
    ...good,
    gradient: async (...given) => {
      const found = await good.gradient(...given);
      return { ...found, inputs: found.inputs.map((x) => -x) };
    },
  };
  await assert.rejects(open(flipped, null), /wrong input gradient/);
});

Deno.test("openSampler() gives an estimator that goes through the same lock", async () => {
  const lock = samplerLock();
  const { estimator } = await openSampler({ lock });
  const { results } = await estimator.run([[angleEncoding(1), ["Z", "X"], { inputs: [0.5] }]]);
  assert.ok(Math.abs(results[0].values[0] - Math.cos(0.5)) < 1e-6);
  assert.ok(Math.abs(results[0].values[1] - Math.sin(0.5)) < 1e-6);
  assert.equal(lock.stats().acquisitions, 1);
});
