import assert from "node:assert/strict";
import {
  followRun,
  openOutbox,
  type Remote,
  RemoteError,
  replayRun,
  wandbRemote,
} from "../../../src/runs/mod.ts";
import { outboxPath } from "../../../src/runs/export/outbox.ts";
import { inRoot, smallRun } from "../_temporary_root.ts";
import { listing } from "./_listing_remote.ts";
import { type Recorder, withRecorder } from "./_recorder.ts";
import { EPOCHS, sentFiles, smallTraining } from "./_small_training.ts";

const fast = { firstDelay: 5, mostDelay: 20 };

function checkRecorded(recorder: Recorder, run: { folder: string; id: string }): void {
  assert.deepEqual(recorder.contradictions, []);
  const lines = recorder.lines();
  assert.deepEqual(Array.from(recorder.history.keys()).sort((a, b) => a - b), [
    ...Array(2 * EPOCHS).keys(),
  ]);
  const rows = lines.filter((line) => "epoch" in line);
  assert.deepEqual(rows.map((line) => line._step), [1, 2, 3, 4]);
  assert.deepEqual(rows.map((line) => line["val/ensemble/loss"]), [1, "NaN", 1 / 3, 1 / 4]);
  const figures = lines.filter((line) => "figures/panel" in line);
  assert.deepEqual(figures.map((line) => line._step), [1, 2, 3, 4]);
  for (const line of figures) {
    const { path, sha256, width } = line["figures/panel"] as Record<string, unknown>;
    assert.equal(recorder.files.get(path as string), sha256);
    assert.equal(width, 2);
  }
  const media = [...recorder.files.keys()].filter((path) => path.startsWith("media/"));
  assert.equal(media.length, EPOCHS);
  const others = [...recorder.files.keys()].filter((path) => !path.startsWith("media/"));
  assert.deepEqual(others.sort(), sentFiles(run));
  assert.equal(recorder.summary["val/a/loss"], 1 / 4);
  assert.deepEqual(recorder.ends, [0]);
}

Deno.test("replayRun() sends a finished run once, in the order of its epochs", () =>
  inRoot((root) =>
    withRecorder(async (recorder) => {
      const run = await smallTraining(root, { synthetic: true });
      await run.finish({});
      const remote = wandbRemote({ project: "p", entity: "e", env: recorder.env });
      const report = await replayRun(run.folder, { remote });
      assert.deepEqual({ ...report, sent: 0 }, {
        ...{ sent: 0, pending: 0, failed: [], skipped: [], stopped: null },
      });
      checkRecorded(recorder, run);
      assert.equal(recorder.repeats, 0);
      const steps = recorder.lines().map((line) => line._step as number);
      assert.deepEqual(steps, [1, 1, 2, 2, 3, 3, 4, 4]);
      const [first] = recorder.upserts;
      assert.deepEqual([first.name, first.project, first.entity], [run.id, "p", "e"]);
      assert.deepEqual(first.tags, ["synthetic"]);
      assert.equal(JSON.parse(first.config as string).rate.value, 0.5);
      const before = recorder.requests.length;
      assert.equal((await replayRun(run.folder, { remote })).sent, 0);
      assert.equal(recorder.requests.length, before);
    })
  ));

Deno.test("followRun() sends a run while it goes on, and what came out is the same", () =>
  inRoot((root) =>
    withRecorder(async (recorder) => {
      const outbox = followRun({ remote: wandbRemote({ env: recorder.env }), ...fast });
      const run = await smallTraining(root, { onSaved: outbox.onSaved });
      await outbox.whenIdle();
      assert.ok(recorder.history.size > 0, "nothing came before the end");
      assert.deepEqual(recorder.ends, []);
      await run.finish({});
      const { pending, stopped } = await outbox.close({ timeout: 60_000 });
      assert.deepEqual({ pending, stopped }, { pending: 0, stopped: null });
      checkRecorded(recorder, run);
      assert.equal(recorder.repeats, 0);
    })
  ));

Deno.test("a service that fails now and then gets everything in its order", () =>
  inRoot((root) =>
    withRecorder(async (recorder) => {
      const run = await smallTraining(root);
      await run.finish({});
      let count = 0;
      const faults = [500, 429, "drop", 503] as const;
      recorder.fault = () => ++count % 3 === 0 ? faults[count / 3 % 4] : undefined;
      const remote = wandbRemote({ env: recorder.env });
      const { pending } = await replayRun(run.folder, { remote, ...fast, attempts: 20 });
      assert.equal(pending, 0);
      checkRecorded(recorder, run);
      assert.deepEqual([...recorder.history.keys()], [...Array(2 * EPOCHS).keys()]);
    })
  ));

Deno.test("items that were refused are sent again later, once and in their order", () =>
  inRoot(async (root) => {
    const run = await smallTraining(root);
    await run.finish({});
    const refused = new Set([2, 5, 6]);
    const first = listing((item) =>
      refused.has(item.seq) ? new RemoteError("no", { kind: "rejected" }) : undefined
    );
    const report = await replayRun(run.folder, { remote: first.remote });
    assert.equal(report.pending, 3);
    assert.deepEqual(report.failed.map(({ reason }) => reason), ["no", "no", "no"]);
    // The second process gets through one of them and is stopped by the next.
    const second = listing((item) => item.seq === 5 ? new Error("away") : undefined);
    const stopped = await replayRun(run.folder, { remote: second.remote, ...fast, attempts: 2 });
    assert.deepEqual([stopped.pending, stopped.stopped], [2, "away"]);
    assert.deepEqual(second.arrived.map(({ seq }) => seq), [2]);
    const third = listing();
    await replayRun(run.folder, { remote: third.remote });
    assert.deepEqual(third.arrived.map(({ seq }) => seq), [5, 6]);
    const fourth = listing();
    assert.equal((await replayRun(run.folder, { remote: fourth.remote })).pending, 0);
    assert.deepEqual(fourth.arrived, []);
    const all = [...first.arrived, ...second.arrived, ...third.arrived].map(({ seq }) => seq);
    assert.deepEqual(all.sort((a, b) => a - b), Array.from(all, (_, i) => i + 1));
  }));

Deno.test("an item that is tried again has the same idempotency key, and no other item has it", () =>
  inRoot(async (root) => {
    const run = await smallTraining(root);
    const { remote, arrived, keys } = listing((_, attempt) =>
      attempt === 1 ? new Error("once") : undefined
    );
    await replayRun(run.folder, { remote, ...fast });
    assert.equal(keys.length, 2 * arrived.length);
    assert.equal(new Set(keys).size, arrived.length);
  }));

Deno.test("an outcome that was lost costs one repetition, and a torn journal nothing", () =>
  inRoot((root) =>
    withRecorder(async (recorder) => {
      const run = await smallTraining(root);
      await run.finish({});
      const remote = wandbRemote({ env: recorder.env });
      await replayRun(run.folder, { remote });
      const path = outboxPath(run.folder, "wandb");
      const text = await Deno.readTextFile(path);
      const lines = text.trimEnd().split("\n");
      const last = lines.findLastIndex((line) => line.startsWith('{"sent":'));
      // The last acknowledgement is half written.
      await Deno.writeTextFile(path, lines.slice(0, last).join("\n") + '\n{"sen');
      const requests = recorder.requests.length;
      const { sent, pending } = await replayRun(run.folder, { remote });
      assert.deepEqual({ sent, pending }, { sent: 1, pending: 0 });
      assert.ok(recorder.requests.length > requests);
      assert.deepEqual(recorder.contradictions, []);
      assert.deepEqual(recorder.ends, [0, 0]);
    })
  ));

Deno.test("more items than fit in memory are all sent, in order", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    for (let i = 0; i < 150; i++) {
      await run.save(`reports/${String(i).padStart(3, "0")}.csv`, `${i}`);
    }
    const { remote, arrived } = listing();
    const denied = new RemoteError("no key", { kind: "denied" });
    const closed = { ...remote, begin: () => Promise.reject(denied) };
    const first = await replayRun(run.folder, { remote: closed });
    assert.deepEqual([first.pending, first.stopped], [151, "no key"]);
    const { pending } = await replayRun(run.folder, { remote });
    assert.equal(pending, 0);
    assert.deepEqual(arrived.map(({ seq }) => seq), Array.from(arrived, (_, i) => i + 1));
    assert.equal(arrived.filter(({ path }) => path.endsWith(".csv")).length, 150);
  }));

Deno.test("a file that changes before it is sent goes out as it is last", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    let release = () => {};
    const held = new Promise<void>((resolve) => release = resolve);
    const sent: string[] = [];
    const remote: Remote = {
      name: "slow",
      where: "memory",
      begin: () => held,
      send: (item, { content }) => {
        sent.push(`${item.path} ${new TextDecoder().decode(content).slice(0, 3)}`);
        return Promise.resolve();
      },
    };
    const outbox = await openOutbox(run.folder, { remote });
    const save = async (path: string, text: string) => {
      outbox.onSaved({ path, file: await run.save(path, text) });
    };
    await save("reports/a.csv", "one");
    await save("reports/gone.csv", "one");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await save("reports/a.csv", "two");
    await Deno.remove(`${run.folder}/reports/gone.csv`);
    release();
    const { pending } = await outbox.close({ timeout: 60_000 });
    assert.equal(pending, 0);
    assert.deepEqual(sent.slice(1), ["reports/a.csv two"]);
    // What came back counts as new.
    await run.save("reports/gone.csv", "one");
    const { remote: next, arrived } = listing();
    await replayRun(run.folder, { remote: { ...next, name: "slow" } });
    assert.deepEqual(arrived.map(({ path }) => path), ["reports/gone.csv"]);
  }));
