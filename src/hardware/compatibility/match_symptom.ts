import { normalizeErrorText } from "./normalize_error_text.ts";

/** What `…` inside a word or quotes may stand for: a path. */
const MOST_INSIDE = 260;

/** What `…` between blanks may stand for: lines, such as some frames of a stack trace. */
const MOST_BETWEEN = 600;

/** A paste that breaks off is taken for the symptom when it has this much of it. */
const PART = 2 / 3;

/** Below this a text is too common to tell anything by a part of a symptom. */
const LEAST_PART = 20;

/** A symptom made ready for searching. */
export interface SymptomPattern {
  /** The symptom as it is printed. */
  readonly symptom: string;
  /** What is literally the same each time. */
  readonly parts: readonly string[];
  /** Number of characters in the parts: the more, the more telling. */
  readonly weight: number;
  readonly pattern: RegExp;
}

/** Makes a symptom ready; `…` in it stands for anything. */
export function compileSymptom(symptom: string): SymptomPattern {
  const text = normalizeErrorText(symptom);
  const parts = text.split("…").map((part) => part.trim()).filter((part) => part !== "");
  const gaps = (text.match(/(?<=.) ?… ?(?=.)/g) ?? [])
    .map((gap) => `[^]{0,${gap === " … " ? MOST_BETWEEN : MOST_INSIDE}}?`);
  const source = parts.map((part, i) => i === 0 ? bounded(part) : gaps[i - 1] + bounded(part))
    .join("");
  return {
    symptom,
    parts,
    weight: parts.reduce((sum, { length }) => sum + length, 0),
    pattern: new RegExp(source),
  };
}

/** How well a normalised text fits a symptom: 0 not at all, otherwise the characters that agree. */
export function matchSymptom(text: string, { parts, weight, pattern }: SymptomPattern): number {
  if (pattern.test(text)) return weight;
  const whole = parts.length === 1 ? parts[0] : "";
  const isPart = text.length >= LEAST_PART && text.length >= whole.length * PART &&
    text.length < whole.length && new RegExp(bounded(text)).test(whole);
  return isPart ? text.length * PART : 0;
}

/** A text that must not go on in the middle of a word: CUDA is not CUDA_MAJOR, 'foo' not 'foobar'. */
function bounded(part: string): string {
  const quoted = part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const before = /^\w/.test(part) ? "(?<!\\w)" : "";
  const after = /\w$/.test(part) ? "(?!\\w)" : "";
  return `${before}${quoted}${after}`;
}
