/** What Deno must allow before a check can look; without it the check is skipped. */
export type Need = "read" | "run" | "env" | "write";
