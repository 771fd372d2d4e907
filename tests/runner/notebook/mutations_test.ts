import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { loadNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import type { Notebook } from "../../../src/runner/notebook/nbformat.ts";
import { NotebookError } from "../../../src/runner/runner_errors.ts";
import { checkMutations } from "./mutations.ts";

Deno.test("loadNotebook() reads 300 mutated files or says what is wrong with them", async () => {
  const { missing, ...counts } = await checkMutations(300, 1);
  assert.equal(missing, 0);
  // Enough of each kind, or the test shows nothing.
  assert(
    counts.read > 60 && counts.not_json > 30 && counts.not_a_notebook > 60,
    JSON.stringify(counts),
  );
});

Deno.test("checkMutations() sees readers that are not careful", async () => {
  const readers: Record<string, (path: string) => Promise<Notebook>> = {
    "no check at all": async (path) => JSON.parse(await readFile(path, "utf8")),
    "another error": (path) =>
      loadNotebook(path).catch((error) => {
        throw new Error(error.message);
      }),
    "no file named": (path) =>
      loadNotebook(path).catch(({ code }) => {
        throw new NotebookError(code, "at cells: found 1, wanted 2. Save it again");
      }),
    "no place named": (path) =>
      loadNotebook(path).catch(({ code }) => {
        throw new NotebookError(code, `${path} is no notebook`);
      }),
    "the wrong place": (path) =>
      loadNotebook(path).catch(({ code, message }) => {
        throw new NotebookError(code, message.replace(/: at [^:]+:/, ": at cells[9].source:"));
      }),
    "the wrong code": (path) =>
      loadNotebook(path).catch(({ message }) => {
        throw new NotebookError("missing", message);
      }),
    "text lost": async (path) => {
      const notebook = await loadNotebook(path);
      if (notebook.cells.length > 0) notebook.cells[0].source = [] as unknown as string;
      return notebook;
    },
  };
  for (const [fault, load] of Object.entries(readers)) {
    await assert.rejects(checkMutations(300, 1, { load }), /^Error: mutation \d+ of seed 1/, fault);
  }
});
