import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { KernelSpec } from "../../../src/runner/kernels/kernel_spec.ts";
import { findKernel } from "../../../src/runner/kernels/kernel_spec.ts";
import { findDependencies } from "../../../src/runner/suite/dependencies.ts";
import { specifiersOf } from "../../../src/runner/suite/script_dependencies.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { inFolder } from "../../cli/_call.ts";

const DENO = await findKernel("deno");
/** A Python kernel's spec; only its program is used here, so that ipykernel need not be there. */
const PYTHON: KernelSpec = {
  ...DENO,
  name: "python3",
  language: "python",
  argv: ["python3", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
  origin: "test",
};

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

async function dependencies(spec: KernelSpec, folder: string, ...sources: string[]) {
  const [found] = await findDependencies([{ code: { folder, sources }, spec }]);
  // What lies above the test's own folder is the machine's.
  const inside = (paths: readonly string[]) =>
    paths.map((path) => relative(folder, path)).filter((name) => !name.startsWith("../.."));
  return { ...found, modules: inside(found.modules), data: inside(found.data) };
}

Deno.test("findDependencies() follows relative imports, the import map and lock files of Deno", async () => {
  await inFolder(async (root) => {
    const folder = join(root, "notebooks");
    await write(root, {
      "deno.json": '{ "imports": { "@lib/": "./lib/" } }',
      "deno.lock": '{ "version": "5" }',
      "lib/a.ts": 'export * from "./b.ts";',
      "lib/b.ts": "export const b = 1;",
      "notebooks/c.ts": "export const c = 1;",
      "notebooks/d.ts": "export const d = 1;",
      "notebooks/unused.ts": "",
      "notebooks/data.csv": "1,2",
    });
    const lock = await readFile(join(root, "deno.lock"), "utf8");
    const cells = [
      'import { b } from "@lib/a.ts";\nconst x = 1;',
      'const x = 2; const { c } = await import("./c.ts");',
      'const path = "./d.ts"; await import(path); Deno.readTextFileSync("data.csv");',
    ];
    const { modules, data, unknown } = await dependencies(DENO, folder, ...cells);
    assert.equal(unknown, undefined);
    assert.deepEqual(modules, [
      ...["../deno.json", "../deno.lock", "../lib/a.ts", "../lib/b.ts", "c.ts", "d.ts"],
    ]);
    assert.deepEqual(data, ["data.csv"]);
    assert.equal(await readFile(join(root, "deno.lock"), "utf8"), lock);
  });
});

Deno.test("findDependencies() names the resolved version of a package and the version of the kernel", async () => {
  await inFolder(async (folder) => {
    // The project's own package, as nothing else needs no network.
    const { facts } = await dependencies(DENO, import.meta.dirname!, 'import { z } from "zod";');
    assert.ok(facts.some((fact) => /^zod@\d/.test(fact)), facts.join("\n"));
    assert.ok(facts.some((fact) => fact.startsWith(`deno ${Deno.version.deno}`)));
    const none = await dependencies(DENO, folder, "1 + 1");
    assert.ok(!none.facts.some((fact) => fact.startsWith("zod@")));
  });
});

Deno.test("specifiersOf() reads imports of every form", () => {
  const source = `
    import a from "a"; import { b,
      c as d } from 'b'; import * as e from "e"; export * from "f"; import "g";
    import type { H } from "h"; const { i } = await import("i"), j = require('j');
    await import(/* why */ "k"); new Worker(new URL("./l.ts", here)); await import(\`m\`);
    await import(\`./\${name}.ts\`);`;
  const names = specifiersOf(source).sort();
  assert.deepEqual(names, ["./l.ts", ..."abefghijkm"]);
});

testOrSkip(
  "findDependencies() follows local modules of Python, and nothing that is installed",
  missingProgram("python3"),
  async () => {
    await inFolder(async (folder) => {
      await write(folder, {
        "tools.py": "import json\nfrom pkg.inner import thing\n",
        "pkg/__init__.py": "from . import sibling",
        "pkg/sibling.py": "",
        "pkg/inner.py": "from .deep import x\nfrom ..outside import y\n",
        "pkg/deep.py": "raise SystemExit('must not be executed')",
        "late.py": "",
        "script.py": "import late",
        "old.py": "print 'python 2'\nimport in_old\n",
        "in_old.py": "",
        "dynamic.py": "",
        "unused.py": "",
        "data.csv": "1",
      });
      const { modules, data, unknown, facts } = await dependencies(
        PYTHON,
        folder,
        "%matplotlib inline\nimport tools, os, numpy",
        "%run script.py --fast\n!ls",
        "%%time\nimport importlib\nimportlib.import_module('dynamic')",
        "import old, not_yet_written\nopen('data.csv')",
      );
      assert.equal(unknown, undefined);
      assert.deepEqual(data, ["data.csv"]);
      assert.deepEqual(modules, [
        ...["dynamic.py", "in_old.py", "late.py", "not_yet_written.py", "old.py", "outside.py"],
        ...["pkg/__init__.py", "pkg/deep.py", "pkg/inner.py", "pkg/sibling.py"],
        ...["script.py", "tools.py"],
      ]);
      assert.ok(facts.some((fact) => /^3\.\d+/.test(fact)), "the version of Python");
    });
  },
);

testOrSkip(
  "findDependencies() sees PYTHONPATH of the kernel, and what is installed there by its RECORD",
  missingProgram("python3"),
  async () => {
    await inFolder(async (root) => {
      const site = join(root, "site-packages");
      await write(root, {
        "src/mine.py": "",
        "notebooks/a.txt": "",
        "site-packages/theirs.py": "",
        "site-packages/theirs-1.0.dist-info/RECORD": "theirs.py,sha256=1,1",
      });
      const spec = { ...PYTHON, env: { PYTHONPATH: `${join(root, "src")}:${site}` } };
      const ask = () => dependencies(spec, join(root, "notebooks"), "import mine, theirs");
      const before = await ask();
      assert.deepEqual(before.modules, ["../src/mine.py"]);
      assert.deepEqual((await ask()).facts, before.facts);
      await write(root, { "site-packages/theirs-1.0.dist-info/RECORD": "theirs.py,sha256=2,1" });
      assert.notDeepEqual((await ask()).facts, before.facts);
    });
  },
);

Deno.test("findDependencies() says when it cannot tell", async () => {
  await inFolder(async (folder) => {
    const spec = { ...DENO, name: "r", language: "R", argv: ["R"], origin: "test" };
    const { unknown } = await dependencies(spec, folder, "library(x)");
    assert.match(unknown ?? "", /imports of kernel "r" \(R\) cannot be followed/);
    const broken = { ...PYTHON, argv: ["no-such-python", "-m", "ipykernel_launcher"] };
    assert.match((await dependencies(broken, folder, "")).unknown ?? "", /could not follow/);
  });
});

Deno.test("findDependencies() sees another version of the kernel's program", async () => {
  await inFolder(async (folder) => {
    const program = join(folder, "kernel");
    const spec = { ...DENO, language: "R", argv: [program], origin: "test" };
    const facts = async (version: string) => {
      await writeFile(program, `#!/bin/sh\necho kernel ${version}\n`, { mode: 0o755 });
      return (await dependencies(spec, folder, "")).facts;
    };
    const first = await facts("1.0");
    assert.deepEqual(await facts("1.0"), first);
    assert.notDeepEqual(await facts("1.1"), first);
    const otherArguments = { ...spec, argv: [program, "--fast"] };
    assert.notDeepEqual((await dependencies(otherArguments, folder, "")).facts, first);
  });
});
