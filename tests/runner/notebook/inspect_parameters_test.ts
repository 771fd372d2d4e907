import assert from "node:assert/strict";
import { inspectParameters } from "../../../src/runner/notebook/inspect_parameters.ts";
import { fromCells } from "../_fixture.ts";

async function inspect(source: string, language?: string) {
  const notebook = fromCells("other = 1", source);
  notebook.cells[1].metadata.tags = ["parameters"];
  if (language !== undefined) notebook.metadata.language_info = { name: language };
  return (await inspectParameters(notebook)).map((info) => {
    const { name, value, type = "", help = "", ...rest } = info;
    assert.deepEqual(rest, {});
    return [name, value, type, help];
  });
}

Deno.test("inspectParameters() reads a Python cell", async () => {
  const source = `
# How long to train.
# Counts whole passes.
epochs: int = 3
rate = 1e-3  # step: of Adam

layers = [  # sizes
    16,  # first
    32,
]  # of the layers
name: "Optional[str]" = None # type: ignored
old = []  # type: List[int]  in comments
text = "a = b # c" ; other = '''x
y = 1
'''
größe = {"a": 1}
call = f(a=1, b=[2])
later: float
both = second = 1
long = 1 + \\
  2
if x: no = 1
if epochs == 3:
    inner = 1
else: no = 2
epochs == 4
epochs += 1
a, b = 1, 2
obj.field = 3
obj[0] = 3
print("x")
raw = r"\\\\" # end
open = (1,
`;
  assert.deepEqual(await inspect(source, "python"), [
    ["epochs", "3", "int", "How long to train. Counts whole passes."],
    ["rate", "1e-3", "", "step: of Adam"],
    ["layers", "[  \n    16,  \n    32,\n]", "", "of the layers"],
    ["name", "None", '"Optional[str]"', "type: ignored"],
    ["old", "[]", "List[int]", "in comments"],
    ["text", '"a = b # c"', "", ""],
    ["other", "'''x\ny = 1\n'''", "", ""],
    ["größe", '{"a": 1}', "", ""],
    ["call", "f(a=1, b=[2])", "", ""],
    ["later", "", "float", ""],
    ["both", "second = 1", "", ""],
    ["long", "1 + \\\n  2", "", ""],
    ["raw", 'r"\\\\"', "", "end"],
    ["open", "(1,", "", ""],
  ]);
});

Deno.test("inspectParameters() reads a TypeScript cell", async () => {
  const source = `
/**
 * How long to train.
 */
let epochs: number = 3;
// First line
// and second.
const rate = 1e-3, wide: Map<string, number> = new Map<string, number>(); // both on a line

let a = [1, // one
  2], // of a
  b = /[,;"]/; /* of b */
// Not for this one.

export let text = \`\${"x = 1"}; //\`;
later = { c: 1 };
var none: string | undefined;
const { no, such } = later;
f(x = 1);
if (a) { let inner = 1; }
epochs += 1;
let größe = (x: number): number => x; // for this
let bare = 1;
`;
  for (const language of [undefined, "typescript", "javascript"]) {
    assert.deepEqual(await inspect(source, language), [
      ["epochs", "3", "number", "How long to train."],
      ["rate", "1e-3", "", "First line and second."],
      ["wide", "new Map<string, number>()", "Map<string, number>", "both on a line"],
      ["a", "[1, // one\n  2]", "", "of a"],
      ["b", '/[,;"]/', "", "of b"],
      ["text", '`${"x = 1"}; //`', "", ""],
      ["later", "{ c: 1 }", "", ""],
      ["none", "", "string | undefined", ""],
      ["größe", "(x: number): number => x", "", "for this"],
      ["bare", "1", "", ""],
    ]);
  }
});

Deno.test("inspectParameters() says when it cannot", async () => {
  assert.deepEqual(await inspectParameters(fromCells("a = 1")), []);
  assert.deepEqual(await inspect("", "python"), []);
  await assert.rejects(
    inspect("a <- 1", "R"),
    /^TypeError: inspectParameters: .* in "r", wanted python/,
  );
  await assert.rejects(inspect("let let let", "typescript"), /^TypeError: .* cannot be read: /);
});
