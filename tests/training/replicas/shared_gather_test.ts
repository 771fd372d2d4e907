import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import {
  MemberLeftError,
  SharedGather,
  sharedGatherMemory,
} from "../../../src/training/replicas/shared_gather.ts";

const MODULE = new URL("../../../src/training/replicas/shared_gather.ts", import.meta.url).href;

/** A thread that publishes `[member, round]` so many times, then sends what it saw. */
function member(memory: unknown, { at, rounds }: { at: number; rounds: number }): Worker {
  const text = `
    const { parentPort, workerData: { memory, at, rounds, url } } = require("node:worker_threads");
    import(url).then(({ SharedGather }) => {
      const gather = new SharedGather(memory, { member: at, deadlineMs: 20_000 });
      const seen = [];
      for (let round = 0; round < rounds; round++) {
        const all = gather.gatherSync(Float32Array.of(at, round));
        seen.push(all.map((x) => [x[0], x[1]]));
      }
      parentPort.postMessage(seen);
    });
  `;
  return new Worker(text, { eval: true, workerData: { memory, at, rounds, url: MODULE } });
}

Deno.test("SharedGather gives every member the numbers of all, of the same round, in order", async () => {
  const rounds = 300, memory = sharedGatherMemory(3, 2);
  const workers = [1, 2].map((at) => member(memory, { at, rounds }));
  const answers = workers.map((worker) => new Promise((resolve) => worker.on("message", resolve)));
  const own = new SharedGather(memory, { member: 0, deadlineMs: 20_000 });
  const seen: number[][][] = [];
  for (let round = 0; round < rounds; round++) {
    // Both ways of waiting, in turns.
    const numbers = Float32Array.of(0, round);
    const all = round % 2 ? await own.gather(numbers) : own.gatherSync(numbers);
    seen.push(all.map((x) => [x[0], x[1]]));
  }
  const wanted = Array.from({ length: rounds }, (_, round) => [0, 1, 2].map((at) => [at, round]));
  assert.deepEqual(seen, wanted);
  for (const answer of await Promise.all(answers)) assert.deepEqual(answer, wanted);
  await Promise.all(workers.map((worker) => worker.terminate()));
});

Deno.test("SharedGather says who left, to those who wait and to who comes later", async () => {
  const memory = sharedGatherMemory(2, 1);
  const [first, second] = [0, 1].map((member) =>
    new SharedGather(memory, { member, deadlineMs: 1000 })
  );
  const waiting = assert.rejects(first.gather(Float32Array.of(1)), (error) => {
    assert.ok(error instanceof MemberLeftError);
    assert.equal(error.member, 1);
    return true;
  });
  second.leave();
  await waiting;
  assert.throws(() => first.gatherSync(Float32Array.of(1)), MemberLeftError);
  assert.throws(() => second.gatherSync(Float32Array.of(1)), /taken out/);
});

Deno.test("SharedGather waits no longer than its deadline, and takes no more than its capacity", () => {
  const own = new SharedGather(sharedGatherMemory(2, 1), { member: 0, deadlineMs: 10 });
  assert.throws(() => own.gatherSync(Float32Array.of(1)), /replica 1 does not answer/);
  assert.throws(() => own.gatherSync(Float32Array.of(1, 2)), /found 2 numbers, wanted at most 1/);
});
