import { Buffer } from "node:buffer";
import { compareImages } from "./compare_images.ts";
import { compareJson } from "./compare_json.ts";
import { compareMarkup } from "./compare_markup.ts";
import { compareText, type PartDifference } from "./compare_text.ts";
import type { NumberTolerance } from "./number_tolerance.ts";

/** How the contents of one cell are compared. */
export interface ComparePartOptions {
  /** For numbers; undefined wants them equal as text. */
  readonly tolerance: NumberTolerance | undefined;
  /** Share of the pixels that may differ; undefined leaves it to the comparison of pictures. */
  readonly imageTolerance: number | undefined;
  /** Applied to every text before it is compared. */
  readonly sanitize: (text: string) => string;
}

/** Compares two contents of a part in the way of its type. Undefined when they are equal. */
export async function comparePart(
  part: string,
  { stored, fresh }: { readonly stored: unknown; readonly fresh: unknown },
  options: ComparePartOptions,
): Promise<PartDifference | undefined> {
  if (stored === fresh) return undefined;
  const { tolerance, imageTolerance, sanitize } = options;
  if (typeof stored !== "string" || typeof fresh !== "string") {
    return compareJson(stored, fresh, { tolerance, sanitize });
  }
  if (part === "image/png" || part === "image/jpeg") {
    const images = [stored, fresh].map((text) => new Uint8Array(Buffer.from(text, "base64")));
    const { equal, message, image } = await compareImages(
      images[0],
      images[1],
      imageTolerance === undefined ? {} : { tolerance: imageTolerance },
    );
    return equal ? undefined : { kind: "image", message, image };
  }
  const [was, is] = [cleanText(stored, sanitize), cleanText(fresh, sanitize)];
  if (part === "text/html") return await compareMarkup(was, is, { kind: "html", tolerance });
  if (part === "image/svg+xml") return await compareMarkup(was, is, { kind: "svg", tolerance });
  if (isText(part)) return compareText(was, is, tolerance);
  if (was === is) return undefined;
  const message = `the contents differ, of ${stored.length} and ${fresh.length} characters`;
  return { kind: "text", message };
}

/** A text as it is compared: without the colours of a terminal, and sanitised. */
export function cleanText(text: string, sanitize: (text: string) => string): string {
  return sanitize(text.includes("\x1b") ? text.replace(ANSI, "") : text);
}

// deno-lint-ignore no-control-regex
const ANSI = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])/g;

/** Whether a person can read the content: a stream, an error or a type of text. */
export function isText(part: string): boolean {
  return !part.includes("/") || /^text\/|(?:script|[/+]xml)$/.test(part);
}
