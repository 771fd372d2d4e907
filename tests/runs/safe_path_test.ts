import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { safeName } from "../../src/runs/mod.ts";
import { safePath } from "../../src/runs/safe_path.ts";
import { inRoot, smallRun } from "./_temporary_root.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** What every file system takes, and a page shows as text. */
function checkName(name: string, from: string): void {
  assert.ok(name.length > 0 && bytes(name) <= 100, `${JSON.stringify(from)} → ${name}`);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(name, /[\u0000-\u0020\u007f<>:"/\\|?*]|^\.|[. ]$/, JSON.stringify(from));
  assert.doesNotMatch(name, /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i, JSON.stringify(from));
  assert.ok(name.isWellFormed());
}

/** Names of classes, stages and heads that somebody might give. */
const HARD = [
  "<script>alert(1)</script>/../x",
  "../../etc/passwd",
  "..",
  ".",
  "",
  "   ",
  "x".repeat(300),
  "漢".repeat(300),
  "🙂".repeat(80),
  "e\u0301",
  "\ud800 half a pair",
  "a\0b\nc\td\u007f",
  'C:\\Windows\\"x"|y?*',
  "grade 0: none.",
  ".hidden.",
  ...["CON", "con.txt", "Aux", "nul", "PRN.tar.gz", "COM1", "lpt9.log"],
];

Deno.test("safeName() gives a name that every file system takes", () => {
  for (const name of HARD) checkName(safeName(name), name);
  const random = new SeededRandom(1);
  for (let i = 0; i < 3000; i++) {
    const units = Array.from(
      { length: random.integer(200) },
      () => random.integer(3) === 0 ? random.integer(65536) : random.integer(128),
    );
    const name = String.fromCharCode(...units);
    checkName(safeName(name), name);
    assert.equal(safeName(safeName(name)), safeName(name), "safe names stay as they are");
  }
});

Deno.test("safeName() keeps long names apart, and ends reserved ones with what they were", () => {
  assert.notEqual(safeName("x".repeat(300)), safeName("x".repeat(299) + "y"));
  assert.match(safeName("x".repeat(300) + ".json"), /^x+-[0-9a-f]{8}\.json$/);
  assert.equal(safeName("con.txt"), "_con.txt");
  assert.equal(safeName("console"), "console");
  assert.equal(safeName("e\u0301"), "\u00e9");
  assert.equal(safeName("<script>alert(1)</script>/../x"), "_script_alert(1)__script__.._x");
});

Deno.test("safePath() of hard names stays below its folder", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    for (const [i, name] of HARD.entries()) {
      const path = safePath(`reports/visualizations/${name}/epoch_01/m`);
      assert.ok(path.startsWith("reports/visualizations/"), path);
      for (const part of path.split("/")) checkName(part, name);
      const file = await run.save(`reports/visualizations/${name}/epoch_01/${i}.txt`, name);
      assert.ok(
        (await Deno.realPath(file)).startsWith(await Deno.realPath(run.folder) + "/reports/"),
      );
    }
    await run.finish();
  }));
