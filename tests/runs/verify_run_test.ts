import assert from "node:assert/strict";
import { verifyRun } from "../../src/runs/mod.ts";
import { inRoot, smallRun } from "./_temporary_root.ts";

async function finishedRun(root: string): Promise<string> {
  const run = await smallRun(root);
  await run.save("reports/a.txt", "aaaa");
  await run.save("reports/b.txt", "bbbb");
  await run.finish();
  return run.folder;
}

const brief = async (folder: string) =>
  (await verifyRun(folder)).map(({ path, status }) => `${status} ${path}`);

Deno.test("verifyRun() finds nothing in an untouched run", () =>
  inRoot(async (root) => assert.deepEqual(await verifyRun(await finishedRun(root)), [])));

Deno.test("verifyRun() lists missing, changed and extra files", () =>
  inRoot(async (root) => {
    const folder = await finishedRun(root);
    await Deno.remove(`${folder}/reports/a.txt`);
    await Deno.writeTextFile(`${folder}/reports/b.txt`, "bbbB");
    await Deno.writeTextFile(`${folder}/reports/c.txt`, "new");
    assert.deepEqual(await brief(folder), [
      "missing reports/a.txt",
      "changed reports/b.txt",
      "extra reports/c.txt",
    ]);
  }));

Deno.test("verifyRun() does not follow a link that stands in place of a file", () =>
  inRoot(async (root) => {
    const folder = await finishedRun(root);
    await Deno.rename(`${folder}/reports/a.txt`, `${root}/a.txt`);
    await Deno.symlink(`${root}/a.txt`, `${folder}/reports/a.txt`);
    assert.deepEqual(await brief(folder), ["changed reports/a.txt"]);
  }));

Deno.test("verifyRun() tells leftovers of a stopped write from other extra files", () =>
  inRoot(async (root) => {
    const folder = await finishedRun(root);
    await Deno.writeTextFile(`${folder}/.a.txt.1234.tmp`, "half");
    const [finding] = await verifyRun(folder);
    assert.equal(finding.status, "extra");
    assert.match(finding.detail, /safe to delete/);
  }));

Deno.test("verifyRun() of a run that did not end reports the missing manifest", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    assert.deepEqual(await brief(run.folder), ["missing manifest.json"]);
    await assert.rejects(verifyRun(`${root}/no such folder`));
  }));
