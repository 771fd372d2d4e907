import { languageNamed } from "./text_language.ts";
import type { Notebook } from "./nbformat.ts";
import { cellTags } from "./parameters.ts";
import { pythonParameters } from "./python_parameters.ts";
import { typescriptParameters } from "./typescript_parameters.ts";
import type { ParameterInfo } from "./parameter_info.ts";

/**
 * The parameters that the cell tagged `parameters` declares, in order, with defaults, types and
 * comments; none where there is no such cell.
 *
 * @throws {TypeError} for a language other than Python, TypeScript and JavaScript
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inspectParameters, parseScriptNotebook } from "@qsight/qsight/runner";
 *
 * const script = '# %% tags=["parameters"]\nepochs: int = 3  # how long to train\n';
 * assert.deepEqual(await inspectParameters(await parseScriptNotebook(script)), [
 *   { name: "epochs", value: "3", type: "int", help: "how long to train" },
 * ]);
 * ```
 */
export async function inspectParameters(notebook: Notebook): Promise<ParameterInfo[]> {
  const cell = notebook.cells.find((one) => cellTags(one).includes("parameters"));
  if (cell === undefined) return [];
  const language = notebookLanguage(notebook);
  if (language === "python") return pythonParameters(cell.source);
  if (language === "typescript") return await typescriptParameters(cell.source);
  throw new TypeError(
    `inspectParameters: the notebook is in "${language}", wanted python, typescript or javascript`,
  );
}

/** What the metadata say; without a word the runner takes the Deno kernel. */
function notebookLanguage({ metadata }: Notebook): string {
  const info = metadata.language_info as { readonly name?: unknown } | undefined;
  const spec = metadata.kernelspec as Readonly<Record<string, unknown>> | undefined;
  const named = [info?.name, spec?.language, spec?.name].find((name) => typeof name === "string");
  return languageNamed(typeof named === "string" ? named : "typescript");
}
