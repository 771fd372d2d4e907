// Holds DEBUGGING.md to its word: whole entries, guards that exist, a table that counts right.
import assert from "node:assert/strict";

const ROOT = new URL("../", import.meta.url);
const REQUIRED = ["Area", "Symptom", "Reproduction", "Cause", "Fix", "Guard"];
const OPTIONAL = ["First fix", "What it missed"];

interface Entry {
  readonly number: number;
  readonly title: string;
  /** Field name to its texts; only Guard may have several. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

interface Log {
  readonly entries: readonly Entry[];
  /** Area to the number the table gives. */
  readonly areas: ReadonlyMap<string, number>;
}

function parseLog(markdown: string): Log {
  const text = markdown.replace(/```[\s\S]*?```/g, "");
  const [top, ...sections] = text.split(/^## /m);
  const entries = sections.flatMap((section) => {
    const head = /^(\d+)\. (.+)/.exec(section);
    if (head === null) return [];
    return [{ number: Number(head[1]), title: head[2], fields: parseFields(section) }];
  });
  const rows = top.matchAll(/^\| *([^|]*?) *\| *(\d+) *\|$/gm);
  return { entries, areas: new Map(Array.from(rows, ([, area, count]) => [area, Number(count)])) };
}

/** Each `- **Name:** text`, with the indented lines that continue it. */
function parseFields(section: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const item of section.split(/^- /m).slice(1)) {
    const [, name, body] = /^\*\*(.+?):\*\*([\s\S]*)$/.exec(item) ?? [];
    if (name === undefined) continue;
    fields.set(name, [...fields.get(name) ?? [], body.replace(/\s+/g, " ").trim()]);
  }
  return fields;
}

/** What is wrong with the form of a log; nothing when it is in order. */
function formFaults({ entries, areas }: Log): string[] {
  const faults: string[] = [];
  const counted = new Map<string, number>();
  entries.forEach(({ number, fields }, i) => {
    if (number !== i + 1) faults.push(`entry ${number} stands at place ${i + 1}`);
    for (const name of REQUIRED) {
      if (!fields.get(name)?.every((body) => body !== "")) {
        faults.push(`entry ${number} lacks ${name}`);
      }
    }
    for (const [name, bodies] of fields) {
      if (![...REQUIRED, ...OPTIONAL].includes(name)) {
        faults.push(`entry ${number} has a field ${name}`);
      }
      if (name !== "Guard" && bodies.length > 1) faults.push(`entry ${number} has ${name} twice`);
    }
    const area = fields.get("Area")?.[0] ?? "";
    counted.set(area, (counted.get(area) ?? 0) + 1);
  });
  for (const area of new Set([...areas.keys(), ...counted.keys()])) {
    const [said, real] = [areas.get(area) ?? 0, counted.get(area) ?? 0];
    if (said !== real) faults.push(`area "${area}": the table says ${said}, there are ${real}`);
  }
  return faults;
}

/** What is wrong with the guards of a log; `read` gives a file's text, or undefined. */
function guardFaults({ entries }: Log, read: (path: string) => string | undefined): string[] {
  return entries.flatMap(({ number, fields }) =>
    (fields.get("Guard") ?? []).flatMap((guard) => {
      const parts = /^(tests\/\S+_test\.ts): `(.+)`$/.exec(guard);
      if (parts === null) return [`entry ${number}: "${guard}" is not "tests/…_test.ts: \`name\`"`];
      const [, path, name] = parts;
      const text = read(path);
      if (text === undefined) return [`entry ${number}: ${path} does not exist`];
      return isTest(text, name) ? [] : [`entry ${number}: ${path} has no test "${name}"`];
    })
  );
}

/** Whether a file registers a test of that name; one that is commented out or ignored is none. */
function isTest(text: string, name: string): boolean {
  const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^\\s*(?:Deno\\.test|testOrSkip)\\(\\s*"${quoted}"`, "m").test(text);
}

function readProjectFile(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(new URL(path, ROOT));
  } catch {
    return undefined;
  }
}

const log = parseLog(Deno.readTextFileSync(new URL("DEBUGGING.md", ROOT)));

Deno.test("the debugging log has whole entries in order and a table that counts right", () => {
  assert.ok(log.entries.length >= 7, `only ${log.entries.length} entries`);
  assert.deepEqual(formFaults(log), []);
});

Deno.test("every guard of the debugging log names a test that exists", () => {
  assert.deepEqual(guardFaults(log, readProjectFile), []);
});

const SMALL = `# Log

| area  | incidents |
| ----- | --------- |
| start | 1         |

## Template

\`\`\`md
## 9. Not an entry
\`\`\`

## 1. It broke

- **Area:** start
- **Symptom:** one line
  and another
- **Reproduction:** run it
- **Cause:** proved
- **Fix:** mended
- **Guard:** tests/a_test.ts: \`it holds\`
- **Guard:** tests/a_test.ts:
  \`it still holds\`
`;
const files = (path: string) =>
  path === "tests/a_test.ts"
    ? 'Deno.test("it holds", f);\nDeno.test("it still holds", f);\n'
    : undefined;

Deno.test("parseLog() reads fields over several lines and several guards", () => {
  const [entry, ...others] = parseLog(SMALL).entries;
  assert.equal(others.length, 0);
  assert.equal(entry.title, "It broke");
  assert.deepEqual(entry.fields.get("Symptom"), ["one line and another"]);
  assert.equal(entry.fields.get("Guard")?.length, 2);
  assert.deepEqual(formFaults(parseLog(SMALL)), []);
  assert.deepEqual(guardFaults(parseLog(SMALL), files), []);
});

for (
  const [what, from, to, fault] of [
    ["a missing field", /- \*\*Cause.*\n/, "", "entry 1 lacks Cause"],
    ["an empty field", "**Cause:** proved", "**Cause:**", "entry 1 lacks Cause"],
    ["an unknown field", "**Cause:**", "**Because:**", "entry 1 has a field Because"],
    ["a field twice", "- **Fix:**", "- **Fix:** a\n- **Fix:**", "entry 1 has Fix twice"],
    ["a wrong number", "## 1.", "## 2.", "entry 2 stands at place 1"],
    ["a wrong count", "| 1  ", "| 2  ", 'area "start": the table says 2, there are 1'],
    [
      "an area without a row",
      "**Area:** start",
      "**Area:** end",
      'area "end": the table says 0, there are 1',
    ],
  ] as const
) {
  Deno.test(`the check of the debugging log finds ${what}`, () => {
    const changed = SMALL.replace(from, to);
    assert.notEqual(changed, SMALL);
    assert.ok(
      formFaults(parseLog(changed)).includes(fault),
      formFaults(parseLog(changed)).join("; "),
    );
  });
}

for (
  const [what, from, to, fault] of [
    [
      "names a file that is gone",
      "tests/a_test.ts: `it holds`",
      "tests/b_test.ts: `it holds`",
      /b_test\.ts does not exist/,
    ],
    ["names a test that is gone", "`it holds`", "`it held`", /has no test "it held"/],
    ["names no test", ": `it holds`", "", /is not "tests/],
    ["is no test file", "tests/a_test.ts: `it holds`", "src/a.ts: `it holds`", /is not "tests/],
  ] as const
) {
  Deno.test(`the check of the debugging log finds a guard that ${what}`, () => {
    const [found, ...others] = guardFaults(parseLog(SMALL.replace(from, to)), files);
    assert.match(found, fault);
    assert.equal(others.length, 0);
  });
}

Deno.test("a guard that is commented out or ignored does not count", () => {
  assert.ok(isTest(`Deno.test("a (b)", () => {});`, "a (b)"));
  assert.ok(isTest(`testOrSkip(\n  "a (b)",`, "a (b)"));
  for (const text of [`// Deno.test("a (b)", f);`, `Deno.test.ignore("a (b)", f);`, `"a (b)"`]) {
    assert.ok(!isTest(text, "a (b)"), text);
  }
});
