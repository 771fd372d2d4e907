import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ParameterFloat } from "../../../src/runner/notebook/parameter_value.ts";
import {
  loadParameters,
  parseParametersBase64,
  type ParseParametersOptions,
  parseParametersText,
  parseParameterValue,
} from "../../../src/runner/notebook/parameters_file.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { missingNbformat, python } from "./_python.ts";

const float = (value: number) => new ParameterFloat(value);

const YAML = `
# comment
epochs: 3
rate: 1.0e-3
whole: 1.0
text: "3"
plain: some words
yes_: [yes, No, on, OFF, true, False]
none: [null, ~, ]
empty:
date: 2024-01-31
time: 2024-01-31 12:00:00
nested: {a: [1, {b: [[]]}], "c d": x}
lines: |
  one
  two
numbers: [0, -7, 0x1F, .inf, -.inf, 1.5, 12e0]
shared: &x [1]
again: *x
größe: 名
y: 1
n: 2
`;

Deno.test("parseParametersText() reads YAML", async () => {
  assert.deepEqual(await parseParametersText(YAML), {
    ...{ epochs: 3, rate: 0.001, whole: float(1), text: "3", plain: "some words" },
    ...{ yes_: [true, false, true, false, true, false], none: [null, null], empty: null },
    ...{ date: "2024-01-31", time: "2024-01-31 12:00:00", lines: "one\ntwo\n" },
    ...{ nested: { a: [1, { b: [[]] }], "c d": "x" }, größe: "名", y: 1, n: 2 },
    ...{ numbers: [0, -7, 31, Infinity, -Infinity, 1.5, float(12)], shared: [1], again: [1] },
  });
});

testOrSkip("parseParametersText() reads what papermill reads", missingNbformat, async () => {
  const script = `
import sys, json, yaml
class Loader(yaml.SafeLoader):
    pass
Loader.yaml_implicit_resolvers = {
    letter: [one for one in resolvers if one[0] != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
print(json.dumps(yaml.load(json.load(open(sys.argv[1], encoding="utf-8")), Loader=Loader)))`;
  // A number with an exponent and no point is text to that reader, which nobody wants.
  const text = YAML.replace(", 12e0", "").replace(/, -?\.inf/g, "");
  const theirs = JSON.parse(await python(script, text));
  assert.deepEqual(JSON.parse(JSON.stringify(await parseParametersText(text))), theirs);
});

Deno.test("parseParametersText() reads JSON, with floats as they were written", async () => {
  const text =
    '\ufeff{\n\t"a": [1, 1.0, -2.50, 1E3, null, true],\n\t"b": {"c\\n": "\\ud83d\\ude00"}\n}';
  assert.deepEqual(await parseParametersText(text), {
    a: [1, float(1), -2.5, float(1000), null, true],
    b: { "c\n": "😀" },
  });
});

Deno.test("parseParametersText() keeps __proto__ a name like others", async () => {
  const found = await parseParametersText("__proto__: {polluted: 1}\na: {__proto__: 2}");
  assert.deepEqual(Object.keys(found), ["__proto__", "a"]);
  assert.deepEqual(Object.entries(found.a as object), [["__proto__", 2]]);
  assert(!("polluted" in {}) && !("polluted" in found));
});

Deno.test("parseParametersText() says what is wrong and where", async () => {
  const cases: [string, RegExp][] = [
    ["", /^p\.yaml: found nothing, wanted names with values/],
    ["- 1", /^p\.yaml: found a list/],
    ["words", /^p\.yaml: found words/],
    ["a: 1\nb: [1", /^p\.yaml:2: this is not YAML/],
    ["a: 1\n\na: 2", /^p\.yaml:3: this is not YAML: Map keys must be unique/],
    ["a: 1\n---\nb: 2", /^p\.yaml:2: this is not YAML: .*multiple documents/],
    ["a: *x", /^p\.yaml:1: this is not YAML: .*x/],
    ["a: !mine 3", /^p\.yaml:1: this is not YAML: Unresolved tag: !mine/],
    ["a: {b: !!timestamp 2024-01-31}", /^p\.yaml: a\.b is a Date, wanted .*in quotes/],
    ["a: [1, !!binary aGk=]", /^p\.yaml: a\[1\] is a \w+, wanted/],
    ["a: !!set {x, y}", /^p\.yaml: a is a Set/],
    ["a: 12345678901234567890", /^p\.yaml: a is the whole number 12345678901234567890/],
    ["yes: 1", /^p\.yaml: the name true is no text\. Write it in quotes/],
    ["? [a]\n: 1", /^p\.yaml: the name a is no text/],
    ["a: &x [*x]", /^p\.yaml: a(?:\[0\])+ is deeper than 100 levels/],
    [`a: ${"[".repeat(20_000)}`, /^p\.yaml:1: this is not YAML/],
    ["a: &a [x,x,x,x,x,x,x,x,x]\n" + laughs(), /^p\.yaml:1: .*alias/],
  ];
  for (const [text, message] of cases) {
    const expected = { name: "TypeError", message };
    await assert.rejects(parseParametersText(text, { name: "p.yaml" }), expected, text);
  }
  const options = { path: "a" } as ParseParametersOptions;
  await assert.rejects(parseParametersText("a: 1", options), /unknown option "path"/);
});

/** Nine lists, each nine times the one before. */
function laughs(): string {
  return [..."bcdefghi"].map((name, index) => {
    const before = "abcdefgh"[index];
    return `${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]`;
  }).join("\n");
}

Deno.test("parseParametersBase64() unpacks what the file holds", async () => {
  const pack = (text: string, encoding: "base64" | "base64url" = "base64") =>
    Buffer.from(text).toString(encoding);
  assert.deepEqual(await parseParametersBase64(pack("a: größe\nb: 1")), { a: "größe", b: 1 });
  assert.deepEqual(await parseParametersBase64(pack("a: ÿþ~>>??", "base64url")), { a: "ÿþ~>>??" });
  assert.deepEqual(await parseParametersBase64("YTog\nMQ==\n"), { a: 1 });
  const options = { name: "-b" };
  for (const wrong of ["a: 1", "YTogM", "YTog=MQ=", "é"]) {
    await assert.rejects(parseParametersBase64(wrong, options), /^TypeError: -b is not Base64/);
  }
  await assert.rejects(parseParametersBase64("/w==", options), /^TypeError: -b is not UTF-8/);
  await assert.rejects(parseParametersBase64(pack("a: ["), options), /^TypeError: -b:1: /);
});

Deno.test("parseParameterValue() reads values by their look", () => {
  const cases = new Map<string, unknown>([
    ...([["3", 3], ["-7", -7], ["+3", 3], ["1_000", 1000], [" 5 ", 5], ["007", 7]] as const),
    ...([["1.5", 1.5], ["1e-3", 0.001], [".5", 0.5], ["1.", float(1)]] as const),
    ...([["2E3", float(2000)], ["-0.0", float(-0)]] as const),
    ...([["True", true], ["false", false], ["None", null], ["null", null]] as const),
    ...([["inf", Infinity], ["-Infinity", -Infinity], ["nan", NaN]] as const),
  ]);
  for (const text of ["", "a b", "1 2", "0x10", "[1]", "1_", "-", "e3", " a ", "yes", "-nano"]) {
    cases.set(text, text);
  }
  for (const [text, value] of cases) assert.deepEqual(parseParameterValue(text), value, text);
  assert.throws(
    () => parseParameterValue("12345678901234567890"),
    /^TypeError: The value is the whole/,
  );
});

Deno.test("loadParameters() reads a file and names it in errors", async () => {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    const path = join(folder, "p.yaml");
    await writeFile(path, "a: [1, 2]\r\nb: x\r\n");
    assert.deepEqual(await loadParameters(path), { a: [1, 2], b: "x" });
    await writeFile(path, "a: 1\nb: {");
    await assert.rejects(loadParameters(path), /^TypeError: .*p\.yaml:2: this is not YAML/);
    await writeFile(path, Uint8Array.of(0x61, 0xff));
    await assert.rejects(loadParameters(path), /^TypeError: .*p\.yaml is not UTF-8/);
    await assert.rejects(loadParameters(folder + "/no.yaml"), /^TypeError: Cannot read .*no\.yaml/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
