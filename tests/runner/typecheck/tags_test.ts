import { assertFaults } from "./_check.ts";

Deno.test("checkTypes() leaves cells out as their tags and comments say", async () => {
  await assertFaults({
    "skipped cells declare nothing": [
      [["skip-execution", "const a = 1; const b: string = a"], "a"],
      "1:1:1 TS2304",
    ],
    "cells that may raise": [
      [
        ["raises-exception", "const a = 1; a.no; throw new Error('x')"],
        "a.toFixed(); a.no",
        ["raises-exception", "let b = ;"],
        "b.no",
        ["raises-exception", "let a = 2; import './nosuch.ts'; early()"],
        "function early() {}",
      ],
      "1:1:16 TS2339",
    ],
    "names that a cell may fail to declare": [
      [
        "const a = 1",
        ["raises-exception", "let a = 2"],
        ["raises-exception", "const b = 1"],
        "let b = 2",
      ],
    ],
    "cells that are not to be checked": [
      [
        ["no-type-check", "const a: number = 's'; const b = a.no"],
        "a.toFixed(); a.no; b.c",
        "// @ts-nocheck\nconst c: number = 's'",
        "c.no",
        "// one\n/* two */\n\n// @ts-nocheck and why\nc.no; let d = ;",
        "d; e",
        "1;\n// @ts-nocheck\nc.no",
        "/// @ts-nocheck\nc.no",
      ],
      "1:1:16 TS2339",
      "3:1:3 TS2339",
      "5:1:4 TS2304",
      "6:3:3 TS2339",
    ],
    "comments for the next line": [
      [
        "let a = 1;\n// @ts-ignore\na.no\n// @ts-expect-error\na.no\n// @ts-expect-error\na.toFixed()",
        "// @ts-ignore",
        "a.no",
        "// @ts-ignore\nimport { nosuch } from 'node:path'",
        "// @ts-expect-error\nimport { nosuch2 } from 'node:path'; a.no",
        "// @ts-nocheck\nimport { sep } from 'node:path'\na = 's'",
        "sep.no",
      ],
      "0:6:1 TS2578",
      "2:1:3 TS2339",
      "4:2:40 TS2339",
      "6:1:5 TS2339",
    ],
    "types of untyped modules": [
      ["// @ts-types='./untyped.d.ts'\nimport { u } from './untyped.js'", "u.toFixed(); u.no"],
      "1:1:16 TS2339",
    ],
  }, {
    files: {
      "untyped.js": "export const u = 1;\n",
      "untyped.d.ts": "export declare const u: number;\n",
    },
  });
});

Deno.test("checkTypes() takes parameters for any value of their type", async () => {
  await assertFaults({
    "no value is taken for granted": [
      [
        [
          "parameters",
          "let epochs: number | null = null; let quick = false;\nconst mode = 'fast';\n" +
          "export const pick: 'a' | 'b' = 'a';\nconst { a, b: [c] } = { a: true, b: [1, 's'] as (number | string)[] };",
        ],
        "if (epochs !== null) epochs.toFixed(); if (quick === true) 1; if (mode === 'slow') 1",
        "if (pick === 'b') 1; if (a === false) 1; if (typeof c === 'string') c.trim()",
        "epochs.no; quick.no",
      ],
      "3:1:1 TS18047",
      "3:1:8 TS2339",
      "3:1:18 TS2339",
    ],
    "in another cell it is": [
      ["const mode = 'fast'", "if (mode === 'slow') 1"],
      "1:1:5 TS2367",
    ],
    "injected values have to fit": [
      [
        ["parameters", "let epochs: number | null = null; let data = 'x'; let more = { n: 1 }"],
        [
          "injected-parameters",
          '// Parameters\nlet epochs = "five";\nlet data = "real";\nlet extra = 5;\nlet more = {"n": "s"};',
        ],
        "if (epochs === null) 1; else epochs.toFixed(); if (data === 'x') 1; extra.no",
      ],
      "1:2:5 TS2322",
      "1:5:13 TS2322",
      "2:1:75 TS2339",
    ],
    "and the kernel has to take them": [
      [["parameters", "const epochs = 5"], ["injected-parameters", "let epochs = 7;"], "epochs.no"],
      "1:1:5 SyntaxError",
      "2:1:8 TS2339",
    ],
    "without parameters they are cells": [
      [["injected-parameters", "let epochs = 7;"], "epochs.no"],
      "1:1:8 TS2339",
    ],
  });
});

Deno.test("checkTypes() reads cells with JSX, all in one way", async () => {
  await assertFaults({
    jsx: [
      [
        "declare global { namespace JSX { interface IntrinsicElements { div: { id?: string } } } }\n" +
        "const React = { createElement: (...all: unknown[]) => all }\nconst n: string = 1",
        "const e = <div id='a'>{n.no}</div>; e.no",
        "const f = <T,>(x: T) => x; f(1).no",
      ],
      "0:3:7 TS2322",
      "1:1:26 TS2339",
      "2:1:33 TS2339",
    ],
    "jsx with the same names": [
      ["interface P { a: 1 }; const e = <div/>", "const n: P = { a: 2 }; e"],
      "0:1:33 TS7026",
      "0:1:34 TS2874",
      "1:1:16 TS2322",
    ],
    "jsx with the same names again": [
      ["interface P { b: 1 }; const e = <div/>", "const n: P = { b: 1 }; e"],
      "0:1:33 TS7026",
      "0:1:34 TS2874",
    ],
    mixed: [
      ["const e = <div/>", "const n = <number> 1; n.no; e.no; const m = e", "m.no"],
      "1:1:25 TS2339",
    ],
  }, {
    files: {
      "deno.json": '{ "compilerOptions": { "jsx": "react", "noImplicitAny": true } }',
      "jsx.d.ts": "",
    },
    unchecked: { mixed: ["cell 0 has JSX, and cell 1 cannot be read with it"] },
  });
});
