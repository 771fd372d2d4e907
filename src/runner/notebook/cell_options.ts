import { NotebookError } from "../runner_errors.ts";
import { readNotebookYaml } from "./text_header.ts";

/** What the rest of a mark says of its cell. */
export interface CellOptions {
  /** The words that are no options: a title, or a word such as `ignore`. */
  readonly words: string;
  /** The options, such as tags. */
  readonly metadata: Record<string, unknown>;
}

/**
 * Reads what jupytext writes after `# %%` or the language of a fence: words, options such as
 * `tags=["parameters"]`, or JSON in braces at the end.
 *
 * @throws {NotebookError} for an option without a readable value
 */
export async function readCellOptions(
  text: string,
  place: { readonly name: string; readonly line: number },
): Promise<CellOptions> {
  const options: [string, unknown][] = [];
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const option = /^([A-Za-z_][\w.-]*)=(?=["'[{\w.+-])/.exec(rest);
    if (option === null) {
      const json = rest.startsWith("{") ? jsonObject(rest) : undefined;
      if (json !== undefined) {
        options.push(...Object.entries(json));
        break;
      }
      const word = /^\S+/.exec(rest)![0];
      words.push(word);
      rest = rest.slice(word.length).trimStart();
      continue;
    }
    const end = valueEnd(rest, option[0].length);
    if (end === undefined) {
      throw new NotebookError(
        "not_a_notebook",
        `${place.name}:${place.line}: found ${rest}, wanted a value with its end, as in ` +
          'tags=["parameters"]',
      );
    }
    const value = rest.slice(option[0].length, end);
    options.push([option[1], await readNotebookYaml(value, place)]);
    rest = rest.slice(end).replace(/^[\s,]+/, "");
  }
  return { words: words.join(" "), metadata: Object.fromEntries(options) };
}

function jsonObject(text: string): object | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Such as {1,3}, the lines that a documentation tool shows in colour.
  }
}

/** Where the value at `start` ends: at its last bracket or quote, or before white space. */
function valueEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let quote = "";
  for (let i = start; i < text.length; i++) {
    const letter = text[i];
    if (quote !== "") {
      if (letter === "\\" && quote === '"') i++;
      else if (letter === quote) quote = "";
      continue;
    }
    if (letter === '"' || letter === "'") quote = letter;
    else if (letter === "[" || letter === "{") depth++;
    else if (letter === "]" || letter === "}") depth--;
    else if (depth === 0 && /[\s,]/.test(letter)) return i;
  }
  return depth === 0 && quote === "" ? text.length : undefined;
}
