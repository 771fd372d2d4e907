import { hash32 } from "../_internal/hash32.ts";

/** Longest name in UTF-8 bytes: leaves room for what atomic writes add to a temporary name. */
const MOST_BYTES = 100;

// Names that Windows gives to devices, with any extension.
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/**
 * A name that every file system takes as one file or folder name, whatever a stage or a class is
 * called. Letters of all alphabets stay; separators, control characters and what Windows refuses
 * become `_`; leading and trailing dots go; a name over 100 bytes is cut and ends in its hash.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { safeName } from "@qsight/qsight/runs";
 *
 * assert.equal(safeName("../etc/passwd"), "_etc_passwd");
 * assert.equal(safeName("Mäßig (Grad 2)"), "Mäßig_(Grad_2)");
 * ```
 */
export function safeName(name: string): string {
  const clean = name.normalize("NFC")
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0020\u007f<>:"/\\|?*]/g, "_")
    .replace(/\p{Cs}/gu, "_")
    .replace(/^\.+/, "")
    .replace(/[. ]+$/, "");
  const named = clean === "" ? "_" : RESERVED.test(clean) ? `_${clean}` : clean;
  return byteLength(named) <= MOST_BYTES ? named : shorten(named);
}

/**
 * A relative path made of safe names. `/` parts folders; empty parts, `.` and `..` do not climb.
 *
 * @throws {TypeError} when there is no name in it
 */
export function safePath(path: string): string {
  const parts = path.split("/").filter((part) => !["", ".", ".."].includes(part.trim()));
  if (parts.length === 0) {
    throw new TypeError(`Path "${path}" names no file: pass one such as "reports/notes.txt"`);
  }
  return parts.map(safeName).join("/");
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function shorten(name: string): string {
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? "";
  const end = `-${hash32(name).toString(16).padStart(8, "0")}${extension}`;
  let stem = "";
  for (const character of name) {
    if (byteLength(stem + character + end) > MOST_BYTES) break;
    stem += character;
  }
  return stem + end;
}
