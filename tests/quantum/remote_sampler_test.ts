import assert from "node:assert/strict";
import process from "node:process";
import { samplerEstimator } from "../../src/quantum/estimator.ts";
import { openSampler } from "../../src/quantum/open_sampler.ts";
import { remoteSampler } from "../../src/quantum/remote_sampler.ts";
import { angleEncoding } from "../../src/quantum/templates.ts";
import { samplerSuite } from "../_suites/sampler_suite.ts";
import { type Behaviour, type JobServer, withJobServer } from "./_job_server.ts";

const open = (url: string, options: object = {}) =>
  remoteSampler({ url, pollEvery: 1, ...options });
const pub = [angleEncoding(1), { inputs: [[0.5], [Math.PI]] }] as const;

/** Variables for the time of `body`. */
async function withVariables(
  variables: Record<string, string>,
  body: () => Promise<void>,
): Promise<void> {
  Object.assign(process.env, variables);
  try {
    await body();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

samplerSuite("remote sampler", (body) => withJobServer(({ url }) => body(open(url))));

Deno.test("remoteSampler() sends jobs and asks for them until they are done", () =>
  withJobServer(async ({ url, behaviour, requests }) => {
    behaviour.polls = 3;
    const { results, sampler } = await open(url).run([pub], { shots: 20 });
    assert.deepEqual(results[0].counts?.[1], { "1": 20 });
    assert.equal(sampler, "remote");
    assert.deepEqual(requests, ["POST /api/jobs", ...Array(4).fill("GET /api/jobs/job%200")]);
    const estimator = samplerEstimator(open(url));
    const { results: [{ values }] } = await estimator.run([
      [...pub.slice(0, 1), "Z", pub[1]] as never,
    ]);
    assert.ok(Math.abs(values[0] - Math.cos(0.5)) < 1e-12);
  }));

Deno.test("remoteSampler() takes its token from the environment alone, and shows it to nobody", () =>
  withJobServer(async (server: JobServer) => {
    server.behaviour.token = "geheim";
    await assert.rejects(
      open(server.url).run([pub]),
      /valid QSIGHT_QUANTUM_TOKEN, which is not set/,
    );
    await withVariables(
      { QSIGHT_QUANTUM_TOKEN: "wrong" },
      () =>
        assert.rejects(
          open(server.url).run([pub]),
          (error: Error) => /which it got/.test(error.message) && !/wrong/.test(error.message),
        ),
    );
    const variables = { QSIGHT_QUANTUM_TOKEN: "geheim", QSIGHT_QUANTUM_URL: server.url };
    await withVariables(variables, async () => {
      const { report, sampler } = await openSampler({ prefer: "remote" });
      assert.equal(report.chosen, "remote");
      assert.ok(!JSON.stringify(report).includes("geheim"));
      assert.deepEqual(
        report.environment.map(({ name }) => name),
        Object.keys(variables).sort().reverse(),
      );
      assert.equal((await sampler.run([pub])).results[0].shape[0], 2);
      assert.equal(server.authorizations.at(-1), "Bearer geheim");
      assert.throws(() => remoteSampler({ url: "http://example.org" }), /clear text.*https/);
      assert.throws(() => open(server.url, { token: "x" }), /unknown option "token"/);
    });
  }));

Deno.test("D2.1 openSampler() never goes to a remote sampler that nobody named", () =>
  withJobServer(async ({ url, requests }) => {
    await withVariables({ QSIGHT_QUANTUM_URL: url }, async () => {
      const { report } = await openSampler();
      assert.notEqual(report.chosen, "remote");
      const [finding] = report.found.filter(({ name }) => name === "remote");
      assert.deepEqual([finding.status, requests], ["not tried", []]);
      await assert.rejects(openSampler({ require: "remote", shots: 1.5 }), /shots/);
    });
    await assert.rejects(
      openSampler({ require: "remote" }),
      /remote: Error: No address.*QSIGHT_QUANTUM_URL/,
    );
  }));

/** What a service may answer, and what is said about it. */
const FAULTS: readonly (readonly [Behaviour["spoil"], number | null, RegExp])[] = [
  [() => ({ status: "failed", error: "calibrating" }), null, /job failed: calibrating/],
  [() => ({ status: "done" }), null, /no probabilities for 2 rows/],
  [() => ({ status: "done", results: [{ probabilities: [[1], [1]] }] }), null, /not 2 finite/],
  [() => ({ status: "done", results: [{ counts: [{ "0": 9 }, { "0": 10 }] }] }), 10, /9 of 10/],
  [() => ({ status: "done", results: [{ counts: [{ "00": 10 }, { "0": 10 }] }] }), 10, /"00"/],
  [() => "<html>", null, /did not answer in JSON: <html>/],
  [() => ({ status: "running" }), null, /neither results nor a job id/],
];

Deno.test("remoteSampler() believes no answer that cannot be one", () =>
  withJobServer(async ({ url, behaviour }) => {
    for (const [spoil, shots, message] of FAULTS) {
      behaviour.spoil = spoil;
      await assert.rejects(open(url).run([pub], { shots }), message);
    }
  }));

Deno.test("remoteSampler() ends at its timeout and by its signal, and cancels the job", () =>
  withJobServer(async ({ url, behaviour, requests }) => {
    behaviour.polls = Infinity;
    await assert.rejects(open(url, { timeout: 20 }).run([pub]), /"running" after 20 ms.*cancelled/);
    assert.equal(requests.at(-1), "DELETE /api/jobs/job%200");
    const stop = new AbortController(), reason = new Error("enough");
    const running = open(url, { signal: stop.signal }).run([pub]);
    setTimeout(() => stop.abort(reason), 20);
    await assert.rejects(running, (error) => error === reason);
  }));

Deno.test("remoteSampler() says when nobody is there", async () => {
  let url = "";
  await withJobServer((server) => Promise.resolve(void (url = server.url)));
  await assert.rejects(open(url).run([pub]), /127\.0\.0\.1:\d+ cannot be reached/);
  assert.throws(() => remoteSampler(), /QSIGHT_QUANTUM_URL/);
  assert.throws(() => remoteSampler({ url: "ftp://x" }), /no web address/);
});
