import assert from "node:assert/strict";
import { setImmediate as soon } from "node:timers/promises";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { samplerLock } from "../../src/sampler_lock/sampler_lock.ts";

/** Keeps the numbers of a call in itself while it works, as quantum-circuit does: not re-entrant. */
class StatefulSampler {
  peak = 0;
  calls = 0;
  #inside = 0;
  #angle = 0;

  run(angle: number): Promise<number> {
    return this.#work(angle, Math.cos);
  }

  gradient(angle: number): Promise<number> {
    return this.#work(angle, (x) => -Math.sin(x));
  }

  async #work(angle: number, answer: (x: number) => number): Promise<number> {
    this.calls++;
    this.peak = Math.max(this.peak, ++this.#inside);
    try {
      this.#angle = angle;
      await soon();
      if (angle % 1 > 0.97) throw new Error(`no result for ${angle}`);
      await soon();
      // Whoever came meanwhile has left another angle here.
      return answer(this.#angle);
    } finally {
      this.#inside--;
    }
  }
}

/** What became of the calls of a crowd. */
export interface Crowd {
  readonly right: number;
  readonly wrong: number;
  readonly aborted: number;
  readonly thrown: number;
  readonly peak: number;
  readonly entered: number;
  readonly counted: { readonly acquisitions: number; readonly aborts: number };
  readonly left: number;
}

/** Forward and gradient calls at once, every fourth one aborted at a random moment. */
export async function runCrowd(count: number, locked: boolean): Promise<Crowd> {
  const random = new SeededRandom("crowd");
  const sampler = new StatefulSampler();
  const lock = samplerLock();
  const found = { right: 0, wrong: 0, aborted: 0, thrown: 0 };
  const reason = new Error("not wanted any more");
  const stops: { readonly stop: AbortController; readonly after: number }[] = [];
  const calls = Promise.all(Array.from({ length: count }, async (_, i) => {
    const angle = random.uniform(0, 3), forward = i % 3 > 0;
    const stop = new AbortController();
    if (i % 4 === 0) stops.push({ stop, after: random.integer(2 * count) });
    const call = () => forward ? sampler.run(angle) : sampler.gradient(angle);
    try {
      const value = await (locked ? lock.run(call, { signal: stop.signal }) : call());
      found[value === (forward ? Math.cos(angle) : -Math.sin(angle)) ? "right" : "wrong"]++;
    } catch (error) {
      if (error === reason) found.aborted++;
      else {
        assert.match((error as Error).message, new RegExp(`no result for ${angle}`));
        found.thrown++;
      }
    }
  }));
  await Promise.all([calls, abortInTime(stops, reason)]);
  const { acquisitions, aborts, queued } = lock.stats();
  return {
    ...found,
    peak: sampler.peak,
    entered: sampler.calls,
    counted: { acquisitions, aborts },
    left: queued,
  };
}

/** Aborts each after its number of turns of the event loop. */
async function abortInTime(
  stops: readonly { readonly stop: AbortController; readonly after: number }[],
  reason: Error,
): Promise<void> {
  const sorted = [...stops].sort((a, b) => a.after - b.after);
  let turn = 0;
  for (const { stop, after } of sorted) {
    for (; turn < after; turn++) await soon();
    stop.abort(reason);
  }
}

/** Nothing is lost, never two inside, all results right. */
export function assertOrderly(crowd: Crowd, count: number): void {
  const { right, wrong, aborted, thrown, peak, entered, counted, left } = crowd;
  assert.equal(right + aborted + thrown, count);
  assert.deepEqual([wrong, peak, left], [0, 1, 0]);
  assert.equal(entered, count - aborted);
  assert.deepEqual(counted, { acquisitions: count - aborted, aborts: aborted });
  assert.ok(aborted > count / 20 && thrown > 0, `${aborted} aborted, ${thrown} thrown`);
}
