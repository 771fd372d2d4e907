// A hit that is false would hide a failure: each thing that a verdict depends on is changed here.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findKernel } from "../../../src/runner/kernels/kernel_spec.ts";
import { collectSuite } from "../../../src/runner/suite/test_notebooks.ts";
import { SuiteCache } from "../../../src/runner/suite/suite_cache.ts";
import type { SuiteOptions } from "../../../src/runner/suite/suite_options.ts";
import type { NotebookVerdict } from "../../../src/runner/suite/suite_result.ts";
import { testNotebooks } from "../../../src/runner/suite/test_notebooks.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { inFolder } from "../../cli/_call.ts";
import { short, writeFiles } from "./_suite.ts";

const PASSED: NotebookVerdict = {
  path: "a.ipynb",
  verdict: "passed",
  status: "ok",
  durationMs: 5,
  ...{ cells: [], differences: [], typeFaults: [], warnings: [] },
};

/** Whether a.ipynb counts as unchanged; `pass` notes that it passed. */
async function ask(options: SuiteOptions, verdict?: NotebookVerdict): Promise<boolean> {
  const collected = await collectSuite([join(options.cwd!, "a.ipynb")], options);
  const cache = await SuiteCache.open(collected, options);
  const has = cache.has(collected[0]);
  if (verdict !== undefined) await cache.remember(collected[0], verdict);
  return has;
}

Deno.test("SuiteCache forgets a pass when any ingredient of a Deno notebook changes", async () => {
  await inFolder(async (cwd) => {
    const files = {
      "a.ipynb": ['import { b } from "./lib/b.ts";', 'Deno.readTextFileSync("data.csv") + b'],
      "lib/b.ts": 'export * from "./c.ts"; export const b = 1;',
      "lib/c.ts": "export const c = 1;",
      "data.csv": "1",
      "deno.json": "{}",
    };
    const options: SuiteOptions = { cwd, cache: "cache.json", kernel: "deno" };
    const changes: Record<string, () => Promise<SuiteOptions>> = {
      "code": async () => {
        await writeFiles(cwd, { "a.ipynb": ["1 + 1"] });
        return options;
      },
      "import": async () => {
        await writeFiles(cwd, { "lib/b.ts": files["lib/b.ts"] + " " });
        return options;
      },
      "import of an import": async () => {
        await writeFiles(cwd, { "lib/c.ts": "export const c = 2;" });
        return options;
      },
      "data": async () => {
        await writeFiles(cwd, { "data.csv": "2" });
        return options;
      },
      "configuration": async () => {
        await writeFiles(cwd, { "deno.json": '{ "imports": {} }' });
        return options;
      },
      "lock": async () => {
        await writeFiles(cwd, { "deno.lock": '{ "version": "5" }' });
        return options;
      },
      "parameters": () => Promise.resolve({ ...options, parameters: { epochs: 1 } }),
      "environment": () => Promise.resolve({ ...options, env: { FAST: "1" } }),
      "compare": () => Promise.resolve({ ...options, compare: "all" }),
      "sanitize": () =>
        Promise.resolve({
          ...options,
          sanitize: [{ name: "date", pattern: /\d+/g, replacement: "" }],
        }),
      "types": () => Promise.resolve({ ...options, checkTypes: false }),
      "timeout": () => Promise.resolve({ ...options, timeout: 5 }),
      "memory": () => Promise.resolve({ ...options, maxMemoryBytes: 2 ** 30 }),
      "errors": () => Promise.resolve({ ...options, allowErrors: true }),
    };
    for (const [what, change] of Object.entries(changes)) {
      await Deno.remove(join(cwd, "deno.lock")).catch(() => {});
      await writeFiles(cwd, files);
      await ask(options, PASSED);
      assert.equal(await ask(options), true, `${what}: unchanged before`);
      assert.equal(await ask(await change()), false, what);
    }
  });
});

Deno.test("SuiteCache forgets a pass when stored outputs change, unless nothing is compared", async () => {
  await inFolder(async (cwd) => {
    const path = join(cwd, "a.ipynb");
    await writeFiles(cwd, { "a.ipynb": ["1"] });
    const options: SuiteOptions = { cwd, cache: "cache.json", kernel: "deno" };
    await ask(options, PASSED);
    await ask({ ...options, compare: "off" }, PASSED);
    const notebook = JSON.parse(await readFile(path, "utf8"));
    notebook.cells[0].outputs = [{ output_type: "stream", name: "stdout", text: ["x"] }];
    await writeFile(path, JSON.stringify(notebook));
    assert.equal(await ask(options), false);
    assert.equal(await ask({ ...options, compare: "off" }), true);
  });
});

Deno.test("SuiteCache forgets a pass when the kernel changes, and never knows one elsewhere", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, { "a.ipynb": ["1"], "kernels/own/kernel.json": "" });
    const [deno] = (await findKernel("deno")).argv;
    const argv = [deno, "jupyter", "--kernel", "--conn", "{connection_file}"];
    const before = Deno.env.get("JUPYTER_PATH");
    Deno.env.set("JUPYTER_PATH", cwd);
    try {
      const install = (spec: object) =>
        writeFiles(cwd, {
          "kernels/own/kernel.json": JSON.stringify({ language: "typescript", argv, ...spec }),
        });
      const options: SuiteOptions = { cwd, cache: "cache.json", kernel: "own" };
      await install({});
      await ask(options, PASSED);
      assert.equal(await ask(options), true);
      await install({ env: { FAST: "1" } });
      assert.equal(await ask(options), false, "environment");
      await install({ argv: [...argv, "--quiet"] });
      assert.equal(await ask(options), false, "arguments");
      await install({});
      assert.equal(await ask(options), true);
      assert.equal(await ask({ ...options, kernel: "deno" }), false, "name");
      const server = { url: "http://127.0.0.1:1" };
      await ask({ ...options, server }, PASSED);
      assert.equal(await ask({ ...options, server }), false, "a server");
      assert.equal(await ask({ ...options, kernel: "absent" }, PASSED), false);
      assert.equal(await ask({ ...options, kernel: "absent" }), false, "absent");
    } finally {
      if (before === undefined) Deno.env.delete("JUPYTER_PATH");
      else Deno.env.set("JUPYTER_PATH", before);
    }
  });
});

Deno.test("SuiteCache keeps passes alone, and none during which something changed", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, { "a.ipynb": ['import "./b.ts";'], "b.ts": "" });
    const options: SuiteOptions = { cwd, cache: "cache.json", kernel: "deno" };
    for (const verdict of ["failed", "fault", "interrupted", "skipped"] as const) {
      await ask(options, { ...PASSED, verdict });
    }
    await ask(options, { ...PASSED, status: "updated" });
    assert.equal(await ask(options), false);
    const collected = await collectSuite([join(cwd, "a.ipynb")], options);
    const cache = await SuiteCache.open(collected, options);
    await writeFiles(cwd, { "b.ts": "1" });
    await cache.remember(collected[0], PASSED);
    await writeFiles(cwd, { "b.ts": "" });
    assert.equal(await ask(options), false, "b.ts was another while the notebook ran");
    await ask(options, PASSED);
    assert.equal(await ask(options), true);
  });
});

Deno.test("SuiteCache forgets a pass when a file changes that only a parameter names", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, { "a.ipynb": ["1"], "other.csv": "1" });
    const parameters = { data: "other.csv" };
    const options: SuiteOptions = { cwd, cache: "cache.json", kernel: "deno", parameters };
    await ask(options, PASSED);
    assert.equal(await ask(options), true);
    await writeFiles(cwd, { "other.csv": "2" });
    assert.equal(await ask(options), false);
  });
});

Deno.test("SuiteCache says for which notebooks it cannot be used", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, { "a.ipynb": ["1"], "cache.json": "torn" });
    const options = { cwd, cache: "cache.json", kernel: "absent" };
    const collected = await collectSuite([join(cwd, "a.ipynb")], options);
    const { warnings } = await SuiteCache.open(collected, options);
    assert.equal(warnings.length, 2);
    assert.match(warnings[0], /is no cache/);
    assert.match(warnings[1], /not used for 1 notebook\(s\): the kernel is not on this machine/);
  });
});

testOrSkip(
  "testNotebooks() leaves out Python notebooks that passed, until a module of theirs changes",
  missingProgram("python3") ??
    (await findKernel("python3").then(() => undefined, () => "no kernel python3")),
  async () => {
    await inFolder(async (cwd) => {
      await writeFiles(cwd, {
        "a.ipynb": ["import tools\nassert tools.two == 2"],
        "tools.py": "from deep import two",
        "deep.py": "two = 2",
      });
      const options: SuiteOptions = { cwd, cache: "cache.json", kernel: "python3" };
      const test = async () => short(await testNotebooks("*.ipynb", options));
      assert.deepEqual(await test(), ["a.ipynb passed ok"]);
      assert.deepEqual(await test(), ["a.ipynb cached unchanged"]);
      await writeFiles(cwd, { "deep.py": "two = 33" });
      assert.deepEqual(await test(), ["a.ipynb failed error"]);
      assert.deepEqual(await test(), ["a.ipynb failed error"], "failures are not remembered");
      await writeFiles(cwd, { "deep.py": "two = 2" });
      assert.deepEqual(await test(), ["a.ipynb cached unchanged"], "as it was when it passed");
    });
  },
);

Deno.test("SuiteCache lets the notebooks begin that took longest, and those that it does not know", async () => {
  await inFolder(async (cwd) => {
    const names = ["a.ipynb", "b.ipynb", "c.ipynb", "d.ipynb"];
    await writeFiles(cwd, Object.fromEntries(names.map((name) => [name, ["1"]])));
    const options: SuiteOptions = { cwd, cache: "cache.json", kernel: "deno" };
    const collected = await collectSuite(names.map((name) => join(cwd, name)), options);
    const cache = await SuiteCache.open(collected, options);
    for (const [i, durationMs] of [[0, 5], [1, 50], [2, 20]]) {
      await cache.remember(collected[i], { ...PASSED, durationMs });
    }
    const again = await SuiteCache.open(collected, { ...options, parameters: { x: 1 } });
    const order = again.longestFirst(collected).map(({ shown }) => shown[0]).join("");
    assert.equal(order, "dbca");
  });
});
