import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TestCache } from "../../../src/runner/suite/test_cache.ts";
import { inFolder } from "../../cli/_call.ts";

Deno.test("TestCache remembers passes in its file, beside one that git reads", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, ".qsight", "cache.json");
    const cache = await TestCache.open(path);
    assert.equal(cache.has("a.ipynb", "k1"), false);
    await cache.add("a.ipynb", { key: "k1", durationMs: 12 });
    const again = await TestCache.open(path);
    assert.equal(again.warning, undefined);
    assert.ok(again.has("a.ipynb", "k1"));
    assert.ok(!again.has("a.ipynb", "k2") && !again.has("b.ipynb", "k1"));
    assert.ok(!again.has("constructor", "k1"));
    assert.equal(again.durationMs("a.ipynb"), 12);
    assert.equal(again.durationMs("b.ipynb"), undefined);
    assert.equal(await readFile(join(folder, ".qsight", ".gitignore"), "utf8"), "*\n");
  });
});

Deno.test("TestCache keeps what others wrote meanwhile, and several keys of a notebook", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "cache.json");
    const [one, other] = [await TestCache.open(path), await TestCache.open(path)];
    await Promise.all([
      one.add("a.ipynb", { key: "k1", durationMs: 1 }),
      one.add("a.ipynb", { key: "k2", durationMs: 2 }),
    ]);
    await other.add("b.ipynb", { key: "k3", durationMs: 3 });
    const now = await TestCache.open(path);
    assert.ok(now.has("a.ipynb", "k1") && now.has("a.ipynb", "k2") && now.has("b.ipynb", "k3"));
    for (let i = 0; i < 10; i++) await now.add("a.ipynb", { key: `n${i}`, durationMs: 1 });
    const last = await TestCache.open(path);
    assert.ok(last.has("a.ipynb", "n9") && last.has("a.ipynb", "n2"));
    assert.ok(!last.has("a.ipynb", "k1"), "old keys go");
  });
});

Deno.test("TestCache takes a torn or alien file for empty, says so, and writes it anew", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "cache.json");
    for (const text of ['{"schema":"qsight.test-cache/1","pas', "[]", '{"schema":"other/1"}', ""]) {
      await writeFile(path, text);
      const cache = await TestCache.open(path);
      assert.match(cache.warning ?? "", /is no cache of/);
      assert.ok(!cache.has("a.ipynb", "k"));
      await cache.add("a.ipynb", { key: "k", durationMs: 1 });
      assert.ok((await TestCache.open(path)).has("a.ipynb", "k"));
    }
    const { warning } = await TestCache.open(folder);
    assert.match(warning ?? "", /cannot be read/);
  });
});
