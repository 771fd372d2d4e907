import assert from "node:assert/strict";
import { readManifest, verifyRun } from "../../src/runs/mod.ts";
import { writerPath } from "../../src/runs/run_writer.ts";
import { startScript } from "../_tools/start_script.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { filesIn, inRoot, smallRun } from "./_temporary_root.ts";
import { fakeRun } from "./retention/_fake_runs.ts";

const brief = async (folder: string) =>
  (await verifyRun(folder)).map(({ path, status }) => `${status} ${path}`);
const later = () => new Date(Date.now() + 2 * 3_600_000);

Deno.test("verifyRun() with repair takes lost files off the manifest, and notes it", () =>
  inRoot(async (root) => {
    const folder = `${root}/${fakeRun(root, { files: { "a.txt": "a", "b.txt": "b" } })}`;
    const before = await readManifest(folder);
    Deno.removeSync(`${folder}/a.txt`);
    const found = await verifyRun(folder, { repair: true });
    assert.deepEqual(found.map(({ path, repaired }) => [path, repaired]), [
      ["a.txt", "taken off the manifest"],
    ]);
    assert.deepEqual(await brief(folder), []);
    const { files, damaged, notes, ...rest } = await readManifest(folder);
    assert.deepEqual(files.map(({ path }) => path), ["b.txt", "config.json"]);
    assert.deepEqual(damaged, before.files.filter(({ path }) => path === "a.txt"));
    assert.deepEqual(notes, ["Repaired: a.txt was missing, taken off the files"]);
    const { files: _files, notes: _notes, ...all } = before;
    assert.deepEqual(rest, all, "nothing else changes");
  }));

Deno.test("verifyRun() with repair never calls a changed file whole", () =>
  inRoot(async (root) => {
    const folder = `${root}/${fakeRun(root, { files: { "a.txt": "aaaa", "b.txt": "b" } })}`;
    Deno.writeTextFileSync(`${folder}/a.txt`, "aa");
    const [finding] = await verifyRun(folder, { repair: true });
    assert.match(finding.repaired ?? "", /not called whole/);
    assert.deepEqual(await brief(folder), ["changed a.txt"]);
    assert.equal((await readManifest(folder)).files.some(({ path }) => path === "a.txt"), false);
    assert.equal(Deno.readTextFileSync(`${folder}/a.txt`), "aa", "it is not deleted either");
    const twice = Deno.readTextFileSync(`${folder}/manifest.json`);
    await verifyRun(folder, { repair: true });
    assert.equal(Deno.readTextFileSync(`${folder}/manifest.json`), twice, "again changes nothing");
    Deno.writeTextFileSync(`${folder}/a.txt`, "aaaa");
    assert.deepEqual(await brief(folder), ["extra a.txt"]);
    const [back] = await verifyRun(folder, { repair: true });
    assert.equal(back.repaired, "on the manifest again");
    assert.deepEqual(await brief(folder), []);
    assert.deepEqual((await readManifest(folder)).damaged, []);
  }));

Deno.test("verifyRun() with repair removes halves of writes when they are old, and no other file", () =>
  inRoot(async (root) => {
    const folder = `${root}/${fakeRun(root)}`;
    Deno.writeTextFileSync(`${folder}/reports/.x.tmp`, "half");
    Deno.writeTextFileSync(`${folder}/own.txt`, "by hand");
    await verifyRun(folder, { repair: true });
    assert.ok(filesIn(folder).includes("reports/.x.tmp"), "somebody may be writing it");
    await verifyRun(folder, { repair: true, now: later() });
    assert.deepEqual(await brief(folder), ["extra own.txt"]);
    assert.equal(Deno.readTextFileSync(`${folder}/own.txt`), "by hand");
  }));

Deno.test("verifyRun() with repair changes nothing without being asked, or without a fault", () =>
  inRoot(async (root) => {
    const folder = `${root}/${fakeRun(root, { files: { "a.txt": "a" } })}`;
    const text = Deno.readTextFileSync(`${folder}/manifest.json`);
    assert.deepEqual(await verifyRun(folder, { repair: true }), []);
    Deno.removeSync(`${folder}/a.txt`);
    await verifyRun(folder);
    assert.equal(Deno.readTextFileSync(`${folder}/manifest.json`), text);
    Deno.writeTextFileSync(`${folder}/manifest.json`, "{ torn");
    const [finding] = await verifyRun(folder, { repair: true });
    assert.deepEqual([finding.status, finding.repaired], ["changed", undefined]);
    assert.equal(Deno.readTextFileSync(`${folder}/manifest.json`), "{ torn");
    await assert.rejects(verifyRun(folder, { repiar: true } as never), /Did you mean "repair"/);
  }));

Deno.test("verifyRun() with repair leaves a run alone that is being written", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    const [finding] = await verifyRun(run.folder, { repair: true });
    assert.match(finding.detail, /is being written/);
    assert.equal(finding.repaired, undefined);
    await run.finish();
  }));

Deno.test("verifyRun() with repair makes no manifest of a folder without seed or configuration", () =>
  inRoot(async (root) => {
    const id = fakeRun(root, { unended: true });
    const repair = async () =>
      (await verifyRun(`${root}/${id}`, { repair: true, now: new Date("2099-01-01") }))[0];
    assert.match((await repair()).detail, /its seed is not known/);
    Deno.removeSync(`${root}/${id}/config.json`);
    assert.match((await repair()).detail, /config\.json cannot be read/);
    assert.deepEqual(await brief(`${root}/${id}`), ["missing manifest.json"]);
  }));

testOrSkip(
  "verifyRun() with repair gives a killed run a manifest of what is whole",
  Deno.build.os === "windows" ? "Windows has no SIGKILL" : undefined,
  () =>
    inRoot(async (root) => {
      const script = new URL("./_endless_writer.ts", import.meta.url);
      const { child, line: folder } = await startScript(script, [root]);
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill("SIGKILL");
      await child.status;
      // What other code may have been at, which does not write in one step.
      Deno.writeTextFileSync(`${folder}/torn.json`, '{"a": [1, 2');
      Deno.writeFileSync(`${folder}/torn.png`, Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10));
      Deno.writeTextFileSync(`${folder}/torn.svg`, "<svg><path d='M 0");
      Deno.writeTextFileSync(`${folder}/whole.svg`, "<svg></svg>\n");
      Deno.writeTextFileSync(`${folder}/.half.tmp`, "half");
      Deno.writeTextFileSync(`${folder}/metrics.jsonl`, '{"stage":"a"', { append: true });
      const [finding] = await verifyRun(folder, { repair: true });
      assert.match(finding.repaired ?? "", /^written over \d+ files; 3 that are not whole/);
      const { status, seed, files, notes } = await readManifest(folder);
      assert.deepEqual([status, seed], ["interrupted", 1]);
      const paths = files.map(({ path }) => path);
      for (const path of ["config.json", "history.json", "metrics.jsonl", "whole.svg"]) {
        assert.ok(paths.includes(path), path);
      }
      assert.ok(notes.some((note) => note.includes("torn.json is not whole")));
      assert.deepEqual(
        await brief(folder),
        ["torn.json", "torn.png", "torn.svg"].map((p) => `extra ${p}`),
      );
      assert.ok(
        Deno.readTextFileSync(`${folder}/metrics.jsonl`).endsWith("}\n"),
        "the torn row went",
      );
      await assert.rejects(Deno.lstat(writerPath(root, folder.slice(root.length + 1))));
    }),
);
