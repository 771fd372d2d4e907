import type { RuntimeFacts } from "./snapshot.ts";
import type { HardwareSources } from "./sources.ts";

/** Which runtime executes this code. */
export function runtimeFacts(sources: Pick<HardwareSources, "versions">): RuntimeFacts {
  const { deno, node, v8 = "unknown" } = sources.versions();
  if (deno !== undefined) return { name: "deno", version: deno, v8 };
  if (node !== undefined) return { name: "node", version: node, v8 };
  return { name: "other", version: "unknown", v8 };
}
