import assert from "node:assert/strict";
import { cellRules } from "../../../src/runner/compare/cell_rules.ts";
import { type CellSketch, notebookOf } from "./_cells.ts";

const rulesOf = (sketch: CellSketch) => cellRules(notebookOf(sketch).cells[0]);
const NOTHING = { skip: false, mayRaise: false, ignoreMimes: [], sanitize: [], faults: [] };

Deno.test("cellRules() says nothing of a plain cell, or of tags of other tools", () => {
  assert.deepEqual(rulesOf({ source: "# a comment\nprint(1)" }), NOTHING);
  assert.deepEqual(
    rulesOf({ tags: ["hide-input", "level=3", "constructor", "=", "toString="] }),
    NOTHING,
  );
});

Deno.test("cellRules() knows nbval's comments, in Python and in TypeScript", () => {
  const cases = [
    ["NBVAL_CHECK_OUTPUT", { check: "check" }],
    ["NBVAL_IGNORE_OUTPUT", { check: "ignore" }],
    ["PYTEST_VALIDATE_IGNORE_OUTPUT", { check: "ignore" }],
    ["NBVAL_VARIABLE_OUTPUT", { check: "variable" }],
    ["NBVAL_RAISES_EXCEPTION", { mayRaise: true }],
    ["NBVAL_SKIP", { skip: true }],
  ] as const;
  for (const [marker, rules] of cases) {
    const expected = { ...NOTHING, ...rules };
    for (
      const line of [`# ${marker}`, `#${marker}`, `  ## ${marker}  `, `// ${marker}`, `//${marker}`]
    ) {
      assert.deepEqual(rulesOf({ source: `a = 1\n${line}\nb = 2` }), expected, line);
      assert.deepEqual(rulesOf({ source: `a = 1\r\n${line}\r\n` }), expected, line);
    }
    const tag = marker.toLowerCase().replaceAll("_", "-");
    assert.deepEqual(rulesOf({ tags: [tag] }), expected, tag);
  }
});

Deno.test("cellRules() wants a marker on a line of its own, in capitals", () => {
  for (
    const line of [
      "x = 1 # NBVAL_SKIP",
      "# NBVAL_SKIP this",
      "# nbval_skip",
      "NBVAL_SKIP",
      "/ NBVAL_SKIP",
    ]
  ) {
    assert.deepEqual(rulesOf({ source: line }), NOTHING, line);
  }
  assert.deepEqual(rulesOf({ tags: ["NBVAL_SKIP", "nbval_skip"] }), NOTHING);
});

Deno.test("cellRules() knows the common tags and its own", () => {
  assert.equal(rulesOf({ tags: ["raises-exception"] }).mayRaise, true);
  assert.equal(rulesOf({ tags: ["skip-execution"] }).skip, true);
  assert.equal(rulesOf({ tags: ["check-output"] }).check, "check");
  assert.equal(rulesOf({ tags: ["ignore-output"] }).check, "ignore");
  assert.equal(rulesOf({ tags: ["variable-output"] }).check, "variable");
  assert.deepEqual(rulesOf({ tags: ["tolerance=1e-3"] }).tolerance, {
    relative: 1e-3,
    absolute: 1e-3,
  });
  assert.deepEqual(rulesOf({ tags: ["rtol=.5", "atol=2"] }).tolerance, {
    relative: 0.5,
    absolute: 2,
  });
  assert.equal(rulesOf({ tags: ["image-tolerance=0.05"] }).imageTolerance, 0.05);
  assert.deepEqual(
    rulesOf({ tags: ["ignore-mime=text/html", "ignore-mime=image/*"] }).ignoreMimes,
    [
      "text/html",
      "image/*",
    ],
  );
  assert.deepEqual(rulesOf({ tags: ["sanitize=/a=b/c/"] }).sanitize, ["/a=b/c/"]);
});

Deno.test("cellRules() lets the last tag win, and a comment over tags", () => {
  assert.equal(rulesOf({ tags: ["nbval-check-output", "ignore-output"] }).check, "ignore");
  assert.equal(rulesOf({ tags: ["ignore-output", "nbval-check-output"] }).check, "check");
  const source = "# NBVAL_CHECK_OUTPUT\n# NBVAL_IGNORE_OUTPUT";
  assert.equal(rulesOf({ source, tags: ["check-output"] }).check, "ignore");
});

Deno.test("cellRules() names tags that it cannot read instead of passing over them", () => {
  for (
    const tag of ["tolerance=", "rtol=-1", "atol=much", "tolerance=Infinity", "image-tolerance=5"]
  ) {
    const { faults, tolerance, imageTolerance } = rulesOf({ tags: [tag] });
    assert.equal(faults.length, 1, tag);
    assert.ok(faults[0].includes(`"${tag}"`) && /wanted a number/.test(faults[0]), faults[0]);
    assert.deepEqual([tolerance, imageTolerance], [undefined, undefined], tag);
  }
});

Deno.test("cellRules() reads text cells and broken metadata", () => {
  const cell = {
    cell_type: "markdown",
    id: "a",
    source: "# NBVAL_SKIP",
    metadata: { tags: "x" },
  } as const;
  assert.equal(cellRules(cell).skip, true);
});
