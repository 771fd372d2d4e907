import assert from "node:assert/strict";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkTypes } from "../../../src/runner/typecheck/check_types.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { assertFaults, DEADLINE, folderWith, notebookOf, short } from "./_check.ts";

Deno.test("checkTypes() blames every import of what is not there", async () => {
  const faults = await assertFaults({
    first: [
      [
        "await import('./no.ts'); import './no.ts'",
        "type T = import('./no.ts').T; export * from './no.ts'",
        "import 'bare'; const s: string = 1",
      ],
      "0:1:33 TS2307",
      "1:1:17 TS2307",
      "1:1:45 TS2307",
      "2:1:8 TS2307",
      "2:1:22 TS2322",
    ],
    "sub/second": [["import '../no.ts'", "import 'bare'"], "0:1:8 TS2307", "1:1:8 TS2307"],
    "over others": [["1; import { x } from './leads.ts'; x.no"], "0:1:22 TS2307", "0:1:38 TS2339"],
    "the type of a thing": [["1; import type { x } from './no.ts'"], "0:1:27 TS2307"],
    "over types only": [["import type { x } from './leads.ts'; const y: x = 1"]],
    "over types of others": [["import { x } from './types.ts'; x.no"], "0:1:35 TS2339"],
    "in a circle": [["import { x } from './circle.ts'; x.no"], "0:1:19 TS2307", "0:1:36 TS2339"],
    "in another circle": [["import { x } from './ring.ts'; x.no"], "0:1:34 TS2339"],
    "one that may fail": [["try { await import('./no.ts') } catch { 'none' }"]],
    "one that may raise": [
      [["raises-exception", "import './no.ts'"], "const s: string = 1"],
      "1:1:7 TS2322",
    ],
    "not concerned": [["import { x } from './fine.ts'; x.no"], "0:1:34 TS2339"],
  }, {
    files: {
      "sub/.keep": "",
      "leads.ts": "import './over.ts'; export const x = 1; export type x = 1;\n",
      "types.ts": "import type { x as t } from './leads.ts'; export const x: t = 1;\n",
      "circle.ts": "import './circle2.ts'; export const x = 1;\n",
      "ring.ts": "import './ring2.ts'; export const x = 1;\n",
      "ring2.ts": "import './ring.ts';\n",
      "circle2.ts": "import './circle.ts'; import './no.ts';\n",
      "over.ts": "import './no.ts';\nconst ownFault: string = 1;\n",
      "fine.ts": "export const x = 1; const ownFault: string = 1;\n",
    },
  });
  const told = faults.find(({ path }) => path.endsWith("over others.ipynb"));
  assert.equal(told?.kind, "import");
  assert.match(told?.message ?? "", /^Cannot find module 'file:\/\/.*\/no\.ts'\./);
});

Deno.test("checkTypes() goes on where an import ends Deno's check before it begins", async () => {
  const faults = await assertFaults({
    a: [
      ["const a = 1", "import { b } from './broken.ts'", "a.no; b.no; const s: string = a"],
      "1:1:19 TS2307",
      "2:1:3 TS2339",
      "2:1:19 TS2322",
    ],
    b: [
      ["import './over.ts'", "import './broken.ts'", "const s: string = 1"],
      "0:1:8 TS2307",
      "1:1:8 TS2307",
      "2:1:7 TS2322",
    ],
    c: [[["raises-exception", "import './broken.ts'"], "const s: string = 1"], "1:1:7 TS2322"],
    d: [["try { await import('./broken.ts') } catch { 1 }", "const s: string = 1"], "1:1:7 TS2322"],
    e: [
      ["import 'http://127.0.0.1:1/x.ts'", "const s: string = 1"],
      "0:1:8 TS2307",
      "1:1:7 TS2322",
    ],
    f: [["const s: string = 1"], "0:1:7 TS2322"],
  }, {
    files: { "over.ts": "export * from './broken.ts';\n", "broken.ts": "\nlet a = ;\n" },
  });
  assert.match(faults[0].message, /^SyntaxError: .*\n {2}in file:\/\/.*\/broken\.ts:2:9$/);
});

Deno.test("checkTypes() lets cells import from any host, as a kernel does", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("export const far = 1;", { headers: { "content-type": "text/typescript" } }),
  );
  const url = `http://127.0.0.1:${server.addr.port}/far.ts`;
  await assertFaults({ a: [[`import { far } from '${url}'`, "far.no"], "1:1:5 TS2339"] });
});

const noPosix = Deno.build.os === "windows" ? "a shell script stands for deno" : undefined;

testOrSkip("checkTypes() gives up where each attempt ends in another fault", noPosix, async () => {
  await using folder = await folderWith();
  const log = join(folder.path, "log"), deno = join(folder.path, "failing_deno");
  // Blames the first line of whatever it is given.
  await writeFile(
    deno,
    `#!/bin/sh
echo "$1" >> '${log}'
for root; do :; done
url=$(sed -n 's/^import "\\(.*\\)";$/\\1/p' "$root" | head -1)
file=\${url#file://}
line=$(grep -n 'nosuch' "$file" | head -1 | cut -d: -f1)
printf 'error: npm package is not there.\\n    at %s:%s:1\\n' "$url" "\${line:-1}" >&2
exit 1
`,
  );
  await chmod(deno, 0o755);
  const cells = Array.from({ length: 40 }, (_, i) => `nosuch${i}`);
  const path = join(folder.path, "x.ipynb");
  const { faults, unchecked } = await checkTypes([{ path, notebook: notebookOf(cells) }], {
    ...DEADLINE,
    deno,
  });
  assert.deepEqual(faults.map(short), Array.from({ length: 12 }, (_, i) => `${i}:1:1 TS2307`));
  assert.deepEqual(unchecked.map(({ reason }) => reason), [
    "deno check ended early: npm package is not there.",
  ]);
  assert.equal((await readFile(log, "utf8")).split("\n").length - 1, 12);
});
