import assert from "node:assert/strict";
import type { Primitive } from "../../../src/tensors/onednn/primitive.ts";
import { PrimitiveCache } from "../../../src/tensors/onednn/primitive_cache.ts";

Deno.test("PrimitiveCache frees what was not used for longest, and all of it in the end", () => {
  const freed: string[] = [];
  const cache = new PrimitiveCache(2);
  let built = 0;
  const get = (key: string) =>
    cache.get(key, () => {
      built++;
      return { free: () => freed.push(key) } as unknown as Primitive;
    });
  const a = get("a");
  get("b");
  assert.ok(get("a") === a);
  get("c");
  assert.deepEqual(freed, ["b"]);
  assert.ok(get("a") === a);
  assert.equal(built, 3);
  assert.equal(cache.size, 2);
  cache.clear();
  assert.deepEqual(freed, ["b", "c", "a"]);
  assert.ok(get("a") !== a);
});

Deno.test("PrimitiveCache keeps the reason why there is none", () => {
  const cache = new PrimitiveCache();
  let asked = 0;
  const get = () =>
    cache.get("a", () => {
      asked++;
      throw new Error("not implemented");
    });
  assert.deepEqual([get(), get()], ["not implemented", "not implemented"]);
  assert.equal(asked, 1);
});
