import { Buffer } from "node:buffer";
import { join, relative } from "node:path";
import { escapeMarkup } from "../_internal/escape_markup.ts";
import { messageOf } from "../_internal/message_of.ts";
import { sha256 } from "../_internal/sha256.ts";
import { writeAtomic } from "../_internal/write_atomic.ts";

/** What a front end is given: a value for each MIME type. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** What {@linkcode limitBundle} needs to know. */
export interface BundleLimit {
  /** Most bytes of what goes into the notebook. */
  readonly maxBytes: number;
  /** Where the whole goes; a name is made from its content where it is left out. */
  readonly file?: string;
  /** First part of that name. */
  readonly name?: string;
  /** Draws the picture smaller, where that can be done. */
  readonly png?: (options: { readonly scale: number }) => Promise<Uint8Array>;
}

/** What is saved whole, the most useful first, and the ending of its file. */
const WHOLE = [
  ["image/svg+xml", "svg"],
  ["text/html", "html"],
  ["image/png", "png"],
  ["image/jpeg", "jpg"],
  ["text/markdown", "md"],
  ["text/plain", "txt"],
] as const;
/** Room for the sentence with the link. */
const NOTE_BYTES = 2000;

/**
 * What may stand in a notebook of a bundle: all of it, or, where that is more than `maxBytes`, what
 * fits and a note with a link to a file that has the whole. A picture is drawn smaller if need be; a
 * text is cut.
 */
export async function limitBundle(
  bundle: MimeBundle,
  limit: BundleLimit,
): Promise<readonly MimeBundle[]> {
  const bytes = bytesOf(bundle);
  if (bytes <= limit.maxBytes) return [bundle];
  const smaller = await fitting(bundle, limit);
  return [smaller, noteOf(await saveWhole(bundle, limit), bytes)];
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(typeof value === "string" ? value : JSON.stringify(value) ?? "");
}

/** The picture first, then whatever else has room. */
async function fitting(bundle: MimeBundle, limit: BundleLimit): Promise<MimeBundle> {
  let room = Math.max(0, limit.maxBytes - NOTE_BYTES);
  const kept: Record<string, unknown> = {};
  const keep = (type: string, value: unknown) => {
    kept[type] = value;
    room -= bytesOf(value);
  };
  const { "image/png": png, "text/plain": text, ...others } = bundle;
  if (typeof png === "string") {
    const fits = bytesOf(png) <= room ? png : await smallerPng(png, limit, room);
    if (fits !== undefined) keep("image/png", fits);
  }
  if (typeof text === "string") keep("text/plain", cutText(text, room));
  // A trusted reader prefers HTML and SVG to the picture: they are shown whole or not at all.
  for (const [type, value] of Object.entries(others)) {
    if (bytesOf(value) <= room) keep(type, value);
  }
  return kept;
}

async function smallerPng(
  png: string,
  { png: draw }: BundleLimit,
  room: number,
): Promise<string | undefined> {
  if (draw === undefined) return undefined;
  let scale = Math.sqrt(room / bytesOf(png));
  for (let attempt = 0; attempt < 8; attempt++, scale *= 0.8) {
    const drawn = Buffer.from(await draw({ scale })).toString("base64");
    if (drawn.length <= room) return drawn;
  }
  return undefined;
}

function cutText(text: string, room: number): string {
  if (bytesOf(text) <= room) return text;
  const kept = Buffer.from(text).subarray(0, Math.max(0, room - 3)).toString();
  return `${kept.replace(/\uFFFD+$/, "")}…`;
}

/** The path of the file, or why there is none. */
async function saveWhole(
  bundle: MimeBundle,
  { file, name = "output" }: BundleLimit,
): Promise<{ readonly path: string } | { readonly reason: string }> {
  const [type, ending] = WHOLE.find(([type]) => typeof bundle[type] === "string") ??
    ["application/json", "json"];
  const value = bundle[type];
  const content = type.startsWith("image/") && type !== "image/svg+xml"
    ? Buffer.from(value as string, "base64")
    : typeof value === "string"
    ? value
    : JSON.stringify(bundle);
  const path = file ?? join("figures", `${name}-${sha256(content).slice(0, 8)}.${ending}`);
  try {
    await writeAtomic(path, content);
    return { path };
  } catch (error) {
    return { reason: messageOf(error) };
  }
}

function noteOf(
  saved: { readonly path: string } | { readonly reason: string },
  bytes: number,
): MimeBundle {
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  if ("reason" in saved) {
    const text = `Shown in part: the whole is ${size}, too much for a notebook, and could not be ` +
      `saved (${saved.reason}). Pass show(value, { file }) a place that can be written, or a larger ` +
      `maxBytes`;
    return { "text/html": `<p>${escapeMarkup(text)}</p>`, "text/plain": text };
  }
  const path = relative(".", saved.path).replaceAll("\\", "/") || saved.path;
  const href = encodeURI(path);
  return {
    "text/html": `<p>Shown in part: the whole is ${size}, in ` +
      `<a href="${escapeMarkup(href)}" target="_blank">${escapeMarkup(path)}</a></p>`,
    "text/plain": `Shown in part: the whole is ${size}, in ${path}`,
  };
}
