import assert from "node:assert/strict";
import { writeAtomic } from "../../src/_internal/write_atomic.ts";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const namesIn = (folder: string) => Array.from(Deno.readDirSync(folder), (entry) => entry.name);

Deno.test("writeAtomic() writes text and bytes, makes folders, replaces, leaves nothing else", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a/b/file.txt`;
    await writeAtomic(path, "old");
    await writeAtomic(path, "new ✓");
    assert.equal(await Deno.readTextFile(path), "new ✓");
    await writeAtomic(path, Uint8Array.of(1, 2, 3));
    assert.deepEqual(await Deno.readFile(path), Uint8Array.of(1, 2, 3));
    assert.deepEqual(namesIn(`${folder}/a/b`), ["file.txt"]);
  }));

Deno.test("writeAtomic() that fails keeps the old file and leaves no temporary one", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/taken`);
    await assert.rejects(writeAtomic(`${folder}/taken`, "a folder stands there"));
    assert.deepEqual(namesIn(folder), ["taken"]);
    await Deno.writeTextFile(`${folder}/file`, "old");
    await assert.rejects(writeAtomic(`${folder}/file`, {} as string));
    assert.equal(await Deno.readTextFile(`${folder}/file`), "old");
    assert.deepEqual(namesIn(folder).sort(), ["file", "taken"]);
  }));

Deno.test("writeAtomic() shows a reader the old or the new content, never a part", () =>
  inFolder(async (folder) => {
    const path = `${folder}/file`;
    const contents = ["a", "b"].map((letter) => letter.repeat(300000));
    await writeAtomic(path, contents[0]);
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 30; i++) await writeAtomic(path, contents[i % 2]);
      writing = false;
    })();
    let reads = 0;
    for (; writing; reads++) assert.ok(contents.includes(await Deno.readTextFile(path)));
    await writer;
    assert.ok(reads > 3, `only ${reads} reads`);
  }));

Deno.test("writeAtomic() from many callers at once leaves one whole file", () =>
  inFolder(async (folder) => {
    const contents = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(10000));
    await Promise.all(contents.map((content) => writeAtomic(`${folder}/file`, content)));
    assert.ok(contents.includes(await Deno.readTextFile(`${folder}/file`)));
    assert.deepEqual(namesIn(folder), ["file"]);
  }));
