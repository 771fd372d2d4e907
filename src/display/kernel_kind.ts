/** What a Deno kernel offers to cells; the part that this room uses. */
export interface DenoJupyter {
  display(value: unknown, options?: { raw?: boolean }): Promise<void>;
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
}

/** The front end that this code runs in. */
export type KernelKind = "deno" | "tslab" | "none";

/**
 * Which Jupyter kernel this process is: the Deno kernel, tslab on Node, or none (a script, a test).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { kernelKind } from "@qsight/qsight/display";
 *
 * assert.equal(kernelKind(), "none"); // this example does not run in a notebook
 * ```
 */
export function kernelKind(): KernelKind {
  if (denoJupyter() !== undefined) return "deno";
  return tslabScript() === undefined ? "none" : "tslab";
}

/** `Deno.jupyter` inside a Deno kernel. */
export function denoJupyter(): DenoJupyter | undefined {
  const deno = (globalThis as { Deno?: { jupyter?: DenoJupyter } }).Deno;
  try {
    return deno?.jupyter;
  } catch {
    // The getter throws outside a kernel; there is no other way to ask.
    return undefined;
  }
}

/** The script of the tslab kernel that runs this process; it is started as `tslab kernel …`. */
export function tslabScript(): string | undefined {
  const { process } = globalThis as { process?: { argv?: readonly string[] } };
  const [, script, command] = process?.argv ?? [];
  return script !== undefined && /\btslab\b/.test(script) && command === "kernel"
    ? script
    : undefined;
}
