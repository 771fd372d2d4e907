import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  inlineSanitizeRule,
  loadSanitizeRules,
  parseSanitizeRules,
  sanitizeText,
} from "../../../src/runner/compare/sanitize_rules.ts";

const RULES = `; a comment
[dates]
regex: \\d{1,2}/\\d{1,2}/\\d{2,4}
replace: DATE

# another
[times]
regex: (?P<h>\\d{2}):\\d{2}
replace: \\g<h>:MIN
[gone]
regex: (?i)WARNING.*\\n
replace: 
`;

Deno.test("parseSanitizeRules() applies the rules of a file in their order", () => {
  const rules = parseSanitizeRules(RULES);
  assert.deepEqual(rules.map(({ name }) => name), ["dates", "times", "gone"]);
  assert.equal(
    sanitizeText("21/12/16 15:28\nwarning: old\nend 1/1/2020", rules),
    "DATE 15:MIN\nend DATE",
  );
});

Deno.test('parseSanitizeRules() takes other line ends, pairs without a section and "replace:" with nothing', () => {
  assert.deepEqual(parseSanitizeRules(RULES.replaceAll("\n", "\r\n")), parseSanitizeRules(RULES));
  const [rule] = parseSanitizeRules("\uFEFFregex: a\nreplace:");
  assert.deepEqual([rule.name, rule.replacement], ["line 1", ""]);
  assert.deepEqual(parseSanitizeRules("\n[empty]\n"), []);
});

Deno.test("parseSanitizeRules() keeps blanks of pattern and replacement but the first", () => {
  const [rule] = parseSanitizeRules("regex:  a \nreplace:  b ");
  assert.equal("x a y".replace(rule.pattern, rule.replacement), "x b y");
});

Deno.test("parseSanitizeRules() names line and rule of what it cannot take", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["[a]\nregex: x\n", /r\.cfg, line 2: rule \[a\] has a "regex:" and no "replace:"/],
    ["[a]\nregex: x\n[b]\nreplace: y", /line 2: rule \[a\]/],
    ["regex: x\nregex: y\nreplace: z", /line 1: a rule has a "regex:" and no/],
    ["[a]\nreplace: x", /r\.cfg, line 2: "replace:" without a "regex:"/],
    ["[a]\n\nregexp: x", /line 3: found "regexp: x", wanted/],
    ["[a]\nregex: (?>x)\nreplace: y", /r\.cfg, line 2, rule \[a\]: "\(\?>x\)": cannot translate/],
    ["[a]\nregex: (x\nreplace: y", /line 2, rule \[a\]: .*not a valid pattern/],
    ["regex: x\nreplace: \\1", /line 1, rule \[line 1\]: .*group "1"/],
  ];
  for (const [text, message] of cases) {
    const parse = () => parseSanitizeRules(text, { name: "r.cfg" });
    assert.throws(parse, { name: "TypeError", message }, text);
  }
  assert.throws(() => parseSanitizeRules("", { nam: "x" } as never), /Did you mean "name"/);
});

Deno.test("loadSanitizeRules() reads a file and names one that is not there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sanitize-"));
  try {
    const path = join(folder, "rules.cfg");
    await writeFile(path, RULES);
    assert.deepEqual(await loadSanitizeRules(path), parseSanitizeRules(RULES));
    await writeFile(path, "[a]\nregex: [\nreplace: x");
    await assert.rejects(loadSanitizeRules(path), (error: Error) => error.message.includes(path));
    await assert.rejects(
      loadSanitizeRules(`${path}x`),
      /Cannot read sanitize rules .*Check the path/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("inlineSanitizeRule() reads the rule of a tag", () => {
  const apply = (tag: string, text: string) => sanitizeText(text, [inlineSanitizeRule(tag)!]);
  assert.equal(apply("/\\d+/N/", "1 22"), "N N");
  assert.equal(apply("/a\\/b/c\\/d/", "a/b"), "c/d");
  assert.equal(apply("/x//", "axb"), "ab");
  assert.equal(apply("/(?P<q>x)\\\\/\\g<q>/", "x\\"), "x");
  for (const tag of ["times", "/a/", "a/b/c", "//b/", "/a/b/i", "/a/b/c/"]) {
    assert.equal(inlineSanitizeRule(tag), undefined, tag);
  }
  assert.throws(() => inlineSanitizeRule("/[/x/"), /tag "sanitize=\/\[\/x\/": /);
});

Deno.test("sanitizeText() takes megabytes", () => {
  const rules = parseSanitizeRules(
    "regex: ^\\d+|\\bé\\w+$|(?<=x)y\nreplace: N\n[b]\nregex: \\d{1,2}/\\d{1,2}/\\d{2,4}\nreplace: D",
  );
  const text = "on 21/12/16 there were 7 times xy\n".repeat(150_000);
  assert.equal(sanitizeText(text, rules), "on D there were 7 times xN\n".repeat(150_000));
});
