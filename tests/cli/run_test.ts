import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadNotebook } from "../../src/runner/notebook/load_notebook.ts";
import { shortOutputs } from "../runner/_fixture.ts";
import { inFolder, qsight } from "./_call.ts";

Deno.test("qsight run shows cells and outputs live and writes the executed notebook", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "deep", "out.ipynb");
    const parameters = ["-p", "epochs", "3", "-p", "name", "a b"];
    const run = await qsight(["run", "parameters.ipynb", "-o", out, ...parameters]);
    assert.equal(run.code, 0, run.stderr);
    assert.equal(run.stdout, "3 a b\n");
    assert.match(run.stderr, /\[3\/3\] console\.log\(epochs, name\);\n\[3\/3\] ok/);
    assert.deepEqual(shortOutputs(await loadNotebook(out)), [[], [], ["3 a b\n"]]);
  });
});

Deno.test("qsight run names a cell by the heading above it, or else by its first line", async () => {
  const { stderr } = await qsight(["run", "ok.ipynb"]);
  assert.match(stderr, /^\[1\/2\] Adds two numbers\n\[1\/2\] ok/m);
  assert.match(stderr, /^\[2\/2\] sum\n/m);
});

Deno.test("qsight run exits 1 for a failing cell, quotes it and still writes the notebook", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "out.ipynb");
    const { code, stdout, stderr } = await qsight(["run", "error.ipynb", "-o", out]);
    assert.equal(code, 1);
    assert.equal(stdout, "before\n");
    assert.match(stderr, /Cell 1 failed with TypeError: wrong shape[^]*throw new TypeError/);
    const outputs = shortOutputs(await loadNotebook(out));
    assert.deepEqual(outputs, [["before\n"], ["TypeError: wrong shape"], []]);
    const allowed = await qsight(["run", "error.ipynb", "--allow-errors"]);
    assert.equal(allowed.code, 0);
    assert.equal(allowed.stdout, "before\nafter\n");
  });
});

Deno.test("qsight run prints lines of progress while they are updated", async () => {
  const { code, stdout, stderr } = await qsight(["run", "display_update.ipynb"]);
  assert.equal(code, 0);
  assert.equal(stdout, "");
  // A log gets the first and the last line of each cell, not each update. What the kernel sends
  // after its reply to the cell begins a line of its own.
  const lines = stderr.match(/^epoch.*$/gm)?.join(", ") ?? "";
  assert.match(lines, /^epoch 0\/3, epoch 1\/3,( epoch 2\/3,)? epoch 3\/3$/);
});

Deno.test("qsight run exits 1 for timeouts, dead kernels and unreadable notebooks, 3 without kernel", async () => {
  const timeout = await qsight(["run", "endless_loop.ipynb", "--timeout", "1.5"]);
  assert.equal(timeout.code, 1);
  assert.match(timeout.stderr, /timeout of 1500 ms/);
  assert.equal((await qsight(["run", "dead_kernel.ipynb"])).code, 1);
  const broken = await qsight(["run", "not_json.ipynb"]);
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /is not JSON/);
  const absent = await qsight(["run", "ok.ipynb", "--kernel", "absent"]);
  assert.equal(absent.code, 3);
  assert.match(absent.stderr, /No kernel named "absent"/);
});

Deno.test("qsight run exits 2 when interrupted", async () => {
  const { code } = await qsight(["run", "endless_loop.ipynb"], {
    signal: AbortSignal.timeout(1500),
  });
  assert.equal(code, 2);
});

Deno.test("qsight run warns of a parameter that the notebook does not declare", async () => {
  const { code, stderr } = await qsight(["run", "parameters.ipynb", "-p", "epohcs", "3"]);
  assert.equal(code, 0);
  assert.match(stderr, /Warning: .*unknown parameter "epohcs"\. Did you mean "epochs"\?/);
  const known = await qsight(["run", "parameters.ipynb", "-p", "epochs", "3"]);
  assert.doesNotMatch(known.stderr, /Warning/);
});

Deno.test("qsight run refuses a target that cannot be written before the notebook runs", async () => {
  await inFolder(async (folder) => {
    const { code, stdout, stderr } = await qsight(["run", "ok.ipynb", "-o", folder]);
    assert.equal(code, 4);
    assert.equal(stdout, "");
    assert.match(stderr, /--output .* is a folder; choose another file/);
  });
});

Deno.test("qsight run --grid runs all combinations and leaves a table, a CSV file and the notebooks", async () => {
  await inFolder(async (folder) => {
    const grid = ["--grid", "epochs=1,2", "--grid", "name=a,b", "--jobs", "2"];
    const { code, stdout, stderr } = await qsight([
      "run",
      "parameters.ipynb",
      ...grid,
      "-o",
      folder,
    ]);
    assert.equal(code, 0, stderr);
    const lines = stdout.trimEnd().split("\n");
    assert.match(lines[0], /^epochs +name +status +seconds +notebook/);
    assert.equal(lines.length, 2 + 4);
    assert.equal(stderr.match(/^\[\d\/4\] epochs=\d name="\w" ok \d+\.\d s$/gm)?.length, 4);
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const notebooks = [1, 2, 3, 4].map((i) => `parameters_00${i}.ipynb`);
    assert.deepEqual(files, ["grid.csv", ...notebooks]);
    assert.match(await readFile(join(folder, "grid.csv"), "utf8"), /^epochs,name,status/);
    const last = await loadNotebook(join(folder, notebooks[3]));
    assert.deepEqual(shortOutputs(last).at(-1), ["2 b\n"]);
  });
});

Deno.test("qsight run --grid exits 1 when a run fails and 2 when interrupted", async () => {
  const failed = await qsight(["run", "error.ipynb", "--grid", "x=1"]);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /^\[1\/1\] x=1 error .*\n {4}Cell \d failed with TypeError/);
  assert.match(failed.stdout, /TypeError/);
  const signal = AbortSignal.abort(new Error("Enough"));
  assert.equal((await qsight(["run", "ok.ipynb", "--grid", "x=1"], { signal })).code, 2);
});

Deno.test("qsight run answers what cells ask with the lines of a file", async () => {
  await inFolder(async (folder) => {
    const answers = join(folder, "answers");
    await writeFile(answers, "Ada\n");
    const without = await qsight(["run", "stdin.ipynb"]);
    assert.equal(without.code, 1);
    const { code, stdout, stderr } = await qsight(["run", "stdin.ipynb", "--stdin", answers]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Ada/);
  });
});

Deno.test("qsight run refuses what could not be done before anything runs", async () => {
  const wrong: [string[], RegExp][] = [
    [["--jobs", "2"], /--jobs is for the runs of a --grid/],
    [["--grid", "x"], /--grid: "x" is no axis of a grid, wanted NAME=A,B/],
    [["--grid", "x=1", "--grid", "x=2"], /--grid: "x" is given twice/],
    [["-o", "out.md"], /out\.md is the name of a document or script.*ends with \.ipynb/],
    [["-o", ""], /--output "": wanted a name/],
    [
      ["--grid", "x=1", "-o", "ok.ipynb"],
      /--output .* cannot be written: .* is a file; choose another fo/,
    ],
    [["-o", "ok.ipynb/a.ipynb"], /cannot be written: .*ok\.ipynb is a file/],
    [["--startup-timeout", "0"], /--startup-timeout 0: wanted a positive number of seconds/],
    [["-y", "- 1"], /-y: found a list, wanted names with values/],
  ];
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await qsight(["run", "ok.ipynb", ...args]);
    assert.equal(code, 4, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, message);
    assert.equal(stdout, "");
  }
});
