import assert from "node:assert/strict";
import { checkShard, takeShard } from "../../../src/runner/suite/shard.ts";

Deno.test("takeShard() gives each item to exactly one shard, in sizes that differ by one at most", () => {
  const items = Array.from({ length: 11 }, (_, i) => i);
  for (const count of [1, 2, 3, 5, 11, 20]) {
    const shards = Array.from(
      { length: count },
      (_, i) => takeShard(items, { index: i + 1, count }),
    );
    assert.deepEqual(shards.flat().sort((a, b) => a - b), items);
    const sizes = shards.map((shard) => shard.length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
  }
  assert.deepEqual(takeShard(items, { index: 2, count: 5 }), [1, 6]);
});

Deno.test("checkShard() refuses shards that do not exist", () => {
  checkShard("here", { index: 5, count: 5 });
  for (const [index, count] of [[0, 5], [6, 5], [1.5, 5], [1, 0], [NaN, 5]]) {
    assert.throws(() => checkShard("here", { index, count }), /^RangeError: here: shard .*wanted/);
  }
});
