// Stored notebooks compared with what real kernels make of them.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { compareNotebooks } from "../../../src/runner/compare/compare_notebooks.ts";
import { loadSanitizeRules } from "../../../src/runner/compare/sanitize_rules.ts";
import { updateNotebook } from "../../../src/runner/compare/update_notebook.ts";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import { listKernels } from "../../../src/runner/kernels/kernel_spec.ts";
import { loadNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import { formatNotebook, type Notebook } from "../../../src/runner/notebook/nbformat.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";

const folder = (name: string) =>
  fileURLToPath(new URL(`../../../fixtures/notebooks/compare/${name}`, import.meta.url));
const hasPython = (await listKernels()).some(({ name }) => name === "python3");

async function run(name: string): Promise<{ stored: Notebook; executed: Notebook }> {
  const stored = await loadNotebook(folder(name));
  const { notebook, status, error } = await executeNotebook(stored, { timeout: 60_000 });
  assert.equal(status, "ok", error?.message);
  return { stored, executed: notebook };
}

/** Changes one text of the stored outputs, wherever it stands. */
function withChanged(notebook: Notebook, from: string, to: string): Notebook {
  const text = JSON.stringify(notebook), changed = text.replaceAll(from, to);
  assert.notEqual(changed, text, `"${from}" is not stored`);
  return JSON.parse(changed);
}

const KERNELS: readonly (readonly [string, string, string | undefined])[] = [
  ["python.ipynb", "python3", hasPython ? undefined : "no python3 kernel"],
  ["deno.ipynb", "deno", undefined],
];

for (const [file, kernel, missing] of KERNELS) {
  testOrSkip(
    `compareNotebooks() finds a stored run of ${kernel} again, and each change in it`,
    missing,
    async () => {
      const { stored, executed } = await run(file);
      const sanitize = await loadSanitizeRules(folder("rules.cfg"));
      assert.deepEqual(await compareNotebooks(stored, executed, { mode: "all", sanitize }), []);
      assert.deepEqual(await compareNotebooks(stored, executed), []);
      const changes: readonly (readonly [string, string, string, string])[] = [
        ["loss 0.25", "loss 0.26", "stdout", "text"],
        ["careful", "carefree", "stderr", "text"],
        ["<td>1.5</td>", "<td>1.6</td>", "text/html", "html"],
        ['cy=\\"5\\"', 'cy=\\"6\\"', "image/svg+xml", "svg"],
        ['"answer":42', '"answer":43', "application/json", "json"],
        ["no such thing", "no such luck", "error", "text"],
      ];
      for (const [from, to, part, kind] of changes) {
        const other = withChanged(stored, from, to);
        const found = await compareNotebooks(other, executed, { mode: "all", sanitize });
        assert.deepEqual(found.map(({ part, kind }) => [part, kind]), [[part, kind]], from);
        const { notebook, changed } = updateNotebook(other, executed, found);
        assert.equal(changed.length, 1);
        assert.deepEqual(await compareNotebooks(notebook, executed, { mode: "all", sanitize }), []);
        const same = (index: number) => index !== found[0].cellIndex;
        assert.equal(
          formatNotebook({ ...notebook, cells: notebook.cells.filter((_, i) => same(i)) }),
          formatNotebook({ ...other, cells: other.cells.filter((_, i) => same(i)) }),
        );
      }
      const unsanitised = await compareNotebooks(stored, executed, { mode: "all" });
      assert.deepEqual(unsanitised.map(({ part }) => part), ["stdout"]);
      const tagged = await compareNotebooks(
        withChanged(stored, "loss 0.25", "loss 0.26"),
        executed,
      );
      assert.deepEqual(tagged, [], "that cell is not tagged to be checked");
      const checked = await compareNotebooks(withChanged(stored, "careful", "carefree"), executed);
      assert.deepEqual(checked.map(({ part }) => part), ["stderr"]);
    },
  );
}
