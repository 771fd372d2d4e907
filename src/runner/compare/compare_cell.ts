import type { CodeCell, Output } from "../notebook/nbformat.ts";
import type { CellRules } from "./cell_rules.ts";
import { cleanText, comparePart, type ComparePartOptions, isText } from "./compare_part.ts";
import { excerpt, type PartDifference } from "./compare_text.ts";
import { type OutputParts, outputParts } from "./output_parts.ts";

/** A difference of a cell, whichever cell it is. */
export type CellDifference = PartDifference & { readonly part: string };

/** Compares the outputs of a cell, as its rules want it. */
export async function compareCell(
  stored: CodeCell,
  fresh: CodeCell,
  { check, ignore, ...options }: ComparePartOptions & {
    readonly check: CellRules["check"];
    readonly ignore: readonly string[];
  },
): Promise<CellDifference[]> {
  const was = outputParts(stored.outputs, { ignore }), is = outputParts(fresh.outputs, { ignore });
  const differences: CellDifference[] = [];
  for (const part of new Set([...was.keys(), ...is.keys()])) {
    const [before, after] = [was.get(part) ?? [], is.get(part) ?? []];
    if (before.length === 0 || after.length === 0) {
      const oneSided = before.length === 0
        ? unexpected(part, after, { alone: !isRicher(part, fresh.outputs, was), options })
        : missing(part, before, { alone: !isRicher(part, stored.outputs, is), options });
      differences.push({ part, ...oneSided });
    } else if (check !== "variable") {
      const found = before.length === after.length
        ? await pairs(part, { before, after }, options)
        : [otherCount(part, { before, after }, options)];
      differences.push(...found.map((difference) => ({ part, ...difference })));
    }
  }
  return differences;
}

interface Sides {
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
}

async function pairs(part: string, sides: Sides, options: ComparePartOptions) {
  const found: PartDifference[] = [];
  for (const [i, stored] of sides.before.entries()) {
    const difference = await comparePart(part, { stored, fresh: sides.after[i] }, options);
    if (difference === undefined) continue;
    const which = sides.before.length > 1 ? `output ${i + 1} of ${sides.before.length}, ` : "";
    found.push({ ...difference, message: `${which}${difference.message}` });
  }
  return found;
}

/** More or fewer contents of one part: those that are equal at both ends are left out. */
function otherCount(part: string, sides: Sides, options: ComparePartOptions): PartDifference {
  const [before, after] = [sides.before, sides.after].map((contents) =>
    contents.map((content) => textOf(part, content, options) ?? String(content))
  );
  const length = Math.min(before.length, after.length);
  let [head, tail] = [0, 0];
  while (head < length && before[head] === after[head]) head++;
  while (tail < length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const kind = before.length > after.length ? "missing" : "unexpected";
  const message = `${before.length} ${part} outputs are stored, and ${after.length} came`;
  if (!isText(part)) return { kind, message };
  const [stored, fresh] = [before, after].map((texts) =>
    texts.slice(head, texts.length - tail).join("\n")
  );
  return { kind, message, stored, fresh };
}

type OneSided = { readonly alone: boolean; readonly options: ComparePartOptions };

function missing(part: string, contents: readonly unknown[], { alone, options }: OneSided) {
  const text = textOf(part, contents[0], options);
  const what = alone ? "did not come" : "did not come; the output came without this richer form";
  const shown = text === undefined ? "" : `: ${excerpt(text)}`;
  const difference = { kind: "missing" as const, message: `${part} is stored and ${what}${shown}` };
  return text === undefined ? difference : { ...difference, stored: text };
}

function unexpected(part: string, contents: readonly unknown[], { alone, options }: OneSided) {
  const text = textOf(part, contents[0], options);
  const what = alone ? "is not stored" : "is not stored; the output has it as a richer form";
  const shown = text === undefined ? "" : `: ${excerpt(text)}`;
  const difference = { kind: "unexpected" as const, message: `${part} came and ${what}${shown}` };
  return text === undefined ? difference : { ...difference, fresh: text };
}

/** Whether a type stands only beside others that the other side has too. */
function isRicher(part: string, outputs: readonly Output[], others: OutputParts): boolean {
  const holders = outputs.filter((output) => "data" in output && Object.hasOwn(output.data, part));
  return holders.length > 0 &&
    holders.every((output) =>
      "data" in output && Object.keys(output.data).some((mime) => others.has(mime))
    );
}

/** What a report can show of a content; undefined for pictures and the like. */
function textOf(
  part: string,
  content: unknown,
  { sanitize }: ComparePartOptions,
): string | undefined {
  if (typeof content !== "string") return JSON.stringify(content);
  return isText(part) ? cleanText(content, sanitize) : undefined;
}
