import type { Notebook } from "../notebook/nbformat.ts";

/** Why the types of a notebook cannot be checked for the Deno kernel, or undefined when they can. */
export function notDenoTypeScript({ metadata }: Notebook): string | undefined {
  const spec = (metadata.kernelspec ?? {}) as { name?: unknown; language?: unknown };
  const info = (metadata.language_info ?? {}) as { name?: unknown };
  const kernel = String(spec.name ?? "deno");
  if (/^[tj]slab$/i.test(kernel)) {
    return `its kernel ${kernel} has other rules than Deno; tslab checks each cell before it runs it`;
  }
  const language = spec.language ?? info.name ?? (kernel === "deno" ? "typescript" : undefined);
  if (language === undefined) return `nothing says that its kernel "${kernel}" runs TypeScript`;
  if (String(language).toLowerCase() === "typescript") return undefined;
  return `its language is ${language}, not TypeScript`;
}
