import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataError, loadData, streamFolder } from "../../src/data/mod.ts";
import type { TrainingData } from "../../src/data/image_files.ts";
import { encodePng } from "../../src/images/mod.ts";
import { openRun } from "../../src/runs/open_run.ts";
import { fit } from "../../src/training/fit.ts";
import type { FitOptions } from "../../src/training/fit_options.ts";
import { withFiles } from "../data/_files.ts";
import { threadsOf } from "../_tools/threads_of.ts";
import { smallModel, smallTask, stagesNamed, tensorsOf } from "./_small.ts";

const small = await smallTask();

async function trained(data: TrainingData, options: Partial<FitOptions>) {
  const model = smallModel({ ...small.data, classes: data.classes });
  const stages = stagesNamed(["classical"], 2);
  const { history } = await fit(model, data, { stages, batchSize: 8, progress: false, ...options });
  return { history, tensors: tensorsOf(model) };
}

Deno.test("fit() leaves the same bytes with any number of data workers, replicas or not", async () => {
  for (const replicas of [1, 2]) {
    const wanted = await trained(small.data, { replicas });
    for (const dataWorkers of [1, 3]) {
      assert.deepEqual(await trained(small.data, { replicas, dataWorkers }), wanted);
    }
    assert.deepEqual(await trained(small.data, { replicas, dataWorkers: 2, prefetch: 1 }), wanted);
    const balanced = { replicas, imbalance: "balanced_batches" } as const;
    const drawn = await trained(small.data, balanced);
    assert.notDeepEqual(drawn.tensors, wanted.tensors);
    assert.deepEqual(await trained(small.data, { ...balanced, dataWorkers: 2 }), drawn);
  }
});

const FILES = Object.fromEntries(
  Array.from({ length: 24 }, (_, i) => {
    const data = Uint8Array.from({ length: 18 * 18 * 3 }, (_, k) => (k * 31 + i * 97) % 251);
    const name = `${i % 2}_class/p${i}.png`;
    return [name, encodePng({ width: 18, height: 18, data, channels: 3 })];
  }),
);

Deno.test("fit() trains on files that stay in their folder as on images in memory", () =>
  withFiles(FILES, async (folder) => {
    const options = { imageSize: 16, valFraction: 0.25, seed: 3 };
    const loaded = await loadData(folder, options), streamed = await streamFolder(folder, options);
    assert.ok(!("images" in streamed.train));
    assert.deepEqual(streamed.train.ids, loaded.train.ids);
    for (const replicas of [1, 2]) {
      const wanted = await trained(loaded, { replicas });
      assert.deepEqual(await trained(streamed, { replicas }), wanted);
      assert.deepEqual(await trained(streamed, { replicas, dataWorkers: 2 }), wanted);
    }
  }));

Deno.test("streamFolder() has another fingerprint for other files, names or labels", () =>
  withFiles(FILES, async (folder) => {
    const options = { imageSize: 16, seed: 3 };
    const first = await streamFolder(folder, options);
    assert.equal((await streamFolder(folder, options)).fingerprint, first.fingerprint);
    const changed = encodePng({ ...{ width: 1, height: 1, channels: 3 }, data: new Uint8Array(3) });
    await Deno.writeFile(join(folder, first.train.ids[0]), changed);
    assert.notEqual((await streamFolder(folder, options)).fingerprint, first.fingerprint);
    await Deno.rename(join(folder, first.train.ids[1]), join(folder, "1_class/p9000.png"));
    const renamed = (await streamFolder(folder, options)).fingerprint;
    assert.notEqual(renamed, first.fingerprint);
    await assert.rejects(
      streamFolder(folder, { ...options, valfraction: 1 } as never),
      /valFraction/,
    );
  }));

Deno.test("fit() ends at a file that is no image, naming it, with no thread left and a whole run", async () => {
  const root = await mkdtemp(join(tmpdir(), "qsight-data-workers-"));
  try {
    await withFiles(FILES, async (folder) => {
      const data = await streamFolder(folder, { imageSize: 16, seed: 3 });
      const broken = join(folder, data.train.ids[5]);
      await Deno.writeFile(broken, new Uint8Array(9));
      for (const options of [{}, { dataWorkers: 2 }, { replicas: 2 }]) {
        const run = await openRun({ root, seed: 0, config: {} });
        const threads = await threadsOf(() =>
          assert.rejects(trained(data, { ...options, run }), (error) => {
            assert.ok(error instanceof DataError || "replicas" in options, `${error}`);
            assert.match((error as Error).message, new RegExp(data.train.ids[5]));
            return true;
          })
        );
        await Promise.all(threads.map(({ ended }) => ended));
        // Nothing of the epoch that was not to be: no rows, no checkpoint but the start.
        const left = [...Deno.readDirSync(join(run.folder, "checkpoints"))].map(({ name }) => name);
        assert.deepEqual(left, ["_start"]);
      }
    });
  } finally {
    await rm(root, { recursive: true });
  }
});

Deno.test("fit() ends its data workers when it is stopped, and refuses numbers that make no sense", async () => {
  const controller = new AbortController();
  const progress = () => controller.abort();
  const threads = await threadsOf(() =>
    assert.rejects(trained(small.data, { dataWorkers: 2, signal: controller.signal, progress }), {
      name: "AbortError",
    })
  );
  assert.equal(threads.length, 2);
  await Promise.all(threads.map(({ ended }) => ended));
  await assert.rejects(trained(small.data, { dataWorkers: -1 }), /found dataWorkers -1/);
  await assert.rejects(trained(small.data, { prefetch: 0 }), /found prefetch 0/);
});
