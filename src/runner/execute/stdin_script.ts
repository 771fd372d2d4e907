/** A question of a cell. */
export interface StdinQuestion {
  /** What the cell says it wants. */
  readonly prompt: string;
  /** The answer should not be shown. */
  readonly password: boolean;
  /** Index of the asking cell among all cells, from 0. */
  readonly cellIndex: number;
}

/** Answers in order, or a function that gives one; undefined refuses. */
export type StdinScript =
  | readonly string[]
  | ((question: StdinQuestion) => string | undefined);

/** The function that answers; a list is used up from its start. */
export function stdinAnswers(
  script: StdinScript | undefined,
): (question: StdinQuestion) => string | undefined {
  if (typeof script === "function") return script;
  const left = [...(script ?? [])];
  return () => left.shift();
}
