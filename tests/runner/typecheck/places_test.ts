// Every fault has to be at its place, whatever stands before it.
import assert from "node:assert/strict";
import { assertFaults } from "./_check.ts";

Deno.test("checkTypes() names cell, line and column exactly", async () => {
  await assertFaults({
    "emoji and ideographs": [
      ["const emoji = '😀😀'; const b: number = emoji; /* 日本 */ b.no"],
      "0:1:29 TS2322",
      "0:1:59 TS2339",
    ],
    "an emoji before an import": [
      ["/*😀*/ import './no.ts'; import 'bare'", "'😀'; type T = import('other').T"],
      "0:1:15 TS2307",
      "0:1:33 TS2307",
      "1:1:23 TS2307",
    ],
    "Windows line ends": [
      ["const a = 1\r\n\r\n  const s: string = a;\r\na.no", "a\r\n  .no"],
      "0:3:9 TS2322",
      "0:4:3 TS2339",
      "1:2:4 TS2339",
    ],
    "other line ends": [["const l = 'x\u2028y'; l.no;\rl.no"], "0:1:20 TS2339", "0:2:3 TS2339"],
    "tabs and a byte order mark": [["\uFEFF\tconst t: number = 's'"], "0:1:9 TS2322"],
    "the first and the last character": [
      ["nosuch", "1;\n\nnosuch", "let a: string\n=1"],
      "0:1:1 TS2304",
      "1:3:1 TS2304",
      "2:1:5 TS2322",
    ],
    "comments and empty lines": [
      ["// one\n/* two\n three */\n\n\nnosuch // four", "/** doc */ const d: string = 1 // five"],
      "0:6:1 TS2304",
      "1:1:18 TS2322",
    ],
    "templates": [
      ["const t = `a ${`b ${1 + 1} }`} \\` ${{ a: 1 }.a.no}\n${t2}\n`; t.no"],
      "0:1:48 TS2339",
      "0:2:3 TS2304",
      "0:3:6 TS2339",
    ],
    "regular expressions": [["const r = /[/\\]`'\"{(]+\\/*/g; r.no"], "0:1:32 TS2339"],
    "generics that look like markup": [
      [
        "const g = <T extends { a: number },>(x: T): T => x; g({ a: 's' })",
        "g<{ a: number }>({ a: 1 }).b; 1 < 2 && 3 > 1; (<string> <unknown> 5).no",
      ],
      "0:1:57 TS2322",
      "1:1:28 TS2339",
      "1:1:70 TS2339",
    ],
    "decorators before an export": [
      [
        "let n = 1",
        "let n = 2; function d(v: unknown, c: unknown) { c = v }\n@d export class E { q: string = 1 }\n@d export default class F { q: string = 1 }\nexport @d class G { q: string = 1 }",
      ],
      "1:2:21 TS2322",
      "1:3:29 TS2322",
      "1:4:21 TS2322",
    ],
    "classes with private names, decorators and static blocks": [
      [
        "function d(v: unknown, c: unknown) { return [v, c] }",
        "@d class A { #x = 1; get x() { return this.#x }\n  static { A.no } accessor y = this.#x.no }",
      ],
      "1:1:2 TS1270",
      "1:2:14 TS2339",
      "1:2:40 TS2339",
    ],
    "imports on several lines, and the same ones again": [
      [
        "import {\n  join,\n  nosuch,\n  sep,\n} from 'node:path';\nconst s: number = sep;",
        "1; import {\n  join, // again\n  sep, nosuch2,\n} from 'node:path'; sep.no",
      ],
      "0:3:3 TS2305",
      "0:6:7 TS2322",
      "1:3:8 TS2305",
      "1:4:25 TS2339",
    ],
    "renamed imports": [
      [
        "const sep = 1",
        "import def, { join as j, sep } from 'node:path'",
        "sep.no; j(1); def.no",
        "import { sep as def, nosuch as j } from 'node:path'; def.no",
      ],
      "2:1:5 TS2339",
      "2:1:11 TS2345",
      "2:1:19 TS2339",
      "3:1:22 TS2305",
      "3:1:58 TS2339",
    ],
    "exports": [
      [
        "export const a = 1, b: string = 2;\nexport { a }; export default a + b.no;",
        "export default function f(x: number) { x.no }",
        "export default class { q: string = 1 }\nf('s')",
      ],
      "0:1:21 TS2322",
      "0:2:36 TS2339",
      "1:1:42 TS2339",
      "2:1:24 TS2322",
      "2:2:3 TS2345",
    ],
    "objects": [["{ a: 1,\n  b: nosuch }", "  { a: (1).no }"], "0:2:6 TS2304", "1:1:12 TS2339"],
    "a cell that declares a name again": [
      [
        "let a = 1",
        "  let a = `${a.no}`,\n  b = a.no",
        "var { c = a } = { c: a.no }",
        "throw a.no",
      ],
      "1:1:16 TS2339",
      "1:2:9 TS2339",
      "2:1:24 TS2339",
      "3:1:9 TS2339",
    ],
  });
});

Deno.test("checkTypes() tells a syntax error at its place and checks the other cells", async () => {
  const faults = await assertFaults({
    "what cannot be read": [
      [
        "const a = 1;\nconst b = (a;\n",
        "a.length; b.no; const ok: string = 1",
        "let c = `",
        "/*😀*/ let d; let d",
        "1\n  with (ok) {}",
        "%time 5",
        "return 5",
        "function f() { await 5 }",
      ],
      "0:2:13 SyntaxError",
      "1:1:23 TS2322",
      "2:1:10 SyntaxError",
      "3:1:19 SyntaxError",
      "4:2:3 SyntaxError",
      "5:1:1 SyntaxError",
      "6:1:1 SyntaxError",
      "7:1:16 SyntaxError",
    ],
    "what only the compiler knows": [
      ["abstract class A { abstract m(): void {} }\nconst s: string = 1"],
      "0:1:29 TS1245",
      "0:2:7 TS2322",
    ],
    "what only Deno cannot read": [
      [
        "const a: string = 1",
        "/*😀*/ enum E { [`a${1}`] = 1 }",
        "a.no",
      ],
      "0:1:7 TS2322",
      "1:1:17 SyntaxError",
      "2:1:3 TS2339",
    ],
  });
  assert.ok(faults.every(({ kind, code }) => (kind === "syntax") === (code === "SyntaxError")));
  assert.equal(faults[0].message, 'Unexpected token, expected ","');
});

Deno.test("checkTypes() keeps two notebooks with the same names apart", async () => {
  await assertFaults({
    a: [
      ["interface T { a: number }\nconst t: T = { a: 1 }\nfunction f() { return t }", "f().a.no"],
      "1:1:7 TS2339",
    ],
    b: [
      [
        "interface T { b: string }\nconst t: T = { b: 's' }\nfunction f() { return t.b }",
        "f().no; t.a",
      ],
      "1:1:5 TS2339",
      "1:1:11 TS2339",
    ],
    c: [["t; f()"], "0:1:1 TS2304", "0:1:4 TS2304"],
    d: [["declare global { var shared: number }", "shared.no"], "1:1:8 TS2339"],
    e: [["declare global { var shared: string }", "shared.trim(); shared.no"], "1:1:23 TS2339"],
    f: [["shared"], "0:1:1 TS2304"],
  });
});

Deno.test("checkTypes() says the whole message, with the notebook's own names", async () => {
  const faults = await assertFaults({
    a: [
      [
        "import { sep } from 'node:path'",
        "const sep = { deep: { a: 1 } }",
        "const t: { deep: { a: string } } = sep",
        "sep.dep; import 'nosuch'",
        "let a = Deno.args.at(0)",
        "let a = a.length",
      ],
      "2:1:7 TS2322",
      "3:1:5 TS2551",
      "3:1:17 TS2307",
      "5:1:9 TS18048",
    ],
  }, { files: { "deno.json": '{ "imports": { "dep": "./dep.ts" } }' } });
  const [assigned, near, none, possibly] = faults.map(({ message }) => message);
  assert.equal(
    assigned,
    "Type '{ deep: { a: number; }; }' is not assignable to type '{ deep: { a: string; }; }'.\n" +
      "  The types of 'deep.a' are incompatible between these types.\n" +
      "    Type 'number' is not assignable to type 'string'.",
  );
  assert.equal(
    near,
    "Property 'dep' does not exist on type '{ deep: { a: number; }; }'. Did you mean 'deep'?",
  );
  assert.equal(possibly, "'a' is possibly 'undefined'.");
  assert.match(none, /^Import "nosuch" not a dependency.* from ".*\/a\.ipynb"/);
});
