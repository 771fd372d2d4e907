import process from "node:process";

/** Versions of the runtime, and of the package that a sampler is made of. */
export async function samplerVersions(chosen: string): Promise<Record<string, string>> {
  const { deno, node, v8 } = process.versions as Record<string, string | undefined>;
  const found: Record<string, string | undefined> = { deno, node, v8 };
  if (chosen === "quantum-circuit") {
    const data = await import("quantum-circuit/package.json", { with: { type: "json" } });
    found[chosen] = (data.default as { readonly version: string }).version;
  }
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, version]) =>
      version === undefined ? [] : [[name, version]]
    ),
  );
}
