import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadNotebook } from "../../src/runner/notebook/load_notebook.ts";
import { main } from "../../src/cli/main.ts";
import { inFolder, NOTEBOOKS, qsight } from "./_call.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

Deno.test("qsight test gives a verdict for each notebook and quotes the failing cell", async () => {
  const { code, stdout } = await qsight(["test", "{ok,error,not_json}.ipynb"]);
  assert.equal(code, 1);
  assert.match(stdout, /^passed ok\.ipynb \(ok, /m);
  assert.match(stdout, /^failed error\.ipynb \(error, .*\n {4}Cell 1 failed with TypeError/m);
  assert.match(stdout, /^failed not_json\.ipynb \(NotebookError/m);
  assert.match(stdout, /^1 passed, 2 failed in \d+\.\d s$/m);
});

Deno.test("qsight test exits 0 when all pass, 5 when none match, 3 when the kernel is missing", async () => {
  assert.equal((await qsight(["test", "ok.ipynb", "ok.ipynb"])).code, 0);
  const none = await qsight(["test", "nothing_*.ipynb"]);
  assert.equal(none.code, 5);
  assert.match(none.stdout, /No notebook matches/);
  assert.equal((await qsight(["test", "ok.ipynb", "--kernel", "absent"])).code, 3);
});

Deno.test("qsight test --fail-fast stops at the first failure", async () => {
  const { code, stdout } = await qsight([
    ...["test", "error.ipynb", "ok.ipynb", "--fail-fast", "--jobs", "1"],
  ]);
  assert.equal(code, 1);
  assert.match(stdout, /0 passed, 1 failed, 1 not run/);
});

Deno.test("qsight test exits 2 when interrupted and leaves the rest", async () => {
  const signal = AbortSignal.timeout(1500);
  const { code, stdout } = await qsight([
    ...["test", "endless_loop.ipynb", "ok.ipynb", "--jobs", "1"],
  ], { signal });
  assert.equal(code, 2);
  assert.match(stdout, /interrupted endless_loop[^]*1 not run/);
});

Deno.test("qsight test writes executed notebooks, JUnit and JSON", async () => {
  await inFolder(async (folder) => {
    const [junit, json] = [join(folder, "junit.xml"), join(folder, "report.json")];
    const reports = ["--junit", junit, "--json", json, "--output", folder];
    const { code } = await qsight([
      "test",
      "ok.ipynb",
      "error.ipynb",
      "not_json.ipynb",
      ...reports,
    ]);
    assert.equal(code, 1);
    const executed = await loadNotebook(join(folder, "error.ipynb"));
    assert(executed.cells[1].cell_type === "code" && executed.cells[1].outputs.length === 1);
    const report = JSON.parse(await readFile(json, "utf8"));
    assert.equal(report.schema, "qsight.test/1");
    const counts = { faults: 0, interrupted: 0, skipped: 0, cached: 0 };
    assert.deepEqual(report.summary, { passed: 1, failed: 2, ...counts });
    const verdicts = report.notebooks.map((one: { verdict: string }) => one.verdict);
    assert.deepEqual(verdicts, ["failed", "failed", "passed"]);
    const xml = await readFile(junit, "utf8");
    assert.match(
      xml,
      /<testsuite name="error\.ipynb" tests="3" failures="1" errors="0" skipped="1"/,
    );
    assert.match(xml, /<failure message="Cell 1 failed with TypeError: wrong shape">/);
    assert.match(xml, /<testsuite name="not_json\.ipynb" tests="1" failures="0" errors="1"/);
    assert(!xml.includes("\x1b"));
  });
});

Deno.test("qsight test --json - leaves stdout to the report", async () => {
  const { code, stdout, stderr } = await qsight(["test", "ok.ipynb", "--json", "-"]);
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).summary.passed, 1);
  assert.match(stderr, /1 passed, 0 failed/);
});

Deno.test("qsight test --junit - leaves stdout to the report", async () => {
  const { code, stdout, stderr } = await qsight(["test", "ok.ipynb", "--junit", "-"]);
  assert.equal(code, 0);
  assert.match(stdout, /^<\?xml [^]*<\/testsuites>\n$/);
  assert.match(stderr, /1 passed, 0 failed/);
});

Deno.test("qsight test refuses reports and folders that cannot be written before anything runs", async () => {
  await inFolder(async (cwd) => {
    await writeFile(join(cwd, "a.ipynb"), await readFile(join(NOTEBOOKS, "ok.ipynb")));
    await writeFile(join(cwd, "file"), "");
    const wrong: [string[], RegExp][] = [
      [["--junit", "."], /--junit .* is a folder; choose another file/],
      [["--json", "file/report.json"], /--json .* cannot be written: .*file is a file/],
      [["--html", ""], /--html "": wanted a name/],
      [
        ["--output", "file"],
        /--output .* cannot be written: .*file is a file; choose another fold/,
      ],
      [["--output", "."], /The output folder .* would overwrite the notebook/],
      [["--shard", "3/2"], /--shard 3\/2: wanted I\/N with I from 1 to N/],
      [["--shard", "half"], /--shard half: wanted/],
      [["--jobs", "0"], /--jobs 0: wanted a whole number of at least 1/],
      [["--jobs", "1.5"], /--jobs 1\.5: wanted a whole number/],
      [["--max-memory", "lots"], /--max-memory lots: wanted a number of at least 1/],
      [["--image-tolerance", "2"], /--image-tolerance 2: wanted a number from 0 to 1/],
      [["--compare", "some"], /--compare some: wanted off, tagged or all/],
      [["--update", "--compare", "off"], /would store nothing/],
      [["--sanitize-with", "missing"], /--sanitize-with: Cannot read sanitize rules/],
      [["--stdin", "missing"], /--stdin missing: .*wanted a file with answers/],
      [["--watch", "--json", "-"], /a watch writes a report each round; give it a file/],
      [["--check-types", "--no-check-types"], /found both/],
      [["--fial-fast"], /unknown option "--fial-fast". Did you mean "--fail-fast"/],
      [["-p", "x"], /-p: wanted a name and a value/],
    ];
    for (const [args, message] of wrong) {
      const { code, stdout, stderr } = await qsight(["test", "a.ipynb", ...args], { cwd });
      assert.equal(code, 4, `${args.join(" ")}: ${stderr}`);
      assert.match(stderr, message);
      assert.equal(stdout, "", args.join(" "));
    }
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name).sort(), [
      "a.ipynb",
      "file",
    ]);
  });
});

Deno.test("qsight test says why nothing was collected; an empty shard is no failure", async () => {
  await inFolder(async (cwd) => {
    const empty = await qsight(["test", "."], { cwd });
    assert.equal(empty.code, 5);
    assert.match(empty.stdout, /^No notebook matches\. 0 passed, 0 failed in /);
  });
  const filtered = await qsight(["test", "ok.ipynb", "--filter", "no such text"]);
  assert.equal(filtered.code, 5);
  assert.match(filtered.stdout, /^None of 1 notebook\(s\) matches the filter\. 0 passed/);
  const shard = await qsight(["test", "ok.ipynb", "--shard", "2/2"]);
  assert.equal(shard.code, 0);
  assert.match(shard.stdout, /^None of 1 notebook\(s\) matches the shard\. 0 passed/);
});

Deno.test("qsight test --cache leaves out what passed, and says so in all reports", async () => {
  await inFolder(async (cwd) => {
    await writeFile(join(cwd, "a.ipynb"), await readFile(join(NOTEBOOKS, "ok.ipynb")));
    const test = (...args: string[]) =>
      qsight(["test", "a.ipynb", "--cache", "--json", "report.json", ...args], { cwd });
    const first = await test();
    assert.match(first.stdout, /^passed a\.ipynb \(ok, .*\n1 passed, 0 failed in/);
    const second = await test("--html", "report.html", "--junit", "report.xml");
    assert.equal(second.code, 0);
    assert.match(
      second.stdout,
      /^cached a\.ipynb \(unchanged, 0\.0 s\)\n0 passed, 0 failed, 1 unch/,
    );
    assert.equal(JSON.parse(await readFile(join(cwd, "report.json"), "utf8")).summary.cached, 1);
    assert.match(await readFile(join(cwd, "report.xml"), "utf8"), /skipped="1"/);
    assert.match(await readFile(join(cwd, "report.html"), "utf8"), /a\.ipynb/);
    assert.match((await test("-p", "x", "1")).stdout, /^passed a\.ipynb/);
    await writeFile(join(cwd, ".qsight/test-cache.json"), "torn");
    const torn = await test();
    assert.equal(torn.code, 0);
    assert.match(torn.stdout, /^passed a\.ipynb[^]*Warning: .* is no cache of/);
  });
});

Deno.test("qsight test shows differences, stores them with --update, and annotates for GitHub", async () => {
  await inFolder(async (cwd) => {
    const path = join(cwd, "a.ipynb");
    const outputs = [{ output_type: "stream", name: "stdout", text: ["sum 41\n"] }];
    const source = ['console.log("sum 42");'];
    const cell = { cell_type: "code", id: "a", metadata: {}, source, execution_count: 1, outputs };
    const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };
    await writeFile(path, JSON.stringify(notebook, undefined, 1));
    const test = (...args: string[]) => qsight(["test", "a.ipynb", ...args], { cwd });
    assert.equal((await test()).code, 0, "the cell is not tagged");
    const differs = await test("--compare", "all", "--github");
    assert.equal(differs.code, 1);
    assert.match(differs.stdout, /^failed a\.ipynb \(differs, .*\n {4}cell 0 · stdout: /);
    assert.match(differs.stdout, /-.*41[^]*\+.*42/);
    const line = (await readFile(path, "utf8")).split("\n").findIndex((text) =>
      /sum 42/.test(text)
    );
    const annotation = `::error file=a.ipynb,line=${line + 1},title=a.ipynb%2C cell 0%3A differs::`;
    assert.ok(differs.stdout.includes(annotation), differs.stdout);
    const near = await test("--compare", "all", "--tolerance", "0.1");
    assert.equal(near.code, 0, near.stdout);
    const updated = await test("--compare", "all", "--update");
    assert.equal(updated.code, 0);
    assert.match(updated.stdout, /^passed a\.ipynb \(updated, .*\n {4}cell 0: stdout changed/);
    assert.equal((await test("--compare", "all")).code, 0);
    await writeFile(join(cwd, "b.md"), "");
    const document = await test("b.md", "--update");
    assert.equal(document.code, 4);
    assert.match(document.stderr, /b\.md is a document and has no place for outputs/);
  });
});

Deno.test("qsight test --max-memory ends a kernel that takes more megabytes", async () => {
  const args = ["test", "ok.ipynb", "--no-check-types", "--max-memory"];
  const { code, stdout } = await qsight([...args, "30"]);
  assert.equal(code, 1);
  assert.match(stdout, /^failed ok\.ipynb \(memory, /);
  const enough = await qsight([...args, "4000"]);
  assert.equal(enough.code, 0, enough.stdout);
});

Deno.test("qsight test on a terminal shows which cells run, and leaves nothing of that", async () => {
  const notebooks = ["test", "ok.ipynb", "error.ipynb", "--jobs", "2"];
  const { stdout, stderr } = await qsight(notebooks, { isTerminal: true });
  assert.match(stderr, /\r\[\d\/2\].* · ok\.ipynb \d\/2/);
  assert.match(stderr, / · error\.ipynb \d\/3/);
  assert.ok(stderr.endsWith("\r\x1b[K\n"), JSON.stringify(stderr));
  assert.match(stdout, /^failed error\.ipynb/m);
  assert.doesNotMatch(stdout, /\r/);
  // As a reader sees it, with both streams on one screen.
  let screen = "";
  const output = { write: (text: string) => screen += text };
  const context = { cwd: NOTEBOOKS, signal: new AbortController().signal, isTerminal: true };
  await main(notebooks, { ...context, stdout: output, stderr: output });
  const lines = screen.replaceAll("\x1b[K", "").split("\n")
    .map((line) => line.slice(line.lastIndexOf("\r") + 1));
  const verdicts = lines.filter((line) => /(?:passed|failed) \w+\.ipynb/.test(line));
  assert.deepEqual(verdicts.map((line) => line.split(" ")[0]).sort(), ["failed", "passed"]);
});

Deno.test("qsight test takes documents and scripts, and answers cells from a file", async () => {
  await inFolder(async (cwd) => {
    const document = "# Title\n\n```ts\nconst name = prompt('Name?');\n" +
      "if (name !== 'Ada') throw new Error(`found ${name}`);\n```\n";
    await writeFile(join(cwd, "a.md"), document);
    await writeFile(join(cwd, "answers"), "Ada\n");
    const args = ["test", "*.md", "--output", "out"];
    const { code, stdout } = await qsight([...args, "--stdin", "answers"], { cwd });
    assert.equal(code, 0, stdout);
    assert((await loadNotebook(join(cwd, "out/a.md.ipynb"))).cells.length > 0);
    const silent = await qsight(args, { cwd });
    assert.equal(silent.code, 1);
    assert.match(silent.stdout, /^failed a\.md \(error/);
  });
});

/** Starts `qsight` in a process of its own and waits until it has said something. */
async function startQsight(args: string[], { cwd, until }: { cwd: string; until: RegExp }) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", MAIN, ...args],
    cwd,
    env: { TMPDIR: cwd, INIT_CWD: cwd, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  const waitFor = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(said)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`It ended before it said ${pattern}: ${said}`);
      said += value;
    }
    const found = said;
    said = "";
    return found;
  };
  await waitFor(until);
  const end = async () => {
    child.kill("SIGINT");
    for (let part = await reader.read(); !part.done; part = await reader.read()) said += part.value;
    return { code: (await child.status).code, said };
  };
  return { waitFor, end };
}

Deno.test("qsight test --watch tests again what changes; Ctrl-C ends it with 0, or 2 in a run", async () => {
  await inFolder(async (cwd) => {
    const path = join(cwd, "a.ipynb");
    const ok = await readFile(join(NOTEBOOKS, "ok.ipynb"), "utf8");
    await writeFile(path, ok);
    const args = ["test", "*.ipynb", "--watch", "--junit", "report.xml"];
    const watch = await startQsight(args, { cwd, until: /Watching 1 notebook\(s\); Ctrl-C ends/ });
    await writeFile(path, ok.replace("19 + 23", "19 + missing"));
    const failed = await watch.waitFor(/Watching/);
    assert.match(failed, /^failed a\.ipynb \(types[^]*\n0 passed, 1 failed/);
    assert.match(await readFile(join(cwd, "report.xml"), "utf8"), /failures="1"/);
    const ended = await watch.end();
    assert.deepEqual(ended, { code: 0, said: "" });
    // A run that is cut off.
    const marker = 'console.log("");await Deno.writeTextFile("runs", "");while (true);';
    await writeFile(
      path,
      ok.replace("const sum: number = 19 + 23;", JSON.stringify(marker).slice(1, -1)),
    );
    const second = await startQsight(["test", "a.ipynb", "--watch", "--no-check-types"], {
      cwd,
      until: /^/,
    });
    while (!await Deno.stat(join(cwd, "runs")).then(() => true, () => false)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const cut = await second.end();
    assert.equal(cut.code, 2, cut.said);
    assert.match(cut.said, /interrupted a\.ipynb/);
    assert.deepEqual(
      [...Deno.readDirSync(cwd)].filter(({ name }) => name.startsWith("qsight-")),
      [],
    );
  });
});
