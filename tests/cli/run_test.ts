import assert from "node:assert/strict";
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
  // A log gets the first and the last line of each cell, not each update.
  assert.deepEqual(stderr.match(/^epoch.*$/gm), ["epoch 0/3", "epoch 1/3", "epoch 3/3"]);
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
