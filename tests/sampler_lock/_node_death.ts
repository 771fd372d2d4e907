// For Node: a worker that ends inside the lock, with and without somebody who watches it.
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { samplerLock } from "../../src/sampler_lock/sampler_lock.ts";

/** What a waiter gets when the worker ends inside. */
async function wait(watched: boolean): Promise<string> {
  const lock = samplerLock();
  const worker = new Worker(process.argv[1], { workerData: lock.handle });
  if (watched) lock.watch(worker);
  await new Promise((inside) => worker.once("message", inside));
  const waiting = lock.run(() => "got it", { timeout: watched ? 60_000 : 500 });
  await sleep(100);
  await worker.terminate();
  const found = await waiting.catch((error: Error) => error.name);
  return `${found} ${lock.stats().freed}`;
}

if (isMainThread) {
  console.log(`${await wait(true)}, ${await wait(false)}`);
} else {
  void samplerLock({ shared: workerData }).run(() => {
    parentPort?.postMessage("inside");
    // Even one that is busy for ever ends.
    while (true);
  });
}
