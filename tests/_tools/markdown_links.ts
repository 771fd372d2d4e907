// Links and anchors of Markdown documents, as GitHub shows them.

/** A link of a document that leads into the project. */
export interface DocumentLink {
  readonly text: string;
  /** Relative path; empty for a place in the document itself. */
  readonly path: string;
  /** Place in the document behind the path; empty for its beginning. */
  readonly anchor: string;
}

const FENCED = /^(`{3,}|~{3,}).*\n(?:.*\n)*?\1[ \t]*$/gm;

/** Without fenced blocks, and without what would be a link in inline code. */
function prose(markdown: string): string {
  return markdown.replace(FENCED, "")
    .replace(/`[^`\n]+`/g, (code) => code.replace(/[[\]()]/g, ""));
}

/** The links of a document that do not leave the project. */
export function documentLinks(markdown: string): DocumentLink[] {
  return [...prose(markdown).matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].flatMap(([, text, target]) => {
    if (/^[a-z]+:/i.test(target)) return [];
    const [path, anchor = ""] = target.split("#").map(decodeURIComponent);
    return [{ text: text.replace(/\s+/g, " "), path, anchor }];
  });
}

/** The places that a link to a document can name: its headings. */
export function documentAnchors(markdown: string): string[] {
  const plain = markdown.replace(FENCED, "");
  const seen = new Map<string, number>();
  return [...plain.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading]) => {
    const slug = heading.toLowerCase().replace(/\]\([^)]*\)/g, "")
      .replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}
