import assert from "node:assert/strict";
import { checkOptions, unknownName } from "../../src/_internal/check_options.ts";

const KNOWN = ["epochs", "seed"];

Deno.test("checkOptions() lets known keys and no options pass", () => {
  checkOptions("fit()", undefined, KNOWN);
  checkOptions("fit()", {}, KNOWN);
  checkOptions("fit()", { seed: 1, epochs: undefined }, KNOWN);
});

Deno.test("checkOptions() names the place, the unknown key, the nearest and all known ones", () => {
  assert.throws(
    () => checkOptions("fit()", { epoch: 3 }, KNOWN),
    new TypeError('fit(): unknown option "epoch". Did you mean "epochs"? Known: epochs, seed'),
  );
});

Deno.test("checkOptions() suggests nothing for a key that is near to none", () => {
  assert.throws(
    () => checkOptions("fit()", { verbosity: 3 }, KNOWN),
    new TypeError('fit(): unknown option "verbosity". Known: epochs, seed'),
  );
});

Deno.test("checkOptions() refuses what is no options object", () => {
  assert.throws(() => checkOptions("fit()", null as never, KNOWN), /found null/);
  assert.throws(() => checkOptions("fit()", 3 as never, KNOWN), /found number/);
});

Deno.test("unknownName() speaks of no known names without inventing one", () => {
  assert.equal(unknownName("a()", "stage", "x", []), 'a(): unknown stage "x". Known: none');
});
