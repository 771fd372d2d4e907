import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { CodeCell } from "../../../src/runner/notebook/nbformat.ts";
import { loadNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import { testNotebooks } from "../../../src/runner/suite/test_notebooks.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { inFolder } from "../../cli/_call.ts";
import { assertNothingLeftIn, NO_PROC, short, untilFile, writeFiles } from "./_suite.ts";

const OPTIONS = { kernel: "deno", timeout: 120_000, checkTypes: false } as const;

Deno.test("testNotebooks() runs notebooks at once and sorts the verdicts by path", async () => {
  await inFolder(async (cwd) => {
    // Each waits for the other: one after the other they would never end.
    await writeFiles(cwd, {
      "a.ipynb": ['await Deno.writeTextFile("a", "");', untilFile("b"), untilFile("b_is_done")],
      "b.ipynb": ['await Deno.writeTextFile("b", "");', untilFile("a")],
      "c.ipynb": "no notebook",
    });
    const ended: string[] = [];
    const result = await testNotebooks("*.ipynb", {
      ...OPTIONS,
      cwd,
      jobs: 2,
      hooks: {
        onVerdict: ({ path }) => {
          ended.push(path);
          if (path === "b.ipynb") Deno.writeTextFileSync(join(cwd, "b_is_done"), "");
        },
      },
    });
    assert.deepEqual(short(result), [
      "a.ipynb passed ok",
      "b.ipynb passed ok",
      "c.ipynb failed NotebookError",
    ]);
    assert.ok(ended.indexOf("b.ipynb") < ended.indexOf("a.ipynb"));
    assert.equal(result.found, 3);
    assert.deepEqual(result.warnings, []);
  });
});

testOrSkip("testNotebooks() starts the next kernel while a notebook runs", NO_PROC, async () => {
  await inFolder(async (cwd) => {
    const look = `
      const until = performance.now() + 60_000;
      let found = false;
      while (!found && performance.now() < until) {
        for (const { name } of Deno.readDirSync("/proc")) {
          try {
            found ||= Deno.readLinkSync(\`/proc/\${name}/cwd\`) === Deno.realPathSync("next");
          } catch { /* It is no process, or has ended. */ }
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      if (!found) throw new Error("no kernel waits");`;
    await writeFiles(cwd, { "first.ipynb": [look], "next/second.ipynb": ["1"] });
    const options = { ...OPTIONS, cwd, jobs: 1 };
    const result = await testNotebooks("**/*.ipynb", options);
    assert.deepEqual(short(result), ["first.ipynb passed ok", "next/second.ipynb passed ok"]);
    // The test can fail: without it no kernel is there.
    await writeFiles(cwd, { "first.ipynb": [look.replace("60_000", "1500")] });
    const cold = await testNotebooks("**/*.ipynb", { ...options, prewarm: false });
    assert.deepEqual(short(cold), ["first.ipynb failed error", "next/second.ipynb passed ok"]);
    await assertNothingLeftIn(cwd);
  });
});

testOrSkip(
  "testNotebooks() stops everything at the first failure with failFast",
  NO_PROC,
  async () => {
    await inFolder(async (cwd) => {
      await writeFiles(cwd, {
        "a.ipynb": [untilFile("b_runs"), 'throw new Error("wrong");'],
        "b.ipynb": ['await Deno.writeTextFile("b_runs", "");', untilFile("never")],
        "c.ipynb": ["1"],
        "d.ipynb": ["1"],
      });
      const result = await testNotebooks("*.ipynb", { ...OPTIONS, cwd, jobs: 2, failFast: true });
      assert.deepEqual(short(result), [
        "a.ipynb failed error",
        "b.ipynb skipped aborted",
        "c.ipynb skipped not_run",
        "d.ipynb skipped not_run",
      ]);
      assert.match(result.verdicts[1].message ?? "", /a\.ipynb failed, and failFast is set/);
      // Of the kernels that waited for c and d nothing is left either.
      await assertNothingLeftIn(cwd);
    });
  },
);

testOrSkip(
  "testNotebooks() ends at once when its signal is aborted, and leaves nothing",
  NO_PROC,
  async () => {
    await inFolder(async (cwd) => {
      await writeFiles(cwd, { "a.ipynb": [untilFile("never")], "b.ipynb": ["1"], "c.ipynb": "no" });
      const controller = new AbortController();
      const result = await testNotebooks("*.ipynb", {
        ...OPTIONS,
        cwd,
        jobs: 1,
        signal: controller.signal,
        hooks: { onCellStart: () => controller.abort(new Error("Enough")) },
      });
      assert.deepEqual(short(result), [
        "a.ipynb interrupted aborted",
        "b.ipynb skipped not_run",
        "c.ipynb skipped not_run",
      ]);
      assert.equal(result.verdicts[0].message, "Enough");
      await assertNothingLeftIn(cwd);
      const before = await testNotebooks("*.ipynb", {
        ...OPTIONS,
        cwd,
        signal: AbortSignal.abort(),
      });
      assert.ok(before.verdicts.every(({ verdict }) => verdict === "skipped"));
    });
  },
);

testOrSkip("testNotebooks() throws what a hook throws, and leaves nothing", NO_PROC, async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, { "a.ipynb": [untilFile("b_runs")], "c.ipynb": ["1"], "d.ipynb": ["1"] });
    await writeFiles(cwd, { "b.ipynb": ['await Deno.writeTextFile("b_runs", ""); while (true);'] });
    const onVerdict = () => {
      throw new Error("from the hook");
    };
    const options = { ...OPTIONS, cwd, jobs: 2, hooks: { onVerdict } };
    await assert.rejects(testNotebooks("*.ipynb", options), /^Error: from the hook$/);
    await assertNothingLeftIn(cwd);
  });
});

Deno.test("testNotebooks() says which cell and line failed, and what kernels are missing", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, {
      "a.ipynb": ["1", "const x = 1;\nthrow new TypeError(`wrong ${x}`);", "2"],
      "b.md": "# Title\n\nText\n\n```ts\nconst y = 1;\nthrow new TypeError(`wrong ${y}`);\n```\n",
      "c.ts": "// %% [markdown]\n// Text\n// %%\nconst z = 1;\nconsole.log(z);\n",
    });
    const started: number[] = [];
    const result = await testNotebooks(["a.ipynb", "*.md", "*.ts"], {
      ...OPTIONS,
      cwd,
      hooks: { onNotebookStart: ({ cells }) => started.push(cells) },
    });
    assert.deepEqual(short(result), [
      "a.ipynb failed error",
      "b.md failed error",
      "c.ts passed ok",
    ]);
    const [a, b, c] = result.verdicts;
    assert.equal(a.cellIndex, 1);
    const lines = (await Deno.readTextFile(join(cwd, "a.ipynb"))).split("\n");
    assert.match(lines[a.line! - 1], /throw new TypeError/);
    assert.equal(b.line, 7);
    assert.match(b.message ?? "", /failed with TypeError: wrong 1/);
    assert.deepEqual(a.cells.map(({ status }) => status), ["ok", "error", "not_run"]);
    assert.equal(c.kernel, "deno");
    assert.ok(NO_PROC !== undefined || c.peakMemoryBytes! > 10e6, `${c.peakMemoryBytes}`);
    assert.deepEqual(started.sort(), [1, 1, 3]);
    const absent = await testNotebooks("a.ipynb", { ...OPTIONS, cwd, kernel: "absent" });
    assert.deepEqual(short(absent), ["a.ipynb fault KernelStartError"]);
  });
});

Deno.test("testNotebooks() ends a kernel over its memory limit and names the cell", async () => {
  await inFolder(async (cwd) => {
    const hoard = "const all = []; while (true) { all.push(new Uint8Array(2 ** 24).fill(1)); " +
      "await new Promise((resolve) => setTimeout(resolve, 5)); }";
    await writeFiles(cwd, { "a.ipynb": ["1", hoard] });
    const result = await testNotebooks("a.ipynb", {
      ...OPTIONS,
      cwd,
      maxMemoryBytes: 600 * 2 ** 20,
    });
    assert.deepEqual(short(result), ["a.ipynb failed memory"]);
    const [{ message, cellIndex, peakMemoryBytes }] = result.verdicts;
    assert.equal(cellIndex, 1);
    assert.match(message ?? "", /cell 1/i);
    assert.match(message ?? "", /600/);
    assert.ok(peakMemoryBytes! > 600 * 2 ** 20, `${peakMemoryBytes}`);
  });
});

Deno.test("testNotebooks() compares tagged outputs, and stores fresh ones with update", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, { "a.ipynb": ['console.log("old")', '"new"'] });
    const output = join(cwd, "out");
    const stored = join(cwd, "out", "a.ipynb");
    assert.deepEqual(short(await testNotebooks("a.ipynb", { ...OPTIONS, cwd, output })), [
      "a.ipynb passed ok",
    ]);
    const text = await Deno.readTextFile(stored);
    await writeFiles(cwd, {
      "a.ipynb": text.replace('"old\\n"', '"other\\n"'),
    });
    const test = (options: object) => testNotebooks("a.ipynb", { ...OPTIONS, cwd, ...options });
    assert.deepEqual(short(await test({})), ["a.ipynb passed ok"], "nothing is tagged");
    const differs = await test({ compare: "all" });
    assert.deepEqual(short(differs), ["a.ipynb failed differs"]);
    assert.ok(differs.verdicts[0].differences.length > 0);
    assert.equal(differs.verdicts[0].cellIndex, differs.verdicts[0].differences[0].cellIndex);
    const updated = await test({ compare: "all", update: true });
    assert.deepEqual(short(updated), ["a.ipynb passed updated"]);
    assert.match(updated.verdicts[0].message ?? "", /cell \d: /);
    assert.deepEqual(short(await test({ compare: "all" })), ["a.ipynb passed ok"]);
  });
});

Deno.test("testNotebooks() with update stores the first outputs of a cell that is to be compared", async () => {
  await inFolder(async (cwd) => {
    const path = join(cwd, "a.ipynb"), options = { ...OPTIONS, cwd };
    await writeFiles(cwd, { "a.ipynb": ["// NBVAL_CHECK_OUTPUT\n6 * 7", "43", "let no = 1;"] });
    const updated = await testNotebooks("a.ipynb", { ...options, update: true });
    assert.deepEqual(short(updated), ["a.ipynb passed updated"]);
    const { cells } = await loadNotebook(path);
    assert.deepEqual(cells.map((cell) => (cell as CodeCell).outputs.length), [1, 0, 0]);
    await writeFiles(cwd, { "a.ipynb": (await Deno.readTextFile(path)).replace("* 7", "* 8") });
    assert.deepEqual(short(await testNotebooks("a.ipynb", options)), ["a.ipynb failed differs"]);
  });
});

Deno.test("testNotebooks() takes an error that may be raised for an output like others", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, { "a.ipynb": ['throw new TypeError("no")', "1"] });
    const options = { ...OPTIONS, cwd, compare: "all", allowErrorNames: ["TypeError"] } as const;
    const first = await testNotebooks("a.ipynb", { ...options, output: "out" });
    assert.deepEqual(short(first), ["a.ipynb passed ok"]);
    const text = await Deno.readTextFile(join(cwd, "out/a.ipynb"));
    await writeFiles(cwd, { "a.ipynb": text });
    assert.deepEqual(short(await testNotebooks("a.ipynb", options)), ["a.ipynb passed ok"]);
    await writeFiles(cwd, { "a.ipynb": text.replaceAll('"evalue": "no"', '"evalue": "yes"') });
    assert.deepEqual(short(await testNotebooks("a.ipynb", options)), ["a.ipynb failed differs"]);
    const updated = await testNotebooks("a.ipynb", { ...options, update: true });
    assert.deepEqual(short(updated), ["a.ipynb passed updated"]);
    assert.deepEqual(short(await testNotebooks("a.ipynb", options)), ["a.ipynb passed ok"]);
  });
});

Deno.test("testNotebooks() does not update a notebook that fails, and refuses documents", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, { "a.ipynb": ['console.log("x")', 'throw new Error("no")'], "b.md": "" });
    const before = await Deno.readTextFile(join(cwd, "a.ipynb"));
    const options = { ...OPTIONS, cwd, compare: "all", update: true } as const;
    assert.deepEqual(short(await testNotebooks("a.ipynb", options)), ["a.ipynb failed error"]);
    assert.equal(await Deno.readTextFile(join(cwd, "a.ipynb")), before);
    await assert.rejects(
      testNotebooks(["a.ipynb", "b.md"], options),
      /^TypeError: update: b\.md is a document and has no place for outputs\. Leave it out/,
    );
  });
});

Deno.test("testNotebooks() checks the types of TypeScript notebooks, parameters included", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, {
      "a.ipynb": ["let count: number = 1;", 'count;\ncount = "many";'],
      "b.ipynb": ["console.log(epochs);"],
      "c.ipynb": ["const half = 1 / 2;"],
    });
    const options = { ...OPTIONS, checkTypes: true, cwd, parameters: { epochs: 2 } };
    const result = await testNotebooks("*.ipynb", options);
    assert.deepEqual(short(result), [
      "a.ipynb failed types",
      "b.ipynb passed ok",
      "c.ipynb passed ok",
    ]);
    const [{ message, cellIndex, line, typeFaults }] = result.verdicts;
    // The cell with the parameters stands first.
    assert.equal(cellIndex, 2);
    assert.match(message ?? "", /^Cell 2, line 2:1: TS2322: Type 'string' is not assignable/);
    assert.equal(typeFaults.length, 1);
    // None of its cells was run.
    assert.deepEqual(
      result.verdicts[0].cells.map(({ status }) => status),
      Array(3).fill("not_run"),
    );
    const lines = (await Deno.readTextFile(join(cwd, "a.ipynb"))).split("\n");
    assert.match(lines[line! - 1], /many/);
    const unchecked = await testNotebooks("a.ipynb", { ...options, checkTypes: false });
    assert.deepEqual(short(unchecked), ["a.ipynb passed ok"]);
  });
});

Deno.test("testNotebooks() filters by path and heading, takes a shard, and excludes its output", async () => {
  await inFolder(async (cwd) => {
    const heading = (text: string) => `# ${text}\n\n\`\`\`ts\n1;\n\`\`\`\n`;
    await writeFiles(cwd, { "a.md": heading("First"), "b.md": heading("Second"), "c.md": "Text" });
    const ask = async (options: object) =>
      short(await testNotebooks(["*.md", "**/*.ipynb"], { ...OPTIONS, cwd, ...options }));
    assert.deepEqual(await ask({ filter: "SECOND" }), ["b.md passed ok"]);
    assert.deepEqual(await ask({ filter: "a.md", output: "out" }), ["a.md passed ok"]);
    assert.deepEqual(await readdir(join(cwd, "out")), ["a.md.ipynb"]);
    const executed = await loadNotebook(join(cwd, "out/a.md.ipynb"));
    assert.equal((executed.cells.at(-1) as CodeCell).execution_count, 1);
    assert.deepEqual(await ask({ shard: { index: 2, count: 3 }, output: "out" }), [
      "b.md passed ok",
    ]);
    assert.deepEqual(await ask({ filter: "nothing", output: "out" }), []);
    const { warnings } = await testNotebooks(["a.md", "**/*.ipynb"], {
      ...OPTIONS,
      cwd,
      output: "out",
    });
    assert.deepEqual(warnings, ["2 notebook(s) in the output folder out are not tested"]);
    await assert.rejects(
      testNotebooks("**/*.ipynb", { ...OPTIONS, cwd, output: "out" }),
      /^RangeError: The output folder out would overwrite the notebooks/,
    );
  });
});

Deno.test("testNotebooks() refuses options that nothing could follow, before anything runs", async () => {
  const wrong: [object, RegExp][] = [
    [{ job: 2 }, /unknown option "job". Did you mean "jobs"/],
    [{ jobs: 0 }, /jobs is 0, wanted a whole number/],
    [{ shard: { index: 3, count: 2 } }, /shard 3\/2/],
    [{ compare: "some" }, /"some"/],
    [{ compare: "off", update: true }, /would store nothing/],
    [{ maxMemoryBytes: -1 }, /maxMemoryBytes is -1/],
    [{ timeout: 0 }, /timeout is 0/],
    [{ imageTolerance: 2 }, /imageTolerance is 2/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(testNotebooks("none_*.ipynb", options), message);
  }
  await assert.rejects(testNotebooks("missing.ipynb"), /No such file or folder: missing\.ipynb/);
});
