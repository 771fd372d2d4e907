import { NotebookError } from "../runner_errors.ts";
import { readYaml } from "./read_yaml.ts";

/** What stands before the cells of a document or script. */
export interface TextHeader {
  /** What it says of the notebook: kernelspec, language_info, jupytext. */
  readonly metadata: Record<string, unknown>;
  /** How many lines it takes; 0 where there is none. */
  readonly length: number;
  /** Whether it says things that are not for the notebook, such as a title. */
  readonly saysMore: boolean;
}

const NOTEBOOK_KEYS = ["kernelspec", "language_info", "jupytext"];

/**
 * Reads YAML between two lines `---` at the very top, as jupytext, MyST and Quarto write it. Lines
 * that are no such header are left to be prose.
 *
 * @throws {NotebookError} for broken YAML
 */
export async function readTextHeader(
  lines: readonly string[],
  { name, line = 1 }: { readonly name: string; readonly line?: number },
): Promise<TextHeader> {
  const none = { metadata: {}, length: 0, saysMore: false };
  if (!/^---\s*$/.test(lines[0] ?? "")) return none;
  const end = lines.findIndex((text, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(text));
  if (end < 0) return none;
  const value = await readNotebookYaml(lines.slice(1, end).join("\n"), { name, line: line + 1 });
  if (value === null || typeof value !== "object" || Array.isArray(value)) return none;
  const { jupyter, ...rest } = value as Record<string, unknown>;
  const inner = typeof jupyter === "string" ? { kernelspec: { name: jupyter } } : jupyter ?? {};
  const isOurs = (key: string) => NOTEBOOK_KEYS.includes(key);
  const outer = Object.entries(rest).filter(([key]) => isOurs(key));
  return {
    metadata: { ...inner, ...Object.fromEntries(outer) },
    length: end + 1,
    saysMore: !Object.keys(rest).every(isOurs),
  };
}

/** The value of YAML that begins on this line of the file. */
export function readNotebookYaml(
  text: string,
  { name, line }: { readonly name: string; readonly line: number },
): Promise<unknown> {
  return readYaml(text, {
    fail: (at, reason) => {
      throw new NotebookError(
        "not_a_notebook",
        `${name}:${line + at - 1}: this is not YAML: ${reason}. Mend the line`,
      );
    },
  });
}
