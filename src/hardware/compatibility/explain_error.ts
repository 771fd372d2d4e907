import { COMPATIBILITY_MATRIX } from "./compatibility_matrix.ts";
import type { CompatibilityRow } from "./compatibility_row.ts";
import { compileSymptom, matchSymptom, type SymptomPattern } from "./match_symptom.ts";
import { normalizeErrorText } from "./normalize_error_text.ts";

/** A row that an error text is known by. */
export interface ErrorMatch {
  /** The row, with its cause and its remedies. */
  readonly row: CompatibilityRow;
  /** The symptom that was found, as the row has it. */
  readonly symptom: string;
  /** Characters that agree; what is more specific has more. */
  readonly score: number;
}

/** Longer texts are cut in the middle: what matters stands at their ends. */
const MOST_TEXT = 200_000;

/** Causes of causes that are followed. */
const MOST_CAUSES = 10;

/**
 * The rows of the compatibility matrix that an error is known by, the most specific first; none
 * when no row has its text. Takes what was caught, or what was pasted: colours, stack traces,
 * folders, numbers of lines and versions do not matter.
 *
 * @param error a text, an `Error` with its causes, or anything else that was thrown
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { explainError } from "@qsight/qsight/hardware";
 *
 * const [match] = explainError("Error: Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm'");
 * assert.equal(match.row.id, "QC101");
 * assert.deepEqual(explainError("Error: Cannot find module 'foo'"), []);
 * ```
 */
export function explainError(error: unknown): readonly ErrorMatch[] {
  const text = normalizeErrorText(shorten(textOfError(error)));
  if (text === "") return [];
  return patterns().flatMap(({ row, symptoms }) => {
    const [best] = symptoms
      .map((symptom) => ({ symptom: symptom.symptom, score: matchSymptom(text, symptom) }))
      .sort((a, b) => b.score - a.score);
    return best === undefined || best.score === 0 ? [] : [{ row, ...best }];
  }).sort((a, b) => b.score - a.score || (a.row.id < b.row.id ? -1 : 1));
}

/** What an error says: name, code, message and stack of it, of what it gathers, and of its causes. */
export function textOfError(error: unknown): string {
  return lines(error, MOST_CAUSES).join("\n");
}

function lines(error: unknown, depth: number): string[] {
  if (typeof error === "string") return [error];
  if (error === null || typeof error !== "object") return error == null ? [] : [String(error)];
  if (depth === 0) return [];
  const { name, code, message, stack, cause, errors, stderr } = error as Record<string, unknown>;
  const said = [`${name ?? ""} ${code ?? ""}: ${message ?? ""}`, stack, stderr]
    .filter((line): line is string => typeof line === "string");
  const gathered = Array.isArray(errors) ? errors : [];
  return [...said, ...[...gathered, cause].flatMap((inner) => lines(inner, depth - 1))];
}

function shorten(text: string): string {
  if (text.length <= MOST_TEXT) return text;
  return `${text.slice(0, MOST_TEXT / 2)}\n${text.slice(-MOST_TEXT / 2)}`;
}

interface RowPatterns {
  readonly row: CompatibilityRow;
  readonly symptoms: readonly SymptomPattern[];
}

let compiled: readonly RowPatterns[] | undefined;

/** Made at the first question: an import must cost nothing. */
function patterns(): readonly RowPatterns[] {
  compiled ??= COMPATIBILITY_MATRIX.map((row) => ({
    row,
    symptoms: row.symptoms.map(compileSymptom),
  }));
  return compiled;
}
