import assert from "node:assert/strict";
import { openRun, readMetrics, verifyRun } from "../../src/runs/mod.ts";
import { filesIn, inRoot, noHardware, smallRun } from "./_temporary_root.ts";

const row = (epoch: number) => ({ stage: "a", epoch, split: "val", head: "quantum", loss: 1 });

Deno.test("openRun({ reopen }) goes on in the folder of a run, whose manifest is then whole", () =>
  inRoot(async (root) => {
    const first = await smallRun(root, { name: "mine" });
    await first.appendMetrics([row(1)]);
    const again = await smallRun(root, { reopen: first.id, now: new Date("2026-02-01T00:00:00Z") });
    assert.equal(again.folder, first.folder);
    await again.appendMetrics([row(2)]);
    const { id, name, started, notes, duration } = await again.finish();
    assert.deepEqual([id, name, started], [first.id, "mine", "2026-01-31T12:34:56.789Z"]);
    assert.deepEqual(notes, ["Continued by another process at 2026-02-01T00:00:00.000Z"]);
    assert.ok(duration.actualSeconds > 40_000);
    assert.equal((await readMetrics(first.folder)).length, 2);
    assert.deepEqual(await verifyRun(first.folder), []);
  }));

Deno.test("openRun({ reopen }) removes what a killed write left, and ends a change of folders", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await run.saveFolder("checkpoints/a/last", { "x.bin": "1" });
    await Deno.writeTextFile(`${run.folder}/.0000.tmp`, "half");
    const parent = `${run.folder}/checkpoints/a`;
    await Deno.rename(`${parent}/last`, `${parent}/.last.old.tmp`);
    await Deno.mkdir(`${parent}/.last.next.tmp`);
    await Deno.writeTextFile(`${parent}/.last.next.tmp/x.bin`, "2");
    await smallRun(root, { reopen: run.id });
    assert.deepEqual(filesIn(run.folder), ["checkpoints/a/last/x.bin", "config.json"]);
    assert.equal(await Deno.readTextFile(`${parent}/last/x.bin`), "2");
  }));

Deno.test("openRun({ reopen }) refuses what is no run, has ended, or is of another configuration", () =>
  inRoot(async (root) => {
    const run = await openRun({ root, seed: 1, config: { a: 1, b: 2 }, hardware: noHardware });
    const reopen = (id: string, config: unknown = { a: 1, b: 2 }) =>
      openRun({ root, seed: 1, config, reopen: id });
    await assert.rejects(reopen("../x"), { name: "RangeError", message: /found "\.\.\/x"/ });
    await assert.rejects(reopen("20260131-235959-999-1a2b3c4d"), /found no run to reopen at/);
    await assert.rejects(
      reopen(run.id, { a: 1, b: 3, c: 4 }),
      /not that of run .*, it differs in b, c: pass what/,
    );
    await run.finish();
    await assert.rejects(reopen(run.id), /has ended, its manifest is written/);
  }));

Deno.test("keepRows() cuts off later rows and a torn one; countRows() counts whole ones", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    assert.deepEqual(await run.countRows(), { metrics: 0, timings: 0 });
    await run.appendMetrics([row(1), row(2), row(3)]);
    await run.appendTimings([{ stage: "a", epoch: 1, seconds: 1 }]);
    await Deno.writeTextFile(`${run.folder}/metrics.jsonl`, '{"torn":', { append: true });
    assert.deepEqual(await run.countRows(), { metrics: 3, timings: 1 });
    await run.keepRows({ metrics: 2, timings: 0 });
    assert.deepEqual((await readMetrics(run.folder)).map(({ epoch }) => epoch), [1, 2]);
    assert.deepEqual(await run.countRows(), { metrics: 2, timings: 0 });
    await assert.rejects(
      () => run.keepRows({ metrics: 3, timings: 0 }),
      /metrics\.jsonl has 2 lines, wanted 3 at least: somebody shortened it/,
    );
  }));

Deno.test("saveFolder() tells of its files, remove() of nothing; neither leaves the run", () =>
  inRoot(async (root) => {
    const heard: string[] = [];
    const run = await smallRun(root, { onSaved: ({ path }) => void heard.push(path) });
    await run.saveFolder("../a b/last", { "x.txt": "1", "../y.txt": "2" });
    assert.deepEqual(filesIn(run.folder), ["a_b/last/_y.txt", "a_b/last/x.txt", "config.json"]);
    await run.remove("a b");
    await run.remove("../../nothing");
    assert.deepEqual(filesIn(run.folder), ["config.json"]);
    await assert.rejects(() => run.remove("metrics.jsonl"), /writes metrics\.jsonl itself/);
    await run.finish();
    await assert.rejects(() => run.saveFolder("a", { x: "1" }), /has ended/);
    assert.deepEqual(heard.slice(0, 3), ["config.json", "a_b/last/x.txt", "a_b/last/_y.txt"]);
  }));
