import assert from "node:assert/strict";
import { findRun, listRuns, pinRun, unpinRun, verifyRun } from "../../src/runs/mod.ts";
import { readWriter, writerPath } from "../../src/runs/run_writer.ts";
import { inRoot, smallRun } from "./_temporary_root.ts";
import { fakeRun, setLatest } from "./retention/_fake_runs.ts";

const status = async (root: string, now?: Date) =>
  (await listRuns(root, { now })).map((run) => run.status);

Deno.test("listRuns() lists newest first, with size, pin and latest", () =>
  inRoot(async (root) => {
    const ids = [3, 1, 2].map((age) => fakeRun(root, { age, files: { "a.txt": "x".repeat(age) } }));
    setLatest(root, ids[1]);
    await pinRun(`${root}/${ids[2]}`);
    Deno.mkdirSync(`${root}/archive`);
    Deno.mkdirSync(`${root}/.hidden`);
    const runs = await listRuns(root);
    assert.deepEqual(runs.map(({ id }) => id), [ids[1], ids[2], ids[0]]);
    assert.deepEqual(runs.map(({ pinned }) => pinned), [false, true, false]);
    assert.deepEqual(runs.map(({ latest }) => latest), [true, false, false]);
    for (const { folder, bytes } of runs) {
      const own = [...Deno.readDirSync(folder)].filter(({ name }) => name !== ".pinned");
      const sizes = own.map(({ name }) => Deno.statSync(`${folder}/${name}`).size);
      assert.equal(bytes, sizes.reduce((a, b) => a + b));
    }
    assert.deepEqual(await verifyRun(`${root}/${ids[2]}`), [], "a pin is no change");
    await unpinRun(`${root}/${ids[2]}`);
    assert.equal((await listRuns(root)).some(({ pinned }) => pinned), false);
    assert.deepEqual(await listRuns(`${root}/none`), []);
    await assert.rejects(pinRun(`${root}/none`), /found nothing at/);
  }));

Deno.test("listRuns() bears files and folders that come and go while it looks", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    let ended = false;
    const write = (async () => {
      while (!ended) await run.saveFolder("checkpoints/last", { a: "1", b: "2" });
    })();
    try {
      for (let i = 0; i < 100; i++) assert.deepEqual(await status(root), ["running"]);
    } finally {
      ended = true;
      await write;
    }
  }));

Deno.test("listRuns() tells a run that is being written from one whose process has gone", () =>
  inRoot(async (root) => {
    const run = await smallRun(root, { now: () => new Date() });
    assert.deepEqual(await status(root), ["running"]);
    const late = new Date(Date.now() + 30 * 86_400_000);
    assert.deepEqual(await status(root, late), ["running"], "a quiet process is not a dead one");
    const path = writerPath(root, run.id);
    const writer = await readWriter(root, run.id);
    const write = (over: object) =>
      Deno.writeTextFileSync(path, JSON.stringify({ ...writer, ...over }));
    write({ pid: 2 ** 22 + 1 });
    assert.deepEqual(await status(root), ["unended"]);
    if (Deno.build.os === "linux") {
      write({ begun: "1 of another time" });
      assert.deepEqual(await status(root), ["unended"], "its number belongs to another one now");
    }
    write({ host: "another machine" });
    assert.deepEqual(await status(root), ["running"]);
    assert.deepEqual(await status(root, late), ["unended"]);
    Deno.removeSync(path);
    assert.deepEqual(await status(root), ["running"]);
    assert.deepEqual(await status(root, late), ["unended"]);
    await run.finish();
    assert.deepEqual(await status(root, late), ["finished"]);
    Deno.writeTextFileSync(`${root}/${run.id}/manifest.json`, "{");
    assert.deepEqual(await status(root), ["damaged"]);
  }));

Deno.test("finish() takes away the note of who writes, and a run that goes on writes it anew", () =>
  inRoot(async (root) => {
    const run = await smallRun(root, { seed: 5, name: "n", synthetic: true });
    const writer = await readWriter(root, run.id);
    assert.deepEqual([writer?.seed, writer?.name, writer?.synthetic], [5, "n", true]);
    Deno.removeSync(writerPath(root, run.id));
    const again = await smallRun(root, { seed: 5, reopen: run.id });
    assert.equal((await readWriter(root, run.id))?.seed, 5);
    await again.finish();
    assert.equal(await readWriter(root, run.id), undefined);
  }));

Deno.test("listRuns() reads 500 manifests and no other file", () =>
  inRoot(async (root) => {
    for (let i = 0; i < 500; i++) {
      const id = fakeRun(root, { age: i, hash: i.toString(16).padStart(8, "0") });
      // Nothing but the manifest is there to be read.
      Deno.removeSync(`${root}/${id}/config.json`);
      Deno.removeSync(`${root}/${id}/reports`, { recursive: true });
    }
    const runs = await listRuns(root);
    assert.equal(runs.length, 500);
    assert.ok(runs.every(({ status }) => status === "finished"));
  }));

Deno.test("findRun() takes an id, its beginning, latest and a path", () =>
  inRoot(async (root) => {
    const [a, b] = [20, 10].map((age) => fakeRun(root, { age }));
    setLatest(root, b);
    assert.equal(await findRun(root, a), `${root}/${a}`);
    assert.equal(await findRun(root, a.slice(0, 8)), `${root}/${a}`);
    assert.equal(await findRun(root, "latest"), `${root}/${b}`);
    assert.equal(await findRun(`${root}/none`, `${root}/${a}`), `${root}/${a}`);
    assert.equal(await findRun(`${root}/none`, a, { from: root }), `${root}/${a}`);
    const name = "RunNotFoundError";
    await assert.rejects(findRun(root, "2026"), {
      name,
      message: /beginning of 2 runs.*Name more/,
    });
    await assert.rejects(findRun(root, `${a}x`), {
      name,
      message: new RegExp(`did you mean ${a}`),
    });
    await assert.rejects(findRun(root, ""), { name });
    await assert.rejects(findRun(root, "../"), { name });
    setLatest(root, "gone");
    await assert.rejects(findRun(root, "latest"), { name, message: /names gone, which is gone/ });
  }));
