import assert from "node:assert/strict";
import { checkMutations, KINDS } from "../data/_mutations.ts";

Deno.test("loadData() of 10000 damaged npz, png, jpg and csv files: valid data or a DataError", async () => {
  const outcomes = await checkMutations(10_000, 2);
  for (const kind of KINDS) {
    const { valid, refused } = outcomes[kind];
    assert.ok(refused > 200 && valid > 0, `${kind}: ${valid} valid, ${refused} refused`);
  }
});
