import assert from "node:assert/strict";
import { presentFiles } from "../../../src/runs/export/present_files.ts";
import { inRoot } from "../_temporary_root.ts";

Deno.test("presentFiles() names files, no links and no halves of writes", () =>
  inRoot(async (root) => {
    await Deno.mkdir(`${root}/b/.c.next.tmp`, { recursive: true });
    for (const path of ["b/file", "a.txt", ".half.tmp", "b/.c.next.tmp/file"]) {
      await Deno.writeTextFile(`${root}/${path}`, "");
    }
    await Deno.symlink(`${root}/a.txt`, `${root}/link`);
    assert.deepEqual(await presentFiles(root), ["a.txt", "b/file"]);
    assert.deepEqual(await presentFiles(`${root}/none`), []);
  }));

Deno.test("presentFiles() bears folders that come and go while it looks", () =>
  inRoot(async (root) => {
    let ended = false;
    const change = (async () => {
      for (let i = 0; !ended; i++) {
        await Deno.mkdir(`${root}/${i % 7}/inner`, { recursive: true });
        await Deno.writeTextFile(`${root}/${i % 7}/inner/file`, "");
        await Deno.remove(`${root}/${(i + 3) % 7}`, { recursive: true }).catch(() => {});
      }
    })();
    await Deno.writeTextFile(`${root}/stays`, "");
    for (let i = 0; i < 300; i++) assert.equal((await presentFiles(root)).at(-1), "stays");
    ended = true;
    await change;
  }));
