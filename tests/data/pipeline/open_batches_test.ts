import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type Batch,
  batches,
  DataError,
  listImages,
  loadData,
  openBatches,
  type OpenBatchesOptions,
  syntheticFundus,
} from "../../../src/data/mod.ts";
import { prefetch } from "../../../src/data/pipeline/prefetch.ts";
import { encodePng } from "../../../src/images/mod.ts";
import { threadsOf } from "../../_tools/threads_of.ts";
import { png, withFiles } from "../_files.ts";

const SET = syntheticFundus({ count: 23, size: 24, seed: 2 });
const AUGMENTED = { batchSize: 4, minBatch: 2, seed: 7, epoch: 3, augment: true } as const;

async function all(
  set: Parameters<typeof openBatches>[0],
  options: OpenBatchesOptions,
): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const batch of openBatches(set, options)) found.push(batch);
  return found;
}

Deno.test("openBatches() gives the bytes and the order of batches() with 0, 1, 2 and 4 workers", async () => {
  const weights = Array.from({ length: 23 }, (_, i) => i % 3);
  for (const options of [AUGMENTED, { ...AUGMENTED, weights }, { batchSize: 5, shuffle: false }]) {
    const wanted = [...batches(SET, options)];
    for (const workers of [0, 1, 2, 4]) {
      assert.deepEqual(await all(SET, { ...options, workers }), wanted, `${workers} workers`);
    }
    assert.deepEqual(await all(SET, { ...options, workers: 2, prefetch: 1 }), wanted);
  }
});

/** A picture of its own for each number, of more than one size. */
function picture(seed: number): Uint8Array {
  const width = 20 + seed % 3, height = 18;
  const data = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => (i * 31 + seed * 97) % 251,
  );
  return encodePng({ width, height, data, channels: 3 });
}

const FILES = Object.fromEntries(
  Array.from({ length: 14 }, (_, i) => [`${i % 2}_class/p${i}.png`, picture(i)]),
);

Deno.test("openBatches() reads files as they are needed, as if they had been loaded", () =>
  withFiles(FILES, async (folder) => {
    const { train } = await loadData(folder, { imageSize: 16, valFraction: 0.3 });
    const { ids, labels, classes } = train;
    const files = await listImages(folder, { imageSize: 16, ids, labels, classes });
    const wanted = [...batches(train, AUGMENTED)];
    for (const workers of [0, 2]) {
      assert.deepEqual(await all(files, { ...AUGMENTED, workers }), wanted, `${workers} workers`);
    }
    const listed = await listImages(folder, { imageSize: 16 });
    assert.deepEqual([listed.count, [...listed.classes]], [14, ["0_class", "1_class"]]);
    assert.ok(listed.ids.every((id, i) => id.startsWith(`${listed.labels[i]}_`)));
  }));

Deno.test("openBatches() throws at the batch of a file that is no image, naming it; those before come", () =>
  withFiles({ ...FILES, "1_class/p9.png": png(9).slice(0, 60) }, async (folder) => {
    const files = await listImages(folder, { imageSize: 16 });
    const at = files.ids.indexOf("1_class/p9.png");
    for (const workers of [0, 2]) {
      const came: number[] = [];
      const options = { batchSize: 2, shuffle: false, workers };
      await assert.rejects(async () => {
        for await (const { step } of openBatches(files, options)) came.push(step);
      }, (error) => {
        assert.ok(error instanceof DataError, `${error}`);
        assert.equal(error.path, join(folder, "1_class/p9.png"));
        assert.match(error.message, /p9\.png/);
        return true;
      });
      assert.deepEqual(came, Array.from({ length: Math.floor(at / 2) }, (_, i) => i));
    }
  }));

Deno.test("prefetch() is so many ahead at most, in the order of the plans, however long each takes", async () => {
  let started = 0, most = 0, taken = 0;
  const fetch = async (plan: number) => {
    most = Math.max(most, ++started - taken);
    await new Promise((resolve) => setTimeout(resolve, (plan * 7) % 5));
    return plan * 2;
  };
  const seen: number[] = [];
  for await (const { plan, x } of prefetch([0, 1, 2, 3, 4, 5, 6, 7, 8], { depth: 3, fetch })) {
    seen.push(plan, x);
    taken++;
  }
  assert.deepEqual(seen, Array.from({ length: 9 }, (_, i) => [i, 2 * i]).flat());
  // Three ahead, and the one handed out.
  assert.equal(most, 4);
});

Deno.test("openBatches() ends its threads at the end of a loop, a break, an abort, and close()", async () => {
  const ended = async (leave: (options: OpenBatchesOptions) => Promise<void>) => {
    const threads = await threadsOf(() => leave({ ...AUGMENTED, workers: 2 }));
    assert.equal(threads.length, 2);
    await Promise.all(threads.map(({ ended }) => ended));
  };
  await ended(async (options) => void await all(SET, options));
  await ended(async (options) => {
    for await (const _ of openBatches(SET, options)) break;
  });
  const controller = new AbortController();
  await ended((options) =>
    assert.rejects(async () => {
      const { signal } = controller;
      for await (const { step } of openBatches(SET, { ...options, signal })) {
        if (step === 1) controller.abort(new Error("enough"));
      }
    }, /enough/)
  );
  await ended((options) =>
    assert.rejects(async () => {
      const stream = openBatches(SET, options);
      for await (const _ of stream) await stream.close();
    }, /were closed/)
  );
});

Deno.test("openBatches() says so when a thread dies, and does not start for a signal that fired", async () => {
  await assert.rejects(
    threadsOf(async (threads) => {
      for await (const _ of openBatches(SET, { ...AUGMENTED, workers: 1, prefetch: 1 })) {
        await threads()[0].worker.terminate();
      }
    }),
    /thread that fills batches ended.*workers: 0/,
  );
  const signal = AbortSignal.abort(new Error("never mind"));
  await assert.rejects(all(SET, { workers: 1, signal }), /never mind/);
});

Deno.test("openBatches() and listImages() refuse what makes no sense", async () => {
  assert.throws(() => openBatches(SET, { workers: -1 }), /found workers -1/);
  assert.throws(() => openBatches(SET, { prefetch: 0 }), /found prefetch 0/);
  assert.throws(() => openBatches(SET, { batchSize: 0 }), /openBatches\(\): found batchSize 0/);
  assert.throws(() => openBatches(SET, { worker: 2 } as never), /Did you mean "workers"/);
  const classes = ["a", "b"], ids = ["x.png"];
  await assert.rejects(listImages(".", { imageSize: 0 }), /imageSize 0/);
  await assert.rejects(
    listImages(".", { imageSize: 8, ids, labels: [2], classes }),
    /1 ids, 1 labels/,
  );
  await assert.rejects(listImages(".", { imageSize: 8, ids, labels: [], classes }), /0 labels/);
  await withFiles(
    { "0_a/x.png": png(1) },
    (folder) => assert.rejects(listImages(folder, { imageSize: 8 }), /found 1 folders/),
  );
});
