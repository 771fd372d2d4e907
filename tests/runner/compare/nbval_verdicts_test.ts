// The verdicts of nbval, first in a table of what its users rely on, then for thousands of made-up
// cells against its rule of comparison, stated anew here in a few lines.
import assert from "node:assert/strict";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import { compareNotebooks } from "../../../src/runner/compare/compare_notebooks.ts";
import type { Output } from "../../../src/runner/notebook/nbformat.ts";
import { type CellSketch, display, error, notebookOf, result, stream } from "./_cells.ts";

interface Case extends CellSketch {
  readonly name: string;
  readonly stored: readonly Output[];
  readonly fresh: readonly Output[];
  /** What `--nbval` says, and what `--nbval-lax` does. */
  readonly strict: "pass" | "fail";
  readonly lax: "pass" | "fail";
}

const [A, B] = [[stream("a\n")], [stream("b\n")]];
const CHECK = "# NBVAL_CHECK_OUTPUT", IGNORE = "# NBVAL_IGNORE_OUTPUT", SKIP = "# NBVAL_SKIP";
const RAISES = "# NBVAL_RAISES_EXCEPTION";
const E = error("ValueError", "foo");
const html = (text: string) => display({ "text/html": text, "text/plain": "x" });

const CASES: readonly Case[] = [
  { name: "same output", stored: A, fresh: A, strict: "pass", lax: "pass" },
  { name: "changed text", stored: A, fresh: B, strict: "fail", lax: "pass" },
  {
    name: "changed, to be checked",
    source: CHECK,
    stored: A,
    fresh: B,
    strict: "fail",
    lax: "fail",
  },
  { name: "same, to be checked", source: CHECK, stored: A, fresh: A, strict: "pass", lax: "pass" },
  { name: "changed, ignored", source: IGNORE, stored: A, fresh: B, strict: "pass", lax: "pass" },
  {
    name: "changed, ignored by tag",
    tags: ["nbval-ignore-output"],
    stored: A,
    fresh: B,
    strict: "pass",
    lax: "pass",
  },
  {
    name: "changed, checked by tag",
    tags: ["nbval-check-output"],
    stored: A,
    fresh: B,
    strict: "fail",
    lax: "fail",
  },
  {
    name: "comment beats tag",
    source: IGNORE,
    tags: ["nbval-check-output"],
    stored: A,
    fresh: B,
    strict: "pass",
    lax: "pass",
  },
  {
    name: "old marker",
    source: "# PYTEST_VALIDATE_IGNORE_OUTPUT",
    stored: A,
    fresh: B,
    strict: "pass",
    lax: "pass",
  },
  {
    name: "marker not alone in its line",
    source: `1 ${IGNORE}`,
    stored: A,
    fresh: B,
    strict: "fail",
    lax: "pass",
  },
  { name: "skipped", source: SKIP, stored: A, fresh: [], strict: "pass", lax: "pass" },
  {
    name: "skipped, stored without count",
    source: SKIP,
    count: null,
    stored: A,
    fresh: [],
    strict: "pass",
    lax: "pass",
  },
  { name: "output missing", stored: A, fresh: [], strict: "fail", lax: "pass" },
  {
    name: "output missing, to be checked",
    source: CHECK,
    stored: A,
    fresh: [],
    strict: "fail",
    lax: "fail",
  },
  { name: "extra output", stored: [], fresh: A, strict: "fail", lax: "pass" },
  {
    name: "extra stderr",
    stored: A,
    fresh: [...A, stream("w", "stderr")],
    strict: "fail",
    lax: "pass",
  },
  {
    name: "changed stderr",
    stored: [stream("v", "stderr")],
    fresh: [stream("w", "stderr")],
    strict: "fail",
    lax: "pass",
  },
  {
    name: "stdout became stderr",
    stored: A,
    fresh: [stream("a\n", "stderr")],
    strict: "fail",
    lax: "pass",
  },
  {
    name: "streams in other pieces",
    stored: [stream("a"), stream("\n")],
    fresh: A,
    strict: "pass",
    lax: "pass",
  },
  {
    name: "streams interleaved otherwise",
    stored: [stream("a"), stream("w", "stderr"), stream("b")],
    fresh: [stream("w", "stderr"), stream("ab")],
    strict: "pass",
    lax: "pass",
  },
  {
    name: "stream and result in another order",
    stored: [...A, result("7")],
    fresh: [result("7"), ...A],
    strict: "pass",
    lax: "pass",
  },
  {
    name: "displays in another order",
    stored: [html("1"), html("2")],
    fresh: [html("2"), html("1")],
    strict: "fail",
    lax: "pass",
  },
  {
    name: "one display less of the same type",
    stored: [html("1"), html("1")],
    fresh: [html("1")],
    strict: "fail",
    lax: "pass",
  },
  {
    name: "one display more of the same type",
    stored: [html("1")],
    fresh: [html("1"), html("1")],
    strict: "fail",
    lax: "pass",
  },
  { name: "one type less", stored: [html("1")], fresh: [result("x")], strict: "fail", lax: "pass" },
  {
    name: "displayed instead of returned",
    stored: [result("x")],
    fresh: [display({ "text/plain": "x" })],
    strict: "pass",
    lax: "pass",
  },
  {
    name: "changed LaTeX",
    stored: [display({ "text/latex": "$1$" })],
    fresh: [display({ "text/latex": "$2$" })],
    strict: "fail",
    lax: "pass",
  },
  {
    name: "other id of a widget",
    stored: [display({ "application/vnd.jupyter.widget-view+json": { model_id: "a" } })],
    fresh: [display({ "application/vnd.jupyter.widget-view+json": { model_id: "b" } })],
    strict: "pass",
    lax: "pass",
  },
  {
    name: "reference without count and outputs",
    count: null,
    stored: [],
    fresh: A,
    strict: "pass",
    lax: "pass",
  },
  {
    name: "reference without count, to be checked",
    count: null,
    source: CHECK,
    stored: [],
    fresh: A,
    strict: "pass",
    lax: "pass",
  },
  {
    name: "reference without count but with outputs",
    count: null,
    stored: A,
    fresh: A,
    strict: "fail",
    lax: "fail",
  },
  {
    name: "the same, ignored",
    count: null,
    source: IGNORE,
    stored: A,
    fresh: A,
    strict: "fail",
    lax: "fail",
  },
  { name: "raises, and may not", stored: [], fresh: [E], strict: "fail", lax: "fail" },
  { name: "raises as stored, and may not", stored: [E], fresh: [E], strict: "fail", lax: "fail" },
  {
    name: "raises, and may not, ignored",
    source: IGNORE,
    stored: [E],
    fresh: [E],
    strict: "fail",
    lax: "fail",
  },
  {
    name: "raises, and may not, reference not run",
    count: null,
    stored: [],
    fresh: [E],
    strict: "fail",
    lax: "fail",
  },
  {
    name: "raises as stored, and may",
    source: RAISES,
    stored: [E],
    fresh: [E],
    strict: "pass",
    lax: "pass",
  },
  {
    name: "raises as stored, and may by tag",
    tags: ["raises-exception"],
    stored: [E],
    fresh: [E],
    strict: "pass",
    lax: "pass",
  },
  {
    name: "raises as stored, and may by nbval's tag",
    tags: ["nbval-raises-exception"],
    stored: [E],
    fresh: [E],
    strict: "pass",
    lax: "pass",
  },
  {
    name: "raises another message",
    source: RAISES,
    stored: [E],
    fresh: [error("ValueError", "bar")],
    strict: "fail",
    lax: "pass",
  },
  {
    name: "raises another class",
    source: RAISES,
    stored: [E],
    fresh: [error("TypeError", "foo")],
    strict: "fail",
    lax: "pass",
  },
  {
    name: "raises another, to be checked",
    source: `${RAISES}\n${CHECK}`,
    stored: [E],
    fresh: [error("TypeError", "foo")],
    strict: "fail",
    lax: "fail",
  },
  {
    name: "raises another, ignored",
    source: `${IGNORE}\n${RAISES}`,
    stored: [E],
    fresh: [error("TypeError", "foo")],
    strict: "pass",
    lax: "pass",
  },
  {
    name: "may raise and does not",
    source: RAISES,
    stored: [E],
    fresh: [],
    strict: "fail",
    lax: "pass",
  },
  {
    name: "may raise and does not, to be checked",
    source: `${RAISES}\n${CHECK}`,
    stored: [E],
    fresh: [],
    strict: "fail",
    lax: "fail",
  },
  {
    name: "may raise, reference not run, does not",
    source: RAISES,
    count: null,
    stored: [],
    fresh: [],
    strict: "pass",
    lax: "pass",
  },
  {
    name: "prints otherwise before it raises",
    source: RAISES,
    stored: [...A, E],
    fresh: [...B, E],
    strict: "fail",
    lax: "pass",
  },
];

async function verdict({ stored, fresh, count, ...sketch }: Case, mode: "all" | "tagged") {
  const differences = await compareNotebooks(
    notebookOf({ ...sketch, count, outputs: stored }),
    notebookOf({ ...sketch, count: 1, outputs: fresh }),
    { mode },
  );
  return differences.length === 0 ? "pass" : "fail";
}

for (const entry of CASES) {
  Deno.test(`compareNotebooks() judges as nbval does: ${entry.name}`, async () => {
    assert.equal(await verdict(entry, "all"), entry.strict, "--nbval");
    assert.equal(await verdict(entry, "tagged"), entry.lax, "--nbval-lax");
  });
}

/** nbval: for each stream, MIME type, name and message of an error the list of values must be equal. */
function differsByNbval(stored: readonly Output[], fresh: readonly Output[]): boolean {
  const values = (outputs: readonly Output[]) => {
    const lists: Record<string, unknown[]> = {};
    const streams: Record<string, string> = {};
    for (const output of outputs) {
      if (output.output_type === "stream") {
        streams[output.name] = (streams[output.name] ?? "") + output.text;
      } else {
        const { ename, evalue } = output as { ename?: string; evalue?: string };
        const data = "data" in output ? output.data : { ename, evalue };
        for (const [key, value] of Object.entries(data)) (lists[key] ??= []).push(value);
      }
    }
    return JSON.stringify([lists, streams].map((record) => Object.entries(record).sort()));
  };
  return values(stored) !== values(fresh);
}

Deno.test("compareNotebooks() judges thousands of made-up cells by nbval's rule", async () => {
  const random = new SeededRandom("nbval");
  const one = <T>(values: readonly T[]): T => values[Math.floor(random.next() * values.length)];
  const output = (): Output => {
    const [text, mime] = [one(["a", "b", "7"]), one(["text/plain", "text/latex", "application/x"])];
    switch (one(["stdout", "stderr", "display", "both", "error"])) {
      case "stdout":
        return stream(text);
      case "stderr":
        return stream(text, "stderr");
      case "display":
        return display({ [mime]: text });
      case "both":
        return display({ "text/plain": text, "text/markdown": one(["c", "d"]) });
      default:
        return error(one(["E", "F"]), text);
    }
  };
  const outputs = () => Array.from({ length: Math.floor(random.next() * 4) }, output);
  const verdicts = { pass: 0, fail: 0 };
  for (let i = 0; i < 4000; i++) {
    const stored = outputs();
    // Half are a shuffled copy: two lists made apart are seldom equal.
    const fresh = random.next() < 0.5 ? outputs() : stored.toSorted(() => random.next() - 0.5);
    const tags = ["raises-exception", ...one([[], ["check-output"], ["ignore-output"]])];
    for (const mode of ["all", "tagged"] as const) {
      const isChecked = tags[1] === undefined ? mode === "all" : tags[1] === "check-output";
      const expected = isChecked && differsByNbval(stored, fresh) ? "fail" : "pass";
      const found = await verdict(
        { name: "", tags, stored, fresh, strict: "pass", lax: "pass" },
        mode,
      );
      assert.equal(found, expected, JSON.stringify([mode, tags, stored, fresh]));
      verdicts[found]++;
    }
  }
  assert.ok(Math.min(verdicts.pass, verdicts.fail) > 1000, JSON.stringify(verdicts));
});

Deno.test("compareNotebooks() judges pictures, which nbval does not, and leaves them out if told so", async () => {
  const figure = (png: string) => display({ "text/plain": "<Figure>", "image/png": png });
  const plain = display({ "text/plain": "<Figure>" });
  for (const fresh of [figure("AAAA"), plain]) {
    const notebooks = [figure("BBBB"), fresh].map((output) => notebookOf({ outputs: [output] }));
    const [stored, executed] = notebooks;
    const found = await compareNotebooks(stored, executed, { mode: "all" });
    assert.deepEqual(found.map(({ part }) => part), ["image/png"]);
    const ignoreMimes = ["image/png", "image/jpeg"];
    assert.deepEqual(await compareNotebooks(stored, executed, { mode: "all", ignoreMimes }), []);
  }
});
