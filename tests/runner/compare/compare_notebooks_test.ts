import assert from "node:assert/strict";
import { encodePng } from "../../../src/images/encode_png.ts";
import { compareNotebooks } from "../../../src/runner/compare/compare_notebooks.ts";
import type { CompareOptions } from "../../../src/runner/compare/compare_options.ts";
import { parseSanitizeRules } from "../../../src/runner/compare/sanitize_rules.ts";
import type { Output } from "../../../src/runner/notebook/nbformat.ts";
import { type CellSketch, display, error, notebookOf, result, stream } from "./_cells.ts";

/** The differences of one cell, each as `part kind: message`. */
async function compare(
  stored: readonly Output[],
  fresh: readonly Output[],
  { cell, ...options }: CompareOptions & { cell?: CellSketch } = {},
): Promise<string[]> {
  const found = await compareNotebooks(
    notebookOf({ ...cell, outputs: stored }),
    notebookOf({ ...cell, outputs: fresh }),
    { mode: "all", ...options },
  );
  return found.map(({ part, kind, message }) => `${part} ${kind}: ${message}`);
}

const grey = (...levels: readonly number[]) =>
  encodePng({
    ...{ width: 20, height: 20, channels: 1 as const },
    data: new Uint8Array(400).map((_, i) => levels[Math.floor(i / 40) % levels.length]),
  });
const picture = (...levels: readonly number[]) =>
  display({ "image/png": grey(...levels).toBase64(), "text/plain": "<Figure>" });

Deno.test("compareNotebooks() joins and settles streams, each for itself", async () => {
  const stored = [stream("a\n"), stream("warning\n", "stderr"), stream("10%\r20%\rdone\nb\n")];
  const fresh = [stream("warning\n", "stderr"), stream("a\ndone"), stream("\nbx\b\n")];
  assert.deepEqual(await compare(stored, fresh), []);
  const raw = [stream("a\rb"), stream("w", "stderr"), stream("c\rd")];
  const run = [stream("b"), stream("w", "stderr"), stream("d")];
  assert.deepEqual(await compare(raw, run), [], "a run settles each piece");
  assert.deepEqual(await compare([stream("\x1b[31ma\x1b[0m\n")], [stream("a\n")]), []);
  assert.deepEqual(await compare(stored, [stream("a\ndone\nb\n"), stream("warming\n", "stderr")]), [
    'stderr text: line 1: stored "warning", fresh "warming"',
  ]);
});

Deno.test("compareNotebooks() does not compare counts, metadata, tracebacks and kinds of display", async () => {
  const shown = { ...display({ "text/plain": "7" }), metadata: { id: 1 } } as Output;
  assert.deepEqual(
    await compare([result("7", 1), error("E", "x")], [shown, error("E", "x")], {
      cell: { tags: ["raises-exception"] },
    }),
    [],
  );
});

Deno.test("compareNotebooks() pairs the outputs of one type in their order", async () => {
  const [a, b, c] = ["a", "b", "c"].map((text) => display({ "text/plain": text }));
  assert.deepEqual(await compare([a, b], [a, c]), [
    'text/plain text: output 2 of 2, line 1: stored "b", fresh "c"',
  ]);
  assert.deepEqual((await compare([a, b], [b, a])).length, 2);
  assert.deepEqual(await compare([a, b, c], [a, c]), [
    "text/plain missing: 3 text/plain outputs are stored, and 2 came",
  ]);
  const [found] = await compareNotebooks(
    notebookOf({ outputs: [a, c] }),
    notebookOf({ outputs: [a, b, c] }),
    { mode: "all" },
  );
  assert.deepEqual([found.kind, found.stored, found.fresh], ["unexpected", "", "b"]);
});

Deno.test("compareNotebooks() names what is on one side only", async () => {
  assert.deepEqual(await compare([stream("a\nb")], []), [
    'stdout missing: stdout is stored and did not come: "a"…',
  ]);
  assert.deepEqual(await compare([], [stream("a", "stderr")]), [
    'stderr unexpected: stderr came and is not stored: "a"',
  ]);
  assert.deepEqual(
    await compare([picture(0)], []),
    [
      "image/png missing: image/png is stored and did not come",
      'text/plain missing: text/plain is stored and did not come: "<Figure>"',
    ].sort(),
  );
});

Deno.test("compareNotebooks() calls an added richer form so", async () => {
  const plain = display({ "text/plain": "7" });
  const rich = display({ "text/plain": "7", "text/html": "<b>7</b>" });
  assert.deepEqual(await compare([plain], [rich]), [
    'text/html unexpected: text/html came and is not stored; the output has it as a richer form: "<b>7</b>"',
  ]);
  assert.deepEqual(await compare([rich], [plain]), [
    'text/html missing: text/html is stored and did not come; the output came without this richer form: "<b>7</b>"',
  ]);
  assert.deepEqual(await compare([plain], [plain, display({ "text/html": "x" })]), [
    'text/html unexpected: text/html came and is not stored: "x"',
  ]);
});

Deno.test("compareNotebooks() compares each type in its own way", async () => {
  const pair = (mime: string, stored: unknown, fresh: unknown, options: CompareOptions = {}) =>
    compare([display({ [mime]: stored })], [display({ [mime]: fresh })], options);
  assert.deepEqual(await pair("application/json", { a: 1, b: 2 }, { b: 2, a: 1 }), []);
  assert.match(
    (await pair("application/vnd.x+json", { a: [1] }, { a: [2] }))[0],
    /json: \$\.a\[0\]/,
  );
  assert.deepEqual(await pair("text/html", "<p>a</p>", "<p> a</p>"), []);
  assert.match((await pair("text/html", "<p>a", "<p>b"))[0], /^text\/html html: <p>/);
  assert.deepEqual(
    await pair("image/svg+xml", '<svg><g id="a"/></svg>', '<svg><g id="b"/></svg>'),
    [],
  );
  assert.match(
    (await pair("image/svg+xml", "<svg><g/></svg>", "<svg/>"))[0],
    /image\/svg\+xml svg: /,
  );
  for (const mime of ["text/latex", "text/markdown", "application/javascript", "text/csv"]) {
    assert.match((await pair(mime, "$1.0$", "$1.1$"))[0], new RegExp(`^${mime} text: line 1`));
    assert.deepEqual(await pair(mime, "$1.0$", "$1.1$", { tolerance: { relative: 0.2 } }), []);
  }
  assert.equal(
    (await pair("application/pdf", "1.0", "1.1", { tolerance: { relative: 0.2 } })).length,
    1,
  );
  assert.deepEqual(await pair("image/gif", "R0lG", "R0lGOD"), [
    "image/gif text: the contents differ, of 4 and 6 characters",
  ]);
  assert.deepEqual(await pair("image/gif", "R0lG", "R0lG"), []);
});

Deno.test("compareNotebooks() leaves the ids of widgets out", async () => {
  const widget = (id: string) =>
    display({
      "text/plain": "IntSlider()",
      "application/vnd.jupyter.widget-view+json": { model_id: id },
    });
  assert.deepEqual(await compare([widget("a")], [widget("b")]), []);
});

Deno.test("compareNotebooks() compares pictures as an eye would", async () => {
  assert.deepEqual(await compare([picture(0, 100)], [picture(0, 101)]), []);
  const differences = await compareNotebooks(
    notebookOf({ outputs: [picture(0, 0, 100)] }),
    notebookOf({ outputs: [picture(0, 200, 100)] }),
    { mode: "all" },
  );
  assert.deepEqual(differences.map(({ part, kind }) => [part, kind]), [["image/png", "image"]]);
  assert.deepEqual([...differences[0].image!.stored], [...grey(0, 0, 100)]);
  const options = { imageTolerance: 0.9 };
  assert.deepEqual(await compare([picture(0, 0, 100)], [picture(0, 200, 100)], options), []);
  const cell = { tags: ["image-tolerance=0.9"] };
  assert.deepEqual(await compare([picture(0, 0, 100)], [picture(0, 200, 100)], { cell }), []);
});

Deno.test("compareNotebooks() takes tolerances from the options and from the cell", async () => {
  const [stored, fresh] = [[stream("loss 1.00")], [stream("loss 1.04")]];
  assert.match((await compare(stored, fresh))[0], /^stdout text: line 1: .*only numbers differ/);
  assert.match(
    (await compare(stored, fresh, { tolerance: { relative: 0.01 } }))[0],
    /^stdout number/,
  );
  assert.deepEqual(await compare(stored, fresh, { tolerance: { relative: 0.05 } }), []);
  assert.deepEqual(await compare(stored, fresh, { cell: { tags: ["tolerance=0.05"] } }), []);
  const strict = { cell: { tags: ["rtol=1e-3"] }, tolerance: { relative: 0.05 } };
  assert.equal((await compare(stored, fresh, strict)).length, 1);
});

Deno.test("compareNotebooks() sanitises both sides, texts, errors, documents and JSON alike", async () => {
  const sanitize = parseSanitizeRules("regex: \\d\\d:\\d\\d\nreplace: TIME");
  const outputs = (time: string) => [
    stream(`at ${time}`),
    display({ "text/html": `<b>${time}</b>`, "application/json": { a: [time] } }),
    error("E", time),
  ];
  const cell = { tags: ["raises-exception"] };
  assert.equal((await compare(outputs("12:01"), outputs("12:02"), { cell })).length, 4);
  assert.deepEqual(await compare(outputs("12:01"), outputs("12:02"), { cell, sanitize }), []);
  for (const tag of ["sanitize=/\\d\\d:\\d\\d/T/", "sanitize=times"]) {
    const tags = ["raises-exception", tag];
    assert.deepEqual(
      await compare(outputs("12:01"), outputs("12:02"), { cell: { tags } }),
      [],
      tag,
    );
  }
  const [difference] = await compareNotebooks(
    notebookOf({ outputs: [stream("12:01 a")] }),
    notebookOf({ outputs: [stream("12:02 b")] }),
    { mode: "all", sanitize },
  );
  assert.deepEqual([difference.stored, difference.fresh], ["TIME a", "TIME b"]);
});

Deno.test("compareNotebooks() leaves ignored types out", async () => {
  const stored = [stream("a", "stderr"), display({ "text/html": "a", "image/gif": "a" })];
  assert.equal((await compare(stored, [])).length, 3);
  assert.deepEqual(
    await compare(stored, [], { ignoreMimes: ["stderr", "text/html", "image/*"] }),
    [],
  );
  const cell = { tags: ["ignore-mime=text/html", "ignore-mime=image/gif"] };
  assert.deepEqual(await compare(stored, [], { ignoreMimes: ["stderr"], cell }), []);
});

Deno.test("compareNotebooks() wants only outputs of the same kinds of a variable cell", async () => {
  const cell = { tags: ["variable-output"] };
  const stored = [stream("a"), result("1"), result("2")];
  assert.deepEqual(await compare(stored, [stream("b"), result("3")], { cell }), []);
  assert.equal((await compare(stored, [stream("b")], { cell })).length, 1);
  assert.equal((await compare(stored, [...stored, stream("x", "stderr")], { cell })).length, 1);
  assert.equal((await compare(stored, [], { cell, mode: "tagged" })).length, 2);
});

Deno.test("compareNotebooks() says once that the run has ended", async () => {
  const stored = notebookOf(...["a", "b", "c"].map((text) => ({ outputs: [stream(text)] })));
  const notRun = { outputs: [], count: null };
  const cut = await compareNotebooks(
    stored,
    notebookOf({ outputs: [stream("a")] }, notRun, notRun),
    {
      mode: "all",
    },
  );
  assert.deepEqual(cut.map(({ cellIndex, part, kind }) => [cellIndex, part, kind]), [[
    1,
    "cell",
    "missing",
  ]]);
  assert.match(cut[0].message, /was not run/);
  const blank = [{ source: " ", outputs: [stream("a")] }, { source: " ", ...notRun }];
  const found = await compareNotebooks(notebookOf(blank[0]), notebookOf(blank[1]), { mode: "all" });
  assert.deepEqual(found.map(({ part }) => part), ["stdout"], "a blank cell is never run");
  const failed = await compareNotebooks(
    stored,
    notebookOf({ outputs: [error("E", "x")] }, notRun, notRun),
    {
      mode: "all",
    },
  );
  assert.deepEqual(failed.map(({ cellIndex, part }) => [cellIndex, part]), [[0, "error"]]);
});

Deno.test("compareNotebooks() matches cells by id, then in order, past injected parameters", async () => {
  const stored = notebookOf(
    { id: "a", outputs: [stream("a")] },
    { id: "b", outputs: [stream("b")] },
    { id: "old", outputs: [stream("c")] },
  );
  const injected = { id: "p", tags: ["injected-parameters"], outputs: [stream("p")] };
  const executed = notebookOf(
    injected,
    { id: "b", outputs: [stream("B")] },
    { id: "new", outputs: [stream("C")] },
    { id: "a", outputs: [stream("a")] },
    { id: "more", outputs: [stream("d")] },
  );
  const found = await compareNotebooks(stored, executed, { mode: "all" });
  assert.deepEqual(
    found.map((
      { cellIndex, executedIndex, stored, fresh },
    ) => [cellIndex, executedIndex, stored, fresh]),
    [[1, 1, "b", "B"], [2, 2, "c", "C"]],
  );
  const fewer = await compareNotebooks(stored, notebookOf({ id: "a", outputs: [stream("a")] }), {
    mode: "all",
  });
  assert.deepEqual(
    fewer.map(({ cellIndex, executedIndex, part }) => [cellIndex, executedIndex, part]),
    [
      [1, undefined, "cell"],
    ],
  );
  assert.match(fewer[0].message, /is not in the executed notebook/);
  const both = notebookOf({ ...injected, outputs: [stream("q")] });
  assert.deepEqual(await compareNotebooks(both, notebookOf(injected), { mode: "all" }), []);
});

Deno.test("compareNotebooks() compares tagged cells alone unless it is told otherwise", async () => {
  const [stored, executed] = ["a", "b"].map((text) =>
    notebookOf({ outputs: [stream(text)] }, { outputs: [stream(text)], tags: ["check-output"] })
  );
  assert.deepEqual((await compareNotebooks(stored, executed)).map(({ cellIndex }) => cellIndex), [
    1,
  ]);
  assert.equal((await compareNotebooks(stored, executed, { mode: "all" })).length, 2);
  assert.equal((await compareNotebooks(stored, executed, { mode: "off" })).length, 0);
});

Deno.test("compareNotebooks() changes neither notebook", async () => {
  const [stored, executed] = ["a\rb", "a\rc"].map((text) =>
    notebookOf({ outputs: [stream(text)] })
  );
  const before = structuredClone([stored, executed]);
  assert.equal((await compareNotebooks(stored, executed, { mode: "all" })).length, 1);
  assert.deepEqual([stored, executed], before);
});

Deno.test("compareNotebooks() refuses options and tags that it cannot understand", async () => {
  const notebook = notebookOf({});
  const refused: readonly (readonly [unknown, RegExp])[] = [
    [{ mods: "all" }, /unknown option "mods".*Did you mean "mode"/],
    [{ mode: "lax" }, /unknown mode "lax".*off, tagged, all/],
    [{ tolerance: 0.1 }, /options must be an object/],
    [{ tolerance: { rel: 1 } }, /unknown option "rel".*Known: relative, absolute/],
    [{ tolerance: { relative: -1 } }, /tolerance\.relative is -1, wanted a number of 0 or more/],
    [{ tolerance: { absolute: NaN } }, /tolerance\.absolute is NaN/],
    [{ imageTolerance: 5 }, /imageTolerance is 5, wanted a share from 0 to 1/],
    [{ ignoreMimes: "text/html" }, /ignoreMimes must be a list/],
    [{ sanitize: "times" }, /sanitize must be a list/],
    [
      { sanitize: [{ name: "x", pattern: /a/, replacement: "" }] },
      /"x" has the pattern \/a\/, wanted one with the flag g/,
    ],
  ];
  for (const [options, message] of refused) {
    await assert.rejects(compareNotebooks(notebook, notebook, options as CompareOptions), message);
  }
  for (const tag of ["tolerance=much", "sanitize=/a/", "sanitize=time", "sanitize=/(/x/"]) {
    const tagged = notebookOf({}, { tags: [tag] });
    await assert.rejects(
      compareNotebooks(tagged, tagged),
      (fault: Error) => fault.message.includes(`"${tag}"`),
    );
    assert.deepEqual(await compareNotebooks(tagged, tagged, { mode: "off" }), []);
  }
});

Deno.test("compareNotebooks() takes megabytes of text", async () => {
  const text = (
    last: number,
  ) => [stream(`${"epoch 1, loss 0.1234, 12:01:02\n".repeat(170_000)}${last}`)];
  const sanitize = parseSanitizeRules("regex: \\d\\d:\\d\\d:\\d\\d\nreplace: TIME");
  const options = { sanitize, tolerance: { relative: 0.01 } };
  assert.deepEqual(await compare(text(1), text(1.001), options), []);
  assert.match(
    (await compare(text(1), text(2), options))[0],
    /^stdout number: number 340001 in line 170001/,
  );
});
