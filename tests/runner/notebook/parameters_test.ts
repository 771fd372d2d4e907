import assert from "node:assert/strict";
import { parametersSource } from "../../../src/runner/notebook/parameters.ts";

Deno.test("parametersSource() writes numbers as both languages read them", () => {
  const parameters = { a: -0, b: 0, c: NaN, d: -Infinity, e: [1.5, -0] };
  assert.equal(
    parametersSource(parameters, "python"),
    '# Parameters\na = -0.0\nb = 0\nc = float("NaN")\nd = float("-Infinity")\ne = [1.5, -0.0]',
  );
  assert.equal(
    parametersSource(parameters, "typescript"),
    "// Parameters\nlet a = -0;\nlet b = 0;\nlet c = NaN;\nlet d = -Infinity;\nlet e = [1.5, -0];",
  );
});

Deno.test("parametersSource() refuses names and languages that it cannot write", () => {
  assert.throws(() => parametersSource({ "a b": 1 }, "python"), /no identifier/);
  assert.throws(() => parametersSource({ a: 1 }, "r"), /wanted python, typescript/);
});
