import assert from "node:assert/strict";
import { settleFolder, wholeFolder, writeFolder } from "../../src/runs/write_folder.ts";
import { filesIn, inRoot } from "./_temporary_root.ts";

Deno.test("writeFolder() replaces a folder and leaves nothing beside it", () =>
  inRoot(async (root) => {
    const path = `${root}/deep/last`;
    await writeFolder(path, { "a.txt": "1", "b.txt": "1" });
    await writeFolder(path, { "a.txt": "2" });
    assert.deepEqual(filesIn(root), ["deep/last/a.txt"]);
    assert.equal(await Deno.readTextFile(`${path}/a.txt`), "2");
  }));

Deno.test("wholeFolder() finds whole files after a kill at any step, settleFolder() brings them back", () =>
  inRoot(async (root) => {
    const path = `${root}/last`, next = `${root}/.last.next.tmp`, old = `${root}/.last.old.tmp`;
    const make = async (folder: string, text: string) => {
      await Deno.mkdir(folder);
      await Deno.writeTextFile(`${folder}/a.txt`, text);
    };
    const found = async () => await Deno.readTextFile(`${await wholeFolder(path)}/a.txt`);
    const settled = async () => {
      await settleFolder(path);
      assert.deepEqual(filesIn(root), ["last/a.txt"]);
      const text = await Deno.readTextFile(`${path}/a.txt`);
      await Deno.remove(path, { recursive: true });
      return text;
    };
    // While the new files are written.
    await make(path, "before");
    await make(next, "half");
    assert.equal(await found(), "before");
    assert.equal(await settled(), "before");
    // Between the two changes of name.
    await make(old, "before");
    await make(next, "after");
    assert.equal(await found(), "after");
    assert.equal(await settled(), "after");
    // Before the old files are gone.
    await make(old, "before");
    await make(path, "after");
    assert.equal(await found(), "after");
    assert.equal(await settled(), "after");
  }));

Deno.test("settleFolder() does not take the first files of a folder for whole", () =>
  inRoot(async (root) => {
    await Deno.mkdir(`${root}/.last.next.tmp`);
    await Deno.writeTextFile(`${root}/.last.next.tmp/a.txt`, "half");
    await settleFolder(`${root}/last`);
    assert.deepEqual(filesIn(root), []);
  }));
