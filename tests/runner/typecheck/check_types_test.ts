import assert from "node:assert/strict";
import { chmod, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import { checkTypes } from "../../../src/runner/typecheck/check_types.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { DEADLINE, folderWith, notebookOf, short } from "./_check.ts";

const shipped = fileURLToPath(new URL("../../../notebooks/01_train_hybrid.ipynb", import.meta.url));
const noPosix = Deno.build.os === "windows" ? "a shell script stands for deno" : undefined;

Deno.test("checkTypes() finds nothing in the shipped notebook, and what is put into it", async () => {
  const good = await loadNotebook(shipped);
  const bad = structuredClone(good);
  const index = bad.cells.findIndex((cell) => cell.source.includes("qs.openTensors("));
  const cell = bad.cells[index];
  cell.source = cell.source.replace("{ prefer:", "{ prefers:");
  const line = cell.source.split("\n").findIndex((text) => text.includes("prefers")) + 1;
  const column = cell.source.split("\n")[line - 1].indexOf("prefers") + 1;
  const result = await checkTypes([
    { path: shipped, notebook: good },
    { path: shipped.replace("01_", "02_"), notebook: bad },
  ], DEADLINE);
  assert.deepEqual(result.unchecked, []);
  assert.deepEqual(result.faults.map(short), [`${index}:${line}:${column} TS2561`]);
  const [{ path, cellId, kind, message }] = result.faults;
  assert.deepEqual({ path, cellId, kind }, {
    path: shipped.replace("01_", "02_"),
    cellId: cell.id,
    kind: "type",
  });
  assert.match(message, /^Object literal may only specify known properties, .*'prefers'/);
});

testOrSkip("checkTypes() takes one process for twenty notebooks", noPosix, async () => {
  await using folder = await folderWith({ "deno.json": "{}", "a.ts": "export const a = 1;\n" });
  const log = join(folder.path, "log"), deno = join(folder.path, "counted_deno");
  await writeFile(deno, `#!/bin/sh\necho "$@" >> '${log}'\nexec '${Deno.execPath()}' "$@"\n`);
  await chmod(deno, 0o755);
  const notebooks = Array.from({ length: 20 }, (_, i) => ({
    path: join(folder.path, `${i}.ipynb`),
    notebook: notebookOf([
      "import { a } from './a.ts';",
      `const x: ${i === 7 ? "string" : "number"} = a`,
    ]),
  }));
  const { faults, unchecked } = await checkTypes(notebooks, { ...DEADLINE, deno });
  assert.deepEqual(unchecked, []);
  assert.deepEqual(faults.map(({ path }) => path), [notebooks[7].path]);
  const calls = (await readFile(log, "utf8")).trimEnd().split("\n");
  assert.equal(calls.length, 1);
  assert.match(calls[0], /^check /);
});

Deno.test("checkTypes() checks each notebook by the rules and the imports of its own project", async () => {
  await using folder = await folderWith({
    "strict/deno.json":
      '{ "name": "@x/own", "exports": "./own.ts", "imports": { "dep": "./dep.ts" } }',
    "strict/own.ts": "export const own = 1;\n",
    "strict/dep.ts": "export const dep = 1;\n",
    "loose/deno.jsonc":
      '{ "compilerOptions": { "strict": false }, "imports": { "dep": "./dep.ts" } } // c',
    "loose/dep.ts": "export const dep = 'text';\n",
    "node/package.json": '{ "name": "mine", "type": "module", "dependencies": { "foo": "1.0.0" } }',
    "node/node_modules/foo/package.json":
      '{ "name": "foo", "version": "1.0.0", "type": "module", "main": "i.js", "types": "i.d.ts" }',
    "node/node_modules/foo/i.js": "export const foo = 1;\n",
    "node/node_modules/foo/i.d.ts": "export declare const foo: number;\n",
    "work/deno.json": '{ "workspace": ["./a", "./b"] }',
    "work/a/deno.json":
      '{ "name": "@w/a", "version": "1.0.0", "exports": "./mod.ts", "imports": { "dep": "./mod.ts" } }',
    "work/a/mod.ts": "export const dep = 1;\n",
    "work/b/deno.json":
      '{ "name": "@w/b", "version": "1.0.0", "exports": "./mod.ts", "compilerOptions": { "strict": false } }',
    "work/b/mod.ts": "export const b = 1;\n",
    "strict/n/.keep": "",
    "loose/n/.keep": "",
    "node/n/.keep": "",
    "work/a/n/.keep": "",
    "work/b/n/.keep": "",
  });
  const implicit = "function f(x) { return x }";
  const cells: Record<string, string[]> = {
    strict: ["import { own } from '@x/own'; import { dep } from 'dep'", "own.no; dep.no", implicit],
    loose: [
      "import { dep } from 'dep'; import { own } from '@x/own'",
      "dep.toUpperCase(); dep.no",
      implicit,
    ],
    node: ["import { foo } from 'foo'", "foo.no", implicit],
    "work/a": ["import { dep } from 'dep'; import { b } from '@w/b'", "dep.no; b.no", implicit],
    "work/b": ["import { dep } from 'dep'; import { dep as d } from '@w/a'", "d.no", implicit],
  };
  const result = await checkTypes(
    Object.entries(cells).map(([name, sources]) => ({
      path: join(folder.path, name, "n", "x.ipynb"),
      notebook: notebookOf(sources),
    })),
    DEADLINE,
  );
  assert.deepEqual(result.unchecked, []);
  const found = Object.keys(cells).map((name) =>
    result.faults.filter(({ path }) => path.startsWith(join(folder.path, name, "n"))).map(short)
  );
  assert.deepEqual(found, [
    ["1:1:5 TS2339", "1:1:13 TS2339", "2:1:12 TS7006"],
    ["0:1:48 TS2307", "1:1:24 TS2339"],
    ["1:1:5 TS2339", "2:1:12 TS7006"],
    ["1:1:5 TS2339", "1:1:11 TS2339", "2:1:12 TS7006"],
    ["0:1:21 TS2307", "1:1:3 TS2339"],
  ]);
});

Deno.test("checkTypes() checks a folder that deno.json excludes, and unused names are no fault", async () => {
  await using folder = await folderWith({
    "deno.json": `{ "exclude": ["n"], "compilerOptions": {
      "noUnusedLocals": true, "noUnusedParameters": true, "verbatimModuleSyntax": true,
      "allowUnreachableCode": false, "allowUnusedLabels": false } }`,
    "n/t.ts": "export interface T { a: number }\nexport const v = 1;\n",
  });
  const cells = [
    "import { T, v } from './t.ts'; const unused = 1; function f(p: number) {}",
    "function g() { return 1; const late = 2; }\nl: for (;;) break",
    "const t: T = { a: 's' }",
  ];
  const path = join(folder.path, "n", "x.ipynb");
  const { faults, unchecked } = await checkTypes([{ path, notebook: notebookOf(cells) }], DEADLINE);
  assert.deepEqual(unchecked, []);
  assert.deepEqual(faults.map(short), ["2:1:16 TS2322"]);
});

Deno.test("checkTypes() knows the whole of Deno, and of browsers what the project asks for", async () => {
  const cells = ["Deno.jupyter.display; Deno.openKv; Deno.no; document.title"];
  const found: string[][] = [];
  for (const lib of ['["deno.window"]', '["dom", "esnext"]']) {
    await using folder = await folderWith({
      "deno.json": `{ "compilerOptions": { "lib": ${lib} } }`,
    });
    const path = join(folder.path, "x.ipynb");
    found.push(
      (await checkTypes([{ path, notebook: notebookOf(cells) }], DEADLINE)).faults.map(short),
    );
  }
  assert.deepEqual(found, [["0:1:41 TS2339", "0:1:45 TS2584"], ["0:1:41 TS2339"]]);
});

Deno.test("checkTypes() follows a linked folder as a kernel does", async () => {
  await using folder = await folderWith({
    "real/deno.json": '{ "imports": { "dep": "./dep.ts" } }',
    "real/dep.ts": "export const dep = 1;\n",
    "real/n/.keep": "",
  });
  await symlink(join(folder.path, "real/n"), join(folder.path, "linked"));
  const path = join(folder.path, "linked", "x.ipynb");
  const notebook = notebookOf(["import { dep } from 'dep'; import '../dep.ts'; dep.no"]);
  const { faults } = await checkTypes([{ path, notebook }], DEADLINE);
  assert.deepEqual(faults.map((fault) => [fault.path, short(fault)]), [[path, "0:1:52 TS2339"]]);
});

Deno.test("checkTypes() leaves no file behind, also where it is stopped or out of time", async () => {
  await using folder = await folderWith({ "deno.json": "{}", "b/.keep": "" });
  const notebooks = ["a.ipynb", "b/b.ipynb"].map((name) => ({
    path: join(folder.path, name),
    notebook: notebookOf(["const x: number = 's'"]),
  }));
  const files = async () => (await readdir(folder.path, { recursive: true })).sort();
  const before = await files();
  const finished = await checkTypes(notebooks, DEADLINE);
  assert.equal(finished.faults.length, 2);
  assert.deepEqual(await files(), before);

  const late = await checkTypes(notebooks, { timeout: 1 });
  const stop = new AbortController();
  const stopped = checkTypes(notebooks, { ...DEADLINE, signal: stop.signal });
  const seen = new Set<string>();
  while (seen.size < 3) {
    for (const file of await files()) if (!before.includes(file)) seen.add(file);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  stop.abort();
  for (const { faults, unchecked } of [late, await stopped]) {
    assert.deepEqual(faults, []);
    assert.deepEqual(unchecked.map(({ path }) => path), notebooks.map(({ path }) => path));
    assert.match(unchecked[0].reason, /stopped by its time limit or its signal/);
  }
  assert.deepEqual([...seen].map((file) => file.replace(/\d+/, "N")).sort(), [
    ".qsight-types-N.mts",
    ".qsight-types-N.mts",
    "b/.qsight-types-N.mts",
  ]);
  assert.deepEqual(await files(), before);
});

Deno.test("checkTypes() says what it cannot check, and why", async () => {
  await using folder = await folderWith({ "bad/deno.json": "{ not json", "good/deno.json": "{}" });
  const kernel = (name: string, language?: string) => ({ kernelspec: { name, language } });
  const cells = ["const x: number = 's'"];
  const path = (name: string) => join(folder.path, "good", `${name}.ipynb`);
  const result = await checkTypes([
    { path: path("python"), notebook: notebookOf(cells, kernel("python3", "python")) },
    { path: path("tslab"), notebook: notebookOf(cells, kernel("tslab", "typescript")) },
    { path: path("some"), notebook: notebookOf(cells, kernel("some")) },
    {
      path: path("js"),
      notebook: notebookOf(cells, { language_info: { name: "javascript" } }),
    },
    { path: join(folder.path, "bad/bad.ipynb"), notebook: notebookOf(cells) },
    { path: join(folder.path, "no/such/x.ipynb"), notebook: notebookOf(cells) },
    { path: path("deno"), notebook: notebookOf(cells, kernel("deno", "typescript")) },
    { path: path("mine"), notebook: notebookOf(cells, kernel("my-deno", "TypeScript")) },
  ], DEADLINE);
  assert.deepEqual(result.faults.map((fault) => fault.path), [path("deno"), path("mine")]);
  const reasons = [
    ["python", /its language is python, not TypeScript/],
    ["tslab", /tslab checks each cell before it runs it/],
    ["some", /nothing says that its kernel "some" runs TypeScript/],
    ["js", /its language is javascript/],
    ["bad", /deno check ended early: .*deno\.json/i],
    ["x", /its folder cannot be read/],
  ] as const;
  assert.deepEqual(result.unchecked.length, reasons.length);
  for (const [i, [name, pattern]] of reasons.entries()) {
    assert.ok(result.unchecked[i].path.endsWith(`${name}.ipynb`));
    assert.match(result.unchecked[i].reason, pattern);
  }
});

Deno.test("checkTypes() without a deno that runs is a value with the reason", async () => {
  await using folder = await folderWith();
  const notebook = notebookOf(["1"]);
  const deno = join(folder.path, "no-such-deno");
  const result = await checkTypes([{ path: join(folder.path, "x.ipynb"), notebook }], { deno });
  assert.deepEqual(result.faults, []);
  assert.match(result.unchecked[0].reason, /^deno cannot be run: .*no-such-deno/);
});

testOrSkip(
  "checkTypes() says so of a folder that cannot be written to",
  Deno.build.os === "linux" ? undefined : "/proc is a folder that nobody can write to",
  async () => {
    const notebook = notebookOf(["const x: number = 's'"]);
    const { faults, unchecked } = await checkTypes([{ path: "/proc/x.ipynb", notebook }], DEADLINE);
    assert.deepEqual(faults, []);
    assert.match(unchecked[0].reason, /^its folder cannot be written to/);
  },
);

testOrSkip("checkTypes() takes no silence of deno for a yes", noPosix, async () => {
  await using folder = await folderWith();
  const deno = join(folder.path, "mute_deno");
  await writeFile(deno, "#!/bin/sh\nexit 0\n");
  await chmod(deno, 0o755);
  const notebook = notebookOf(["const x: number = 's'"]);
  const result = await checkTypes([{ path: join(folder.path, "x.ipynb"), notebook }], {
    ...DEADLINE,
    deno,
  });
  assert.match(result.unchecked[0].reason, /^deno check did not look at it/);
});

Deno.test("checkTypes() starts nothing where there is nothing to check", async () => {
  const deno = "/no/such/deno";
  const notebook = notebookOf(["", "  \n", ["skip-execution", "const x: number = 's'"]]);
  assert.deepEqual(await checkTypes([{ path: "x.ipynb", notebook }], { deno }), {
    faults: [],
    unchecked: [],
  });
  assert.deepEqual(await checkTypes([], { deno }), { faults: [], unchecked: [] });
});

Deno.test("checkTypes() rejects a misspelt option and a time limit of nothing", async () => {
  await assert.rejects(
    checkTypes([], { timeOut: 5 } as object),
    /unknown option "timeOut".*timeout/,
  );
  for (const timeout of [0, -1, NaN]) {
    await assert.rejects(checkTypes([], { timeout }), RangeError);
  }
});
