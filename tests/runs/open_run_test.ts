import assert from "node:assert/strict";
import { openRun, readLatest } from "../../src/runs/mod.ts";
import { filesIn, inRoot, noHardware, smallRun } from "./_temporary_root.ts";

Deno.test("openRun() names the folder by time and hash, so that names sort by time", () =>
  inRoot(async (root) => {
    const times = [
      "2025-12-31T23:59:59.999Z",
      "2026-01-01T00:00:00.000Z",
      "2026-01-01T00:00:00.001Z",
    ];
    const ids = [];
    for (const time of times) ids.push((await smallRun(root, { now: new Date(time) })).id);
    assert.match(ids[0], /^20251231-235959-999-[0-9a-f]{8}$/);
    assert.deepEqual([...ids].sort(), ids);
  }));

Deno.test("openRun() gives fifty runs of the same moment, seed and configuration their own folders", () =>
  inRoot(async (root) => {
    const runs = await Promise.all(Array.from({ length: 50 }, () => smallRun(root)));
    assert.equal(new Set(runs.map((run) => run.folder)).size, 50);
    const folders = Array.from(Deno.readDirSync(root)).filter(({ isDirectory }) => isDirectory);
    assert.equal(folders.length, 50);
  }));

Deno.test("openRun() of several processes at once: no folder is shared, latest names the newest", () =>
  inRoot(async (root) => {
    const script = new URL("./_open_and_finish.ts", import.meta.url).pathname;
    const finished = await Promise.all(Array.from({ length: 4 }, async () => {
      const { success, stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", script, root, "5"],
        stderr: "inherit",
      }).output();
      assert.ok(success);
      return new TextDecoder().decode(stdout).trim().split("\n");
    }));
    const ids = finished.flat();
    assert.equal(ids.length, 20);
    assert.equal(new Set(ids).size, 20);
    assert.equal(await readLatest(root), ids.sort().at(-1));
  }));

Deno.test("openRun() keeps the configuration, with keys in a stable order", () =>
  inRoot(async (root) => {
    const a = await smallRun(root, { config: { b: 1, a: { d: 2, c: Float32Array.of(0.5) } } });
    const b = await smallRun(root, { config: { a: { c: [0.5], d: 2 }, b: 1 } });
    const text = await Deno.readTextFile(`${a.folder}/config.json`);
    assert.equal(text, await Deno.readTextFile(`${b.folder}/config.json`));
    assert.deepEqual(JSON.parse(text), { a: { c: [0.5], d: 2 }, b: 1 });
  }));

Deno.test("openRun() makes a safe folder name of any name", () =>
  inRoot(async (root) => {
    for (const name of ["../../escape", "/abs/olute", "Läufe 漢字", "x".repeat(300), "CON", ""]) {
      const run = await smallRun(root, { name });
      assert.equal(run.folder, `${root}/${run.id}`);
      assert.equal(run.id.includes("/"), false);
      assert.equal((await run.finish()).name, name);
    }
    assert.equal(Array.from(Deno.readDirSync(root)).filter((entry) => entry.isDirectory).length, 6);
  }));

Deno.test("openRun() leaves nothing behind when its arguments are wrong", () =>
  inRoot(async (root) => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const wrong: [object, RegExp][] = [
      [{ seed: 1.5, config: {} }, /seed must be a whole number, found 1.5/],
      [{ config: {} }, /seed must be a whole number, found undefined/],
      [{ seed: 1, config: circular }, /"\/self" contains itself/],
      [{ seed: 1, config: { loss: () => 0 } }, /"\/loss" is a function/],
      [{ seed: 1, config: {}, sed: 1 }, /unknown option "sed". Did you mean "seed"/],
    ];
    for (const [options, message] of wrong) {
      await assert.rejects(openRun({ root, ...options } as never), message);
    }
    assert.deepEqual(filesIn(root), []);
  }));

Deno.test("openRun() takes the time from its clock, for the id and for the duration", () =>
  inRoot(async (root) => {
    let time = Date.UTC(2026, 0, 1);
    const run = await openRun({
      root,
      seed: 7,
      config: null,
      hardware: noHardware,
      now: () => new Date(time),
      estimatedSeconds: 60,
    });
    time += 90_500;
    const { duration, started, ended } = await run.finish();
    assert.deepEqual(duration, { estimatedSeconds: 60, actualSeconds: 90.5 });
    assert.equal(started, "2026-01-01T00:00:00.000Z");
    assert.equal(ended, "2026-01-01T00:01:30.500Z");
  }));
