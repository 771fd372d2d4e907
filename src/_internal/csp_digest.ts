import { createHash } from "node:crypto";

/** A script or style as the policy of a page names it, so that no other one runs. */
export function cspDigest(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
