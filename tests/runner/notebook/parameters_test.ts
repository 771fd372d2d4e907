import assert from "node:assert/strict";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { ParameterFloat } from "../../../src/runner/notebook/parameter_value.ts";
import {
  injectParameters,
  type Parameters,
  parametersSource,
  undeclaredParameters,
} from "../../../src/runner/notebook/parameters.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { fromCells } from "../_fixture.ts";
import { missingNbformat, python } from "./_python.ts";

/** Values that are easy to write wrong. */
const AWKWARD: Parameters = {
  text: "a 'b' \"c\" \\ $d `e` ${f} \n\t\r\u0001\u2028 é 😀 */ //",
  größe: "unicode",
  名前: [true, false, null],
  _x1: { "a b": 1, "": [], größe: { deep: [[1.5], []] }, constructor: "c" },
  numbers: [0, 1, -7, 1e21, 1.5e-7, 123456789012],
};

Deno.test("parametersSource() writes numbers as both languages read them", () => {
  const parameters = { a: -0, b: 0, c: NaN, d: -Infinity, e: [1.5, -0] };
  assert.equal(
    parametersSource(parameters, "python"),
    '# Parameters\na = -0.0\nb = 0\nc = float("NaN")\nd = float("-Infinity")\ne = [1.5, -0.0]',
  );
  assert.equal(
    parametersSource(parameters, "typescript"),
    "// Parameters\nlet a = -0;\nlet b = 0;\nlet c = NaN;\nlet d = -Infinity;\nlet e = [1.5, -0];",
  );
});

Deno.test("parametersSource() keeps floats apart where the language does", () => {
  const parameters = { a: new ParameterFloat(1), b: [new ParameterFloat(-2e3)], c: 1 };
  assert.equal(
    parametersSource(parameters, "python"),
    "# Parameters\na = 1.0\nb = [-2000.0]\nc = 1",
  );
  assert.match(parametersSource(parameters, "javascript"), /let a = 1;\nlet b = \[-2000\];/);
});

Deno.test("parametersSource() refuses names and languages that it cannot write", () => {
  assert.throws(() => parametersSource({ "a b": 1 }, "python"), /no identifier/);
  assert.throws(() => parametersSource({ größe: 1 }, "bash"), /no identifier/);
  for (const language of ["r", "constructor", "__proto__"]) {
    assert.throws(() => parametersSource({ a: 1 }, language), /wanted python, typescript/);
  }
});

Deno.test("parametersSource() refuses values without a literal, with their place", () => {
  const circle: unknown[] = [];
  circle.push(circle);
  const values: [unknown, RegExp][] = [
    [undefined, /^Parameter a is undefined, wanted null, true or false/],
    [{ b: [1, new Date(0)] }, /^Parameter a\.b\[1\] is a Date, .* Give it as text/],
    [[1, , 2], /^Parameter a\[1\] is undefined/],
    [new Map(), /^Parameter a is a Map/],
    [Uint8Array.of(1), /^Parameter a is a Uint8Array/],
    [() => 1, /^Parameter a is a function/],
    [Symbol("s"), /^Parameter a is Symbol\(s\)/],
    [12n, /^Parameter a is the whole number 12,/],
    [circle, /^Parameter a(?:\[0\])+ is deeper than 100 levels/],
  ];
  for (const [value, message] of values) {
    for (const language of ["python", "typescript", "bash"]) {
      assert.throws(() => parametersSource({ a: value } as Parameters, language), {
        name: "TypeError",
        message,
      });
    }
  }
  assert.throws(
    () => parametersSource({ a: { b: 1 } }, "bash"),
    /^TypeError: Parameter a is a mapping/,
  );
  assert.throws(
    () => parametersSource({ a: [[1]] }, "bash"),
    /^TypeError: Parameter a is a list of/,
  );
});

Deno.test("parametersSource() gives TypeScript the very values", () => {
  const inherited = JSON.parse('{"__proto__": 1, "x": {"__proto__": {"y": 2}}}');
  const parameters = { ...AWKWARD, inherited };
  const names = Object.keys(parameters).join(", ");
  const source = parametersSource(parameters, "typescript");
  const found = new Function(`${source}\nreturn { ${names} };`)();
  assert.deepEqual(found, parameters);
  assert.deepEqual(Object.keys(found.inherited), ["__proto__", "x"]);
});

testOrSkip("parametersSource() gives Python the very values", missingNbformat, async () => {
  const parameters = { ...AWKWARD, inherited: JSON.parse('{"__proto__": 1}') };
  const script = `
import json, sys
names = {}
exec(json.load(open(sys.argv[1], encoding="utf-8")), names)
print(json.dumps({name: names[name] for name in names if name != "__builtins__"}))`;
  const found = JSON.parse(await python(script, parametersSource(parameters, "python")));
  assert.deepEqual(found, parameters);
  assert.deepEqual(Object.keys(found.inherited), ["__proto__"]);
});

testOrSkip("parametersSource() gives bash the very values", missingProgram("bash"), async () => {
  const parameters = { text: AWKWARD.text, yes: true, none: null, list: ["a b", null, -0.5, "'"] };
  const script = `${parametersSource(parameters, "bash")}
    for item in "$text" "$yes" "$none" "\${list[@]}"; do printf '%s|' "$item"; done`;
  const { stdout } = await runCommand(["bash", "-c", script], { timeout: 60_000 });
  assert.equal(stdout, `${AWKWARD.text}|true||a b||-0.5|'|`);
});

Deno.test("injectParameters() puts a name like __proto__ into the cell", () => {
  const notebook = fromCells("1");
  injectParameters(notebook, {
    parameters: JSON.parse('{"__proto__": 3}'),
    language: "typescript",
  });
  assert.equal(notebook.cells[0].source, "// Parameters\nlet __proto__ = 3;");
});

Deno.test("undeclaredParameters() knows the names that a cell assigns", () => {
  const notebook = fromCells(
    "let a = 1, b: number = 2; größe = 3;\nconst c = () => 1;\nd==1; e=>1",
  );
  notebook.cells[0].metadata.tags = ["parameters"];
  const unknown = (names: string[]) =>
    undeclaredParameters(notebook, Object.fromEntries(names.map((name) => [name, 1])));
  assert.deepEqual(unknown(["a", "b", "c", "größe"]), []);
  assert.equal(unknown(["d"]).length, 1);
  assert.match(unknown(["groesse"])[0], /unknown parameter "groesse"/);
});
