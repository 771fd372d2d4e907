import { loadNotebook } from "../../src/runner/notebook/load_notebook.ts";
import { cellTags, type ParameterValue } from "../../src/runner/notebook/parameters.ts";

/** Runs go to a temporary folder and are small, where the notebook's parameters allow both. */
export async function testParameters(
  path: string,
  out: string,
): Promise<Record<string, ParameterValue>> {
  const { cells } = await loadNotebook(path);
  const source = cells.find((cell) => cellTags(cell).includes("parameters"))?.source ?? "";
  const has = (name: string) => new RegExp(`\\b(?:let|var|const)\\s+${name}\\b`).test(source);
  return { ...(has("out") ? { out } : {}), ...(has("quick") ? { quick: true } : {}) };
}
