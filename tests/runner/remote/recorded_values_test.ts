import assert from "node:assert/strict";
import { parseNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import { recordedValues } from "../../../src/runner/remote/recorded_values.ts";

function notebookOf(...bundles: Record<string, unknown>[]) {
  const outputs = bundles.map((data) => ({ output_type: "display_data", data, metadata: {} }));
  const cells = [{ cell_type: "code", source: "", metadata: {}, outputs }];
  return parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
}

const OURS = "application/vnd.qsight.result+json";

Deno.test("recordedValues() gathers values of all outputs, the later of one name counts", () => {
  const notebook = notebookOf({ [OURS]: { a: 1, b: [2] } }, { "text/plain": "x" }, {
    [OURS]: { a: 3 },
  });
  assert.deepEqual(recordedValues(notebook), { a: 3, b: [2] });
});

Deno.test("recordedValues() reads what scrapbook and papermill record", () => {
  const notebook = notebookOf(
    {
      "application/scrapbook.scrap.json+json": {
        name: "auc",
        data: 0.9,
        encoder: "json",
        version: 1,
      },
    },
    { "application/scrapbook.scrap.text+json": { name: "note", data: "good", encoder: "text" } },
    { "application/scrapbook.scrap.pandas+json": { name: "frame", data: "UEFSMQ==" } },
    { "application/papermill.record+json": { loss: 0.1 } },
  );
  assert.deepEqual(recordedValues(notebook), { auc: 0.9, note: "good", loss: 0.1 });
});

Deno.test("recordedValues() takes JSON as text, and passes over what is no record", () => {
  const notebook = notebookOf(
    { [OURS]: '{"a": 1}' },
    { [OURS]: "no json" },
    { [OURS]: [1, 2] },
    { [OURS]: null },
    { "application/scrapbook.scrap.json+json": { name: "nameless" } },
  );
  assert.deepEqual(recordedValues(notebook), { a: 1 });
});
