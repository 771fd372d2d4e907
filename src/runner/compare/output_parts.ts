import { settleText } from "../execute/settle_text.ts";
import type { Output } from "../notebook/nbformat.ts";

/** Contents of a cell's outputs: `"stdout"`, `"stderr"`, `"error"` and MIME types, each in order. */
export type OutputParts = ReadonlyMap<string, readonly unknown[]>;

/** The front end makes the ids in it anew in every run; nbval does not compare it either. */
const NEVER = ["application/vnd.jupyter.widget-view+json"];

/**
 * Sorts outputs by what is compared with what. Streams are one text each, so that it does not matter
 * how they were cut and interleaved; the order counts among contents of one part only. Metadata,
 * tracebacks, execution counts and whether something was displayed or returned are left out.
 */
export function outputParts(
  outputs: readonly Output[],
  { ignore = [] }: { readonly ignore?: readonly string[] } = {},
): OutputParts {
  const parts = new Map<string, unknown[]>();
  const add = (part: string, content: unknown) => {
    if (isIgnored(part, ignore)) return;
    const contents = parts.get(part);
    if (contents === undefined) parts.set(part, [content]);
    else contents.push(content);
  };
  for (const [name, text] of streams(outputs)) add(name, text);
  for (const output of outputs) {
    if (output.output_type === "error") add("error", `${output.ename}: ${output.evalue}`);
    if (!("data" in output)) continue;
    for (const [mime, content] of Object.entries(output.data)) add(mime, content);
  }
  return parts;
}

/** Whether a part is among the ignored ones, of which `image/*` means a family. */
export function isIgnored(part: string, ignore: readonly string[]): boolean {
  return [...NEVER, ...ignore].some((name) =>
    name.endsWith("/*") ? part.startsWith(name.slice(0, -1)) : part === name
  );
}

/** The whole text of each stream. A run settles each uninterrupted piece, so that is done first. */
function streams(outputs: readonly Output[]): Map<string, string> {
  const texts = new Map<string, string[]>();
  let last = "";
  for (const output of outputs) {
    const name = output.output_type === "stream" ? output.name : "";
    if (output.output_type === "stream") {
      const pieces = texts.get(name) ?? [];
      if (name === last) pieces.push(pieces.pop() + output.text);
      else pieces.push(output.text);
      texts.set(name, pieces);
    }
    last = name;
  }
  return new Map(
    [...texts].map(([name, pieces]) => [name, settleText(pieces.map(settleText).join(""))]),
  );
}
