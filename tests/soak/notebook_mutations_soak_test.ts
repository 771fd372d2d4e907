import assert from "node:assert/strict";
import { checkMutations } from "../runner/notebook/mutations.ts";

Deno.test("loadNotebook() reads 5000 mutated files or says what is wrong with them", async () => {
  const { read, not_a_notebook } = await checkMutations(5000, 2);
  assert(read > 1000 && not_a_notebook > 1000, `${read} read, ${not_a_notebook} refused`);
});
