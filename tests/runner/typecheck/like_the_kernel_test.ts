// What the check says of cells has to agree with what the Deno kernel does with them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import { checkTypes } from "../../../src/runner/typecheck/check_types.ts";
import { assertFaults, DEADLINE, folderWith, notebookOf } from "./_check.ts";

/** Ways to declare a name. */
const DECLARATIONS: Record<string, (name: string) => string> = {
  let: (name) => `let ${name} = 1`,
  const: (name) => `const ${name} = 1`,
  // An enum and a namespace write into the old value.
  var: (name) => `var ${name} = {}`,
  "nested var": (name) => `for (var ${name} = {}; ;) break`,
  function: (name) => `function ${name}() {}`,
  class: (name) => `class ${name} {}`,
  enum: (name) => `enum ${name} { A }`,
  namespace: (name) => `namespace ${name} { export const a = 1 }`,
  import: (name) => `import { sep as ${name} } from "node:path"`,
  "import *": (name) => `import * as ${name} from "node:path"`,
  "import type": (name) => `import type { ParsedPath as ${name} } from "node:path"`,
  using: (name) => `using ${name} = { [Symbol.dispose]() {} }`,
  interface: (name) => `interface ${name} { a: 1 }`,
  type: (name) => `type ${name} = 1`,
  "export const": (name) => `export const ${name} = 1`,
  "export default function": (name) => `export default function ${name}() {}`,
};

Deno.test("checkTypes() agrees with the kernel on all pairs of declarations of one name", async () => {
  const kinds = Object.keys(DECLARATIONS);
  const pairs = kinds.flatMap((first) => kinds.map((second) => [first, second]));
  const cells = pairs.flatMap(([first, second], i) => [
    DECLARATIONS[first](`name${i}`),
    DECLARATIONS[second](`name${i}`),
  ]);
  await using folder = await folderWith();
  const notebook = notebookOf(cells);
  const [run, checked] = await Promise.all([
    executeNotebook(notebook, { kernel: "deno", allowErrors: true, cwd: folder.path }),
    checkTypes([{ path: join(folder.path, "x.ipynb"), notebook }], DEADLINE),
  ]);
  const refused = run.cells.filter(({ status }) => status !== "ok").map(({ cellIndex }) =>
    cellIndex
  );
  assert.ok(refused.length > 50 && refused.every((index) => index % 2 === 1));
  const name = (index: number) => pairs[(index - 1) / 2].join(" then ");
  assert.deepEqual(checked.unchecked, []);
  assert.deepEqual(
    checked.faults.map(({ cellIndex, kind, code }) => `${name(cellIndex)} ${kind} ${code}`),
    refused.map((index) => `${name(index)} syntax SyntaxError`),
  );
});

/** Cells of notebooks; the ones that a kernel runs without an error have no fault, others have. */
const NOTEBOOKS: readonly (readonly string[])[] = [
  ["const a = 1", "a = 2", "a"],
  ["let a = 1", "a = 2", "a.toFixed()"],
  ["import { sep } from 'node:path'", "sep = 1"],
  // A cell that declares a name again sees the old value until then.
  ["const a = [1, 2]", "const a = a.filter((x) => x < a.length).map(String)", "a[0].toUpperCase()"],
  [
    "let a = 1",
    "console.log(a.toFixed()); let a = `${a}`, b = a",
    "a.toUpperCase() + b.toUpperCase()",
  ],
  ["const a = [1, 2]", "const a = a.map((a) => a.toFixed())", "a[0].trim()"],
  ["let a = 1", "const a = 2", "const a = 3"],
  ["var a = 1", "var { a: c } = { a }, a = { a }", "a.a.toFixed() + c.toFixed()"],
  ["let [a, b] = [1, 's']", "let [b, a] = [a, b]", "a.toUpperCase() + b.toFixed()"],
  ["class A {}", "class A extends A {}"],
  [
    "let f = (n: number): number => n",
    "let f = (n: number): string => n > 0 ? f(n - 1) : 's'",
    "f(2).toUpperCase()",
  ],
  // A function means the names of the day on which it runs.
  [
    "function f() { return later() }",
    "const again = 1",
    "const again = 2",
    "const later = () => 5",
    "f()",
  ],
  ["soon()", "function soon() {}", "soon()"],
  ["const o = { f: () => soon() }", "function soon() {}", "o.f()"],
  ["sep.length", "import { sep } from 'node:path'", "sep.length"],
  ["typeof soon", "enum soon { A }", "soon.A"],
  ["typeof none === 'undefined' ? 0 : none", "none"],
  ["process.cwd()", "import process from 'node:process'", "process.cwd()"],
  // A cell is not a module, and not a function.
  ["return 5"],
  ["import.meta.url"],
  ["await Promise.resolve(1)", "for await (const x of [1]) x"],
  ["{ a: 1, b: [2] }", "{ let a = 1; a }", "{ b: nosuch }", "{}", "{ a: 1 };"],
  ["_", "_error"],
  ["this === globalThis", "typeof require", "globalThis.Deno"],
  ["#!/usr/bin/env deno"],
  ["%time 5"],
  ["export default 1 + 1", "export const a = 1", "export { a }", "export default class {}", "a"],
  ["const f = <T>(x: T): T => x", "f<number>(1)", "<number>5", "f(<string>'a')"],
  ["import { join } from 'node:path'", "import { join, sep } from 'node:path'\njoin(sep)"],
  ["import { join } from 'node:path'", "import { join } from 'node:path/posix'\njoin('a')"],
  [
    "import './nosuch.ts'",
    "import { a } from './a.ts'\na",
    "import './leads.ts'",
    "import './broken.ts'",
  ],
  ["try { await import('./nosuch.ts') } catch { 'none' }", "await import('./a.ts')"],
  ["const big = 1\n[1].map(String)"],
  ["abstract class A { abstract m(): void }", "class B extends A { m() {} }", "new B().m()"],
  ["Deno.jupyter.md`# a`", "Deno.cwd()", "document.title", "new Temporal.PlainDate(2020, 1, 1)"],
];

Deno.test("checkTypes() finds faults in the cells that the kernel cannot run, and no others", async () => {
  await using folder = await folderWith({
    "deno.json": '{ "unstable": ["temporal"] }',
    "a.ts": "export const a = 1;\n",
    "leads.ts": "import './gone.ts';\n",
    "broken.ts": "let a = ;\n",
  });
  const files = NOTEBOOKS.map((cells, i) => ({
    path: join(folder.path, `${i}.ipynb`),
    notebook: notebookOf(cells),
  }));
  const { faults, unchecked } = await checkTypes(files, DEADLINE);
  assert.deepEqual(unchecked, []);
  const compare = async (i: number) => {
    const { path, notebook } = files[i];
    const options = { kernel: "deno", allowErrors: true, cwd: folder.path };
    const run = await executeNotebook(notebook, options);
    const failed = run.cells.filter(({ status }) => status !== "ok").map((cell) => cell.cellIndex);
    const own = faults.filter((fault) => fault.path === path);
    const found = new Set(own.map((fault) => fault.cellIndex));
    assert.deepEqual([...found], failed, JSON.stringify([NOTEBOOKS[i], own]));
  };
  // A few kernels at a time: most of their time is waiting.
  for (let i = 0; i < NOTEBOOKS.length; i += 4) {
    await Promise.all(NOTEBOOKS.slice(i, i + 4).map((_, j) => compare(i + j)));
  }
});

Deno.test("checkTypes() knows what later cells make of names", async () => {
  await assertFaults({
    "narrowed types last over cells": [
      [
        "let a = Deno.args.at(0)",
        "if (a === undefined) throw 1",
        "const n = 1",
        "const n = 2",
        "a.length",
      ],
    ],
    "a thrown error ends a cell, not the notebook": [
      [
        ["raises-exception", "throw new Error('x')"],
        "let v: number | string = 1",
        "v.toFixed(); v.no",
      ],
      "2:1:16 TS2339",
    ],
    "types may be new in a later cell": [
      [
        "interface P { a: 1 }",
        "interface P { b: 2 }",
        "const p: P = { b: 2 }",
        "p.a",
        "type P = 's'; const q: P = 1",
      ],
      "3:1:3 TS2339",
      "4:1:21 TS2322",
    ],
    "and only be there later": [
      [
        "interface A { b: B }",
        "const n = 1",
        "const n = 2",
        "interface B { c: 1 }",
        "let a: A; let c: C; a!.b.c",
      ],
      "4:1:18 TS2304",
    ],
    "imports from elsewhere have the types from there": [
      [
        "import { EventEmitter as E, join } from 'node:events'; E",
        "import { Stats as E } from 'node:fs'; import { join } from 'node:path'",
        "let e: E; join(1); e!.mode.no",
      ],
      "0:1:29 TS2305",
      "2:1:16 TS2345",
      "2:1:28 TS2339",
    ],
    "generic types too, but they cannot be followed": [
      [
        "type L<T> = T[]",
        "import { Readable as L } from 'node:stream'",
        "let l: L; l!.no",
        "import type { EventEmitter as L } from 'node:events'",
        "let m: L<[]>",
      ],
      "2:1:14 TS2339",
    ],
    "a var may change its type": [
      [
        "var x = 1",
        "var x = 's'",
        "x.toUpperCase(); x.no",
        "for (var i = 0; i < 1; i++) ;",
        "for (var i = 's'; ;) break",
      ],
      "2:1:20 TS2339",
    ],
    "but not within a cell": [
      ["var x = 1; var x = 's'", "interface I { m(): 1; m: 1 }"],
      "0:1:16 TS2403",
      "1:1:23 TS2717",
    ],
    "functions have the overloads of their own cell": [
      [
        "function f(a: string): string; function f(a: number): number; function f(a: any) { return a }",
        "f(true)",
        "function f() { return 's' }",
        "f().no",
      ],
      "1:1:3 TS2769",
      "3:1:5 TS2339",
    ],
    "a type import becomes an import": [
      [
        "import type { EventEmitter } from 'node:events'",
        "import { EventEmitter } from 'node:events'",
        "new EventEmitter().no",
      ],
      "2:1:20 TS2339",
    ],
    "loops with var do not hide what comes later": [
      [
        "function f() { return later().no }",
        "for (var i = 0; ;) break",
        "for (var i = 0; ;) break",
        "function later() { return 1 }",
      ],
      "0:1:31 TS2339",
    ],
    "namespaces and globals": [
      [
        "const n = 1",
        "const n = 2; interface Own { a: 1 }",
        "declare global { var shared: Date; var own: Own }\nshared.getTime(); shared.no; own.a",
        "namespace N { export const b = n }",
        "N.b; N.no",
      ],
      "2:2:26 TS2339",
      "4:1:8 TS2339",
    ],
    "a name is used too early": [
      ["one; two; three()", "const one = 1", "const two = 2; const one = 3", "function three() {}"],
      "0:1:1 TS2448",
      "0:1:6 TS2304",
      "0:1:11 TS2448",
    ],
    "assignments follow the new type": [
      ["let c = 1", "c = 2", "let c = 's'", "c = 3"],
      "3:1:1 TS2322",
    ],
  });
});
