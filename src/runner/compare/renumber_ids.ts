import type { MarkupToken } from "./markup_tokens.ts";

/**
 * Names the ids of drawings by the order in which they appear: drawing libraries make them up anew
 * in every run, and what refers to them follows.
 */
export function renumberIds(tokens: readonly MarkupToken[]): readonly MarkupToken[] {
  const names = new Map<string, string>();
  for (const { isSvg, attributes } of tokens) {
    const id = isSvg ? attributes.find(([name]) => name === "id")?.[1] : undefined;
    if (id !== undefined && !names.has(id)) names.set(id, `id${names.size + 1}`);
  }
  if (names.size === 0) return tokens;
  const refer = (text: string) =>
    text.replace(
      /#([^\s"'()#,;{>+~]+)/g,
      (found, id) => names.has(id) ? `#${names.get(id)}` : found,
    );
  return tokens.map((token) => {
    if (!token.isSvg) return token;
    if (token.kind === "text") {
      return token.name === "style" ? { ...token, text: refer(token.text) } : token;
    }
    const attributes = token.attributes.map(([name, value]) => {
      const isList = name === "id" || name.startsWith("aria-");
      const renamed = isList
        ? value.split(" ").map((id) => names.get(id) ?? id).join(" ")
        : refer(value);
      return [name, renamed] as const;
    });
    return { ...token, attributes };
  });
}
