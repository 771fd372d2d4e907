// The display room inside a real Deno kernel, driven by the runner.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { kernelKind } from "../../../src/display/kernel_kind.ts";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import { parseNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import type { CodeCell, Output } from "../../../src/runner/notebook/nbformat.ts";

async function outputsOf(...sources: string[]): Promise<Output[][]> {
  const cells = sources.map((source) => ({ cell_type: "code", source, metadata: {} }));
  const value = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
  const cwd = fileURLToPath(new URL("../../../", import.meta.url));
  const result = await executeNotebook(parseNotebook(JSON.stringify(value)), {
    kernel: "deno",
    timeout: 60_000,
    cwd,
  });
  assert.equal(result.error, undefined);
  return (result.notebook.cells as CodeCell[]).map(({ outputs }) => outputs);
}

Deno.test("kernelKind() is deno in a Deno kernel and none in a test", async () => {
  assert.equal(kernelKind(), "none");
  const [[output]] = await outputsOf(
    'import { kernelKind } from "./src/display/mod.ts";\nconsole.log(kernelKind());',
  );
  assert(output.output_type === "stream");
  assert.equal(output.text, "deno\n");
});

Deno.test("show() sends the whole MIME bundle in a Deno kernel", async () => {
  const [outputs] = await outputsOf(`
import { show } from "./src/display/mod.ts";
await show({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "a", "image/png": "iVBO" }) });`);
  assert.deepEqual(outputs, [{
    output_type: "display_data",
    data: { "text/plain": "a", "image/png": "iVBO" },
    metadata: {},
  }]);
});

Deno.test("openStatusLine() is one output in a Deno kernel, updated from later cells too", async () => {
  const [first, second] = await outputsOf(
    `import { openStatusLine } from "./src/display/mod.ts";
const line = openStatusLine({ interval: 0 });
line.update("epoch 1 <b>");
line.update("epoch 2");`,
    `line.update("epoch 3 < 4"); await line.close();`,
  );
  assert.deepEqual(second, []);
  assert.deepEqual(first, [{
    output_type: "display_data",
    data: { "text/plain": "epoch 3 < 4", "text/html": "<pre>epoch 3 &lt; 4</pre>" },
    metadata: {},
  }]);
});
