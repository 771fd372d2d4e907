import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ParameterFloat } from "../../../src/runner/notebook/parameter_value.ts";
import { FileHashes } from "../../../src/runner/suite/file_hashes.ts";
import {
  type KeyIngredients,
  notebookKey,
  outputsHash,
  stableJson,
} from "../../../src/runner/suite/notebook_key.ts";
import type { Notebook } from "../../../src/runner/notebook/nbformat.ts";
import { inFolder } from "../../cli/_call.ts";
import { fromCells } from "../_fixture.ts";

const DEPENDENCIES = { modules: [], data: [], facts: ["deno 2"] };

function base(): KeyIngredients & { readonly notebook: Notebook } {
  return {
    notebook: fromCells("1 + 1", "2 + 2"),
    outputs: "abc",
    folder: "/f",
    options: { timeout: 1000, parameters: { epochs: 3 } },
    dependencies: DEPENDENCIES,
  };
}

async function key(ingredients: KeyIngredients): Promise<string> {
  const { code, data } = await notebookKey(ingredients, new FileHashes());
  return `${code}/${data}`;
}

Deno.test("notebookKey() changes with each ingredient", async () => {
  const first = await key(base());
  assert.equal(await key(base()), first);
  const tagged = base();
  tagged.notebook.cells[0].metadata.tags = ["raises-exception"];
  const changed: Record<string, KeyIngredients> = {
    source: { ...base(), notebook: fromCells("1 + 2", "2 + 2") },
    order: { ...base(), notebook: fromCells("2 + 2", "1 + 1") },
    cut: { ...base(), notebook: fromCells("1 + 1\n2 + 2") },
    tags: tagged,
    outputs: { ...base(), outputs: "abd" },
    parameter: { ...base(), options: { timeout: 1000, parameters: { epochs: 4 } } },
    option: { ...base(), options: { parameters: { epochs: 3 } } },
    facts: { ...base(), dependencies: { ...DEPENDENCIES, facts: ["deno 3"] } },
    module: { ...base(), dependencies: { ...DEPENDENCIES, modules: ["/f/a.ts"] } },
    data: { ...base(), dependencies: { ...DEPENDENCIES, data: ["/f/a.csv"] } },
  };
  const kernel = base();
  kernel.notebook.metadata.kernelspec = { name: "python3" };
  const keys = await Promise.all(Object.values({ ...changed, kernel }).map(key));
  assert.equal(new Set([first, ...keys]).size, keys.length + 1);
});

Deno.test("notebookKey() does not change with what no run reads", async () => {
  const other = base();
  other.notebook.metadata.language_info = { version: "9" };
  const [cell] = other.notebook.cells;
  assert(cell.cell_type === "code");
  cell.execution_count = 7;
  cell.metadata.execution = { "shell.execute_reply": "2020" };
  cell.metadata.collapsed = true;
  const text = { cell_type: "markdown", id: "m", source: "# Heading", metadata: {} } as const;
  other.notebook.cells.unshift(text);
  assert.equal(await key(other), await key(base()));
});

Deno.test("notebookKey() changes with the content of modules and data, each in its own part", async () => {
  await inFolder(async (folder) => {
    const [module, data] = [join(folder, "a.ts"), join(folder, "a.csv")];
    const now = () =>
      notebookKey({
        ...base(),
        folder,
        dependencies: { ...DEPENDENCIES, modules: [module], data: [data] },
      }, new FileHashes());
    const absent = await now();
    await writeFile(module, "1");
    const one = await now();
    assert.notEqual(one.code, absent.code);
    assert.equal(one.data, absent.data);
    await writeFile(module, "2");
    const two = await now();
    assert.notEqual(two.code, one.code);
    await writeFile(data, "1");
    const three = await now();
    assert.equal(three.code, two.code);
    assert.notEqual(three.data, two.data);
  });
});

Deno.test("outputsHash() changes with outputs alone", () => {
  const notebook = fromCells("1");
  const first = outputsHash(notebook);
  const [cell] = notebook.cells;
  assert(cell.cell_type === "code");
  cell.source = "2";
  assert.equal(outputsHash(notebook), first);
  cell.outputs.push({ output_type: "stream", name: "stdout", text: "x" });
  assert.notEqual(outputsHash(notebook), first);
});

Deno.test("stableJson() sorts keys and tells apart what JSON would level", () => {
  assert.equal(stableJson({ b: 1, a: { d: 2, c: 3 } }), '{"a":{"c":3,"d":2},"b":1}');
  const float = new ParameterFloat(1);
  const values = [/a/g, /b/g, {}, null, NaN, Infinity, 0, -0, 1, float, "1"];
  assert.equal(new Set(values.map((value) => stableJson([value]))).size, values.length);
});
