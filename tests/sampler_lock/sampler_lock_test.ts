import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  SamplerBusyError,
  samplerLock,
  samplerLockFor,
  SamplerLockNestedError,
  SamplerLockTimeoutError,
} from "../../src/sampler_lock/mod.ts";
import { addSlowly, newSum, THREADS } from "./add_slowly.ts";
import { FakeSampler } from "./fake_sampler.ts";

const callers = Array.from({ length: 48 }, (_, i) => i);

/** A promise to settle by hand. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
}

Deno.test("D1.1 guard() lets 48 concurrent callers in one by one", async () => {
  const fake = new FakeSampler();
  const sampler = samplerLock().guard(fake, ["run", "gradient"]);
  const found = await Promise.all(callers.map((i) => sampler.run(i)));
  assert.deepEqual(found, callers);
  assert.equal(fake.peak, 1);
});

Deno.test("D1.1 control: without the lock the same callers do collide", async () => {
  const fake = new FakeSampler();
  const settled = await Promise.allSettled(callers.map((i) => fake.run(i)));
  assert.ok(settled.filter(({ status }) => status === "rejected").length > 0);
  assert.ok(fake.peak > 1);
});

Deno.test("D1.2 guard() holds gradients by the same lock as forward calls", async () => {
  const fake = new FakeSampler();
  const lock = samplerLock();
  const sampler = lock.guard(fake, ["run", "gradient"]);
  await Promise.all(callers.map((i) => i % 2 ? sampler.run(i) : sampler.gradient(i)));
  assert.deepEqual([fake.forward, fake.gradients, fake.peak], [24, 24, 1]);
  assert.equal(lock.stats().acquisitions, 48);
});

Deno.test("D1.2 control: a guard that forgets the gradient lets calls collide", async () => {
  const fake = new FakeSampler();
  const sampler = samplerLock().guard(fake, ["run"]);
  await Promise.allSettled(callers.map((i) => i % 2 ? sampler.run(i) : sampler.gradient(i)));
  assert.ok(fake.peak > 1);
});

Deno.test("D1.3 run() frees the lock when the call throws or rejects", async () => {
  const lock = samplerLock();
  const boom = () => {
    throw new Error("boom");
  };
  const calls = [
    lock.run(boom),
    lock.run(() => Promise.reject(new Error("late"))),
    lock.run(() => 3),
  ];
  const settled = await Promise.allSettled(calls);
  assert.deepEqual(settled.map(({ status }) => status), ["rejected", "rejected", "fulfilled"]);
  assert.equal(lock.stats().thrown, 2);
  assert.equal(lock.stats().holdMs.max >= 0, true);
});

Deno.test("D1.4 run() refuses its own holder at once, and the lock is free afterwards", async () => {
  const lock = samplerLock({ name: "gpu0" });
  await assert.rejects(
    lock.run(() => lock.run(() => 1)),
    (error) => error instanceof SamplerLockNestedError && /"gpu0"/.test(error.message),
  );
  const guarded = lock.guard({ run: () => 1 }, ["run"]);
  await assert.rejects(lock.run(() => sleep(1).then(() => guarded.run())), SamplerLockNestedError);
  assert.equal(lock.stats().nested, 2);
  assert.equal(await lock.run(() => 2), 2);
});

Deno.test("D1.4 run() knows the holder apart from others who wait", async () => {
  const lock = samplerLock();
  const other = samplerLock();
  const inside = gate();
  const first = lock.run(() => inside.promise);
  const second = lock.run(() => other.run(() => "both"));
  inside.open();
  await first;
  assert.equal(await second, "both");
});

Deno.test("D1.4 run() does not take a task that outlives the holder for the holder", async () => {
  const lock = samplerLock();
  const inside = gate();
  let spawned: Promise<number> | undefined;
  await lock.run(() => {
    spawned = inside.promise.then(() => lock.run(() => 7));
  });
  // The lock is held by somebody else when the task comes, so it must queue, not fail.
  const next = lock.run(() => sleep(5));
  inside.open();
  assert.equal(await spawned, 7);
  await next;
});

Deno.test("D1.5 run() serves in the order of asking", async () => {
  const lock = samplerLock();
  const order: number[] = [];
  await Promise.all(callers.map((i) => lock.run(() => sleep(i % 3).then(() => order.push(i)))));
  assert.deepEqual(order, callers);
});

Deno.test("D1.5 run() rejects a waiter at its timeout and takes it out of the queue", async () => {
  const lock = samplerLock({ name: "slow" });
  const inside = gate();
  const holder = lock.run(() => inside.promise);
  let entered = false;
  const waiter = lock.run(() => entered = true, { timeout: 20 });
  const behind = lock.run(() => "behind");
  assert.equal(lock.stats().queued, 2);
  const start = performance.now();
  await assert.rejects(
    waiter,
    (error) =>
      error instanceof SamplerLockTimeoutError && /"slow".*longer timeout/.test(error.message),
  );
  assert.ok(performance.now() - start < 5000);
  assert.equal(lock.stats().queued, 1);
  inside.open();
  await holder;
  assert.equal(await behind, "behind");
  assert.equal(entered, false);
  assert.deepEqual([lock.stats().timeouts, lock.stats().acquisitions], [1, 2]);
});

Deno.test("D1.5 run() rejects a waiter with the reason of its signal", async () => {
  const lock = samplerLock();
  const inside = gate();
  const holder = lock.run(() => inside.promise);
  const stop = new AbortController();
  const reason = new Error("cell interrupted");
  const waiter = lock.run(() => 1, { signal: stop.signal });
  stop.abort(reason);
  await assert.rejects(waiter, (error) => error === reason);
  await assert.rejects(lock.run(() => 1, { signal: stop.signal }), (error) => error === reason);
  assert.deepEqual([lock.stats().queued, lock.stats().aborts], [0, 2]);
  inside.open();
  await holder;
  assert.equal(await lock.run(() => 2), 2);
});

Deno.test("D1.6 stats() counts waits, holds and the longest queue by the given clock", async () => {
  let now = 0;
  const lock = samplerLock({ clock: () => now });
  const gates = [gate(), gate()];
  const calls = gates.map(({ promise }) => lock.run(() => promise));
  const last = lock.run(() => "last");
  assert.equal(lock.stats().maxQueue, 2);
  now = 10;
  gates[0].open();
  await calls[0];
  await sleep(0);
  now = 30;
  gates[1].open();
  await calls[1];
  await last;
  const { acquisitions, waitMs, holdMs, maxQueue } = lock.stats();
  assert.deepEqual({ acquisitions, waitMs, maxQueue }, {
    acquisitions: 3,
    waitMs: { p50: 10, p95: 30, max: 30 },
    maxQueue: 2,
  });
  assert.deepEqual([holdMs.max, holdMs.total], [20, 30]);
});

Deno.test("D1.7 samplerLockFor() gives each object its own lock; they do not block each other", async () => {
  const [a, b] = [new FakeSampler(), new FakeSampler()];
  assert.equal(samplerLockFor(a), samplerLockFor(a));
  assert.notEqual(samplerLockFor(a), samplerLockFor(b));
  const inside = gate();
  const held = samplerLockFor(a).run(() => inside.promise);
  assert.equal(await samplerLockFor(b).run(() => "free"), "free");
  inside.open();
  await held;
  const guarded = samplerLockFor(a).guard(a, ["run"]);
  assert.equal(samplerLockFor(guarded), samplerLockFor(a));
});

Deno.test("D1.7 samplerLock() finds the lock of a key and refuses other options for it", () => {
  const lock = samplerLock({ key: "shared by test", timeout: 50 });
  assert.equal(samplerLock({ key: "shared by test" }), lock);
  assert.equal(lock.name, "shared by test");
  assert.throws(() => samplerLock({ key: "shared by test", timeout: 60 }), /another timeout/);
});

/** Two workers and this thread add to one number; returns what arrived. */
async function addFromThreads(locked: boolean): Promise<number> {
  const lock = samplerLock();
  const sum = newSum();
  const times = 20;
  const workers = Array.from(
    { length: THREADS - 1 },
    () => new Worker(new URL("./lock_worker.ts", import.meta.url), { type: "module" }),
  );
  const done = workers.map((worker) =>
    new Promise<void>((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage({ handle: lock.handle, sum, times, locked });
    })
  );
  await addSlowly(sum, times, (once) => locked ? lock.run(once) : once());
  await Promise.all(done);
  workers.forEach((worker) => worker.terminate());
  return new Int32Array(sum)[0];
}

Deno.test("D1.7 samplerLock() with a shared handle excludes other threads", async () => {
  assert.equal(await addFromThreads(true), 60);
});

Deno.test("D1.7 control: without the lock the same threads lose updates", async () => {
  assert.ok(await addFromThreads(false) < 60);
});

Deno.test("D1.7 samplerLock() across threads times out when another thread keeps it", async () => {
  const [here, there] = [samplerLock(), undefined].map((lock, _, all) =>
    lock ?? samplerLock({ shared: all[0]!.handle })
  );
  const inside = gate();
  const held = here.run(() => inside.promise);
  await assert.rejects(there.run(() => 1, { timeout: 30 }), SamplerLockTimeoutError);
  assert.throws(() => there.guardSync({ f: () => 1 }, ["f"]).f(), SamplerBusyError);
  const waiting = there.run(() => "then");
  inside.open();
  await held;
  assert.equal(await waiting, "then");
});

Deno.test("guardSync() runs when free, refuses when busy, and just runs for the holder", async () => {
  const lock = samplerLock();
  const simulator = lock.guardSync({ forward: (x: number) => x * 2 }, ["forward"]);
  assert.equal(simulator.forward(2), 4);
  const inside = gate();
  const held = lock.run(async () => {
    assert.equal(simulator.forward(3), 6);
    await inside.promise;
    return simulator.forward(4);
  });
  assert.throws(() => simulator.forward(5), SamplerBusyError);
  inside.open();
  assert.equal(await held, 8);
  assert.equal(simulator.forward(6), 12);
  assert.deepEqual([lock.stats().busy, lock.stats().acquisitions], [1, 3]);
});

Deno.test("guardSync() frees the lock when the method throws", () => {
  const lock = samplerLock();
  const fail = () => {
    throw new Error("boom");
  };
  const guarded = lock.guardSync({ fail, ok: () => 1 }, ["fail", "ok"]);
  assert.throws(() => guarded.fail(), /boom/);
  assert.equal(guarded.ok(), 1);
});

Deno.test("guardSync() keeps the lock until a method that was not synchronous is done", async () => {
  const lock = samplerLock();
  const inside = gate();
  const guarded = lock.guardSync({ slow: () => inside.promise, quick: () => 1 }, ["slow", "quick"]);
  const slow = guarded.slow();
  assert.throws(() => guarded.quick(), SamplerBusyError);
  inside.open();
  await slow;
  await sleep(0);
  assert.equal(guarded.quick(), 1);
});

Deno.test("guard() passes other members through and works on frozen objects and private fields", async () => {
  class Counter {
    #n = 0;
    label = "counter";
    get n() {
      return this.#n;
    }
    add(by: number) {
      return this.#n += by;
    }
    peek() {
      return this.#n;
    }
  }
  const counter = new Counter();
  const guarded = samplerLock().guard(counter, ["add"]);
  assert.equal(await guarded.add(3), 3);
  assert.deepEqual([guarded.n, guarded.peek(), guarded.label], [3, 3, "counter"]);
  guarded.label = "renamed";
  assert.equal(counter.label, "renamed");
  assert.ok(guarded instanceof Counter);
  assert.deepEqual(Object.keys(guarded), ["label"]);
  const frozen = samplerLock().guard(Object.freeze({ run: () => 1, reentrant: false }), ["run"]);
  assert.equal(await frozen.run(), 1);
  assert.equal(frozen.reentrant, false);
});

Deno.test("guard() names the nearest method for one that does not exist", () => {
  const wrong = ["gradients"] as unknown as ["gradient"];
  assert.throws(() => samplerLock().guard(new FakeSampler(), wrong), /Did you mean "gradient"/);
});

Deno.test("samplerLock() and run() refuse unknown options and bad timeouts", async () => {
  assert.throws(() => samplerLock({ timeOut: 3 } as never), /Did you mean "timeout"/);
  assert.throws(() => samplerLock({ timeout: -1 }), RangeError);
  await assert.rejects(samplerLock().run(() => 1, { timeout: NaN }), RangeError);
});
