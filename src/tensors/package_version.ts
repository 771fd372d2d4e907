import { readFileSync } from "node:fs";

/** The version that a package.json names, or `"unknown"`. */
export function packageVersion(manifest: string): string {
  try {
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version?: unknown };
    return typeof version === "string" ? version : "unknown";
  } catch {
    return "unknown";
  }
}
