import assert from "node:assert/strict";
import { checkMutations, KINDS } from "./_mutations.ts";

Deno.test("loadData() of 500 damaged npz, png, jpg and csv files: valid data or a DataError", async () => {
  const outcomes = await checkMutations(500, 1);
  for (const kind of KINDS) {
    const { valid, refused } = outcomes[kind];
    assert.equal(valid + refused, 125);
    // Damage that is never seen, or always fatal, would make the test an empty one.
    assert.ok(refused > 10 && valid > 0, `${kind}: ${valid} valid, ${refused} refused`);
  }
});
