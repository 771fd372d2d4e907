// What notebookTest() registers is run by the real runners, each in a process of its own.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { notebookTest } from "../../../src/runner/suite/notebook_test.ts";
import { withNodeBundle } from "../../_tools/node_bundle.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { inFolder } from "../../cli/_call.ts";
import { writeFiles } from "./_suite.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const NOTEBOOKS = {
  "notebooks/a.ipynb": ["const one: number = 1;", "", "one + 1"],
  "notebooks/b.ipynb": ["1", "\nconst wrong = 2;\nthrow new Error(`wrong ${wrong}`);", "3"],
  "notebooks/c.ipynb": "not a notebook",
  "notebooks/d.ipynb": ["let text = 'a';", "text = 1;"],
  "notebooks/e.ipynb": ["1"],
  "notebooks/f.ipynb": ["1", "Deno.exit(3);"],
};

/** A notebook whose stored output is not what the cell puts out. */
function differing(): string {
  const outputs = [{ output_type: "stream", name: "stdout", text: ["old\n"] }];
  const metadata = { tags: ["check-output"] };
  const source = ['console.log("new");'];
  const cell = { cell_type: "code", id: "a", metadata, source, execution_count: 1, outputs };
  const first = { ...cell, id: "b", source: ["1"], metadata: {}, outputs: [] };
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [first, cell] });
}

/** Writes notebooks into a folder, and a test file that registers them. */
async function write(folder: string, path: string, module: string): Promise<void> {
  await writeFiles(folder, { ...NOTEBOOKS, "notebooks/g.ipynb": differing() });
  const cwd = JSON.stringify(join(folder, "notebooks"));
  await writeFile(
    path,
    `import { notebookTest } from ${JSON.stringify(module)};
     notebookTest("*.ipynb", { cwd: ${cwd}, kernel: "deno", timeout: 120_000, ignore: "e.*" });`,
  );
}

/** Lines of a TAP report that say how a test or step ended, without numbers and notes. */
function verdicts(tap: string): string[] {
  return [...tap.matchAll(/^( *)((?:not )?ok) \d+ - (.*?)( # SKIP.*)?$/gm)].map((
    [, indent, word, name, skip],
  ) => `${indent === "" ? "" : "  "}${skip === undefined ? word : "skip"} ${name}`);
}

const EXPECTED = [
  ...["  ok cell 0: const one: number = 1;", "  skip cell 1: (empty)", "  ok cell 2: one + 1"],
  ...["  ok types", "ok a.ipynb"],
  ...["  ok cell 0: 1", "  not ok cell 1: const wrong = 2;", "  skip cell 2: 3", "  ok types"],
  ...["not ok b.ipynb", "not ok c.ipynb"],
  ...["  not ok types", "not ok d.ipynb", "skip e.ipynb"],
  ...["  ok cell 0: 1", "  not ok cell 1: Deno.exit(3);", "  ok types", "not ok f.ipynb"],
  ...["  ok cell 0: 1", '  not ok cell 1: console.log("new");', "  ok types", "not ok g.ipynb"],
];

/** Deno lists a test before its steps, Node after them. */
function sorted(lines: readonly string[]): string[] {
  return [...lines].sort();
}

Deno.test("notebookTest() registers Deno tests with a step for each cell", async () => {
  await inFolder(async (folder) => {
    const module = join(ROOT, "src/runner/suite/notebook_test.ts");
    const path = join(folder, "notebooks_test.ts");
    await write(folder, path, module);
    const { stdout, stderr, code } = await runCommand(
      [Deno.execPath(), "test", "-A", "--no-check", "-c", join(ROOT, "deno.json"), "--quiet", path],
      { timeout: 300_000, env: { ...Deno.env.toObject(), NO_COLOR: "1" } },
    );
    assert.equal(code, 1, stderr);
    const words = new Map([["ok", "ok"], ["FAILED", "not ok"], ["ignored", "skip"]]);
    const lines = [...stdout.matchAll(/^( *)(.*) \.\.\. (ok|FAILED|ignored) .*\(.*\)$/gm)]
      .map(([, indent, name, word]) => `${indent}${words.get(word)} ${name}`);
    assert.deepEqual(sorted(lines), sorted(EXPECTED), stdout);
    assert.match(stdout, /Cell 1 failed with Error: wrong 2/);
    assert.match(stdout, /c\.ipynb is not JSON/);
    assert.match(stdout, /Cell 1, line 1:1: TS2322/);
    assert.match(stdout, /Cell 1, stdout: /);
    assert.match(stdout, /Kernel "deno" ended \(exit code 3\) in cell 1/);
    assert.doesNotMatch(stdout, /Leaks detected|notebook_test\.ts/);
  });
});

testOrSkip("notebookTest() registers node:test tests in Node", missingProgram("node"), async () => {
  await withNodeBundle("src/runner/suite/notebook_test.ts", async ({ folder }) => {
    const path = join(folder, "notebooks.test.mjs");
    const PATH = `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`;
    await inFolder(async (notebooks) => {
      await write(notebooks, path, "./bundle.mjs");
      const { stdout, stderr, code } = await runCommand(
        ["node", "--test", "--test-reporter", "tap", path],
        { timeout: 300_000, env: { ...Deno.env.toObject(), PATH } },
      );
      assert.equal(code, 1, stderr);
      assert.deepEqual(sorted(verdicts(stdout)), sorted(EXPECTED), stdout);
      assert.match(stdout, /Cell 1 failed with Error: wrong 2/);
    });
  }, { packages: "external" });
});

Deno.test("notebookTest() refuses to test nothing, and options of a whole suite", () => {
  const cwd = ROOT;
  assert.throws(
    () => notebookTest("no_such_*.ipynb", { cwd }),
    /^NotebookError: notebookTest: no notebook matches no_such_\*\.ipynb in .*set cwd/,
  );
  for (const name of ["jobs", "failFast", "output"]) {
    assert.throws(
      () => notebookTest("*.ipynb", { cwd, [name]: 1 }),
      new RegExp(`notebookTest: unknown option "${name}"`),
    );
  }
  assert.throws(() => notebookTest("*.ipynb", { cwd, timeout: -1 }), /timeout is -1/);
});
