import type { DefaultTreeAdapterTypes } from "parse5";
import { loadPackage } from "../../_internal/load_package.ts";
import { TablePlaces } from "./table_places.ts";

/** A tag of a document, or the text between two tags: there is always one, if only an empty one. */
export interface MarkupToken {
  /** Which of the three. */
  readonly kind: "open" | "close" | "text";
  /** Name of the element; of a text the element that it stands in. */
  readonly name: string;
  /** Sorted by name; empty for texts and closing tags. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Blanks are collapsed as a browser does. */
  readonly text: string;
  /** Part of a drawing, in HTML too. */
  readonly isSvg: boolean;
  /** Where in a table it stands, in words; empty outside of one. */
  readonly place: () => string;
}

/** A document as a list of tags and texts. */
export interface Markup {
  /** In the order of the document. */
  readonly tokens: readonly MarkupToken[];
  /** How many rows each table has. */
  readonly tableRows: readonly number[];
}

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

/** Elements within a line: blanks at their edges are seen. */
const INLINE = new Set([
  ...["a", "abbr", "b", "bdi", "bdo", "big", "button", "cite", "code", "data", "del", "dfn", "em"],
  ...["font", "i", "img", "input", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp"],
  ...["select", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var"],
  ...["textPath", "tspan"],
]);
const NONE: MarkupToken["attributes"] = [];
const SVG = "http://www.w3.org/2000/svg";

/** Parses HTML or SVG leniently, as a browser does. Comments and the metadata of SVG are dropped. */
export async function markupTokens(source: string): Promise<Markup> {
  const { parseFragment } = await loadPackage("parse5", () => import("parse5"));
  const walk = new MarkupWalk();
  walk.walk(parseFragment(source).childNodes);
  return { tokens: walk.tokens, tableRows: walk.places.rows };
}

class MarkupWalk {
  readonly tokens: MarkupToken[] = [];
  readonly places = new TablePlaces();
  #text = "";
  /** Elements in which blanks count. */
  #preformatted = 0;

  /** Without recursion: what a kernel sends may be nested deeper than the stack. */
  walk(nodes: readonly Node[]): void {
    const open: Element[] = [];
    const todo: (Node | "close")[] = nodes.toReversed();
    for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
      const parent = open.at(-1);
      if (node === "close") {
        this.#tag("close", open.pop()!, open.at(-1));
      } else if ("value" in node) this.#text += node.value;
      else if ("tagName" in node && !(node.namespaceURI === SVG && node.tagName === "metadata")) {
        this.#tag("open", node, parent);
        open.push(node);
        const children = "content" in node ? node.content.childNodes : node.childNodes;
        todo.push("close");
        for (const child of children.toReversed()) todo.push(child);
      }
    }
    this.#flush(undefined, undefined);
  }

  #tag(kind: "open" | "close", element: Element, parent: Element | undefined): void {
    this.#flush(kind === "open" ? parent : element, element.tagName);
    const { tagName: name } = element;
    if (/^(?:pre|textarea)$/.test(name)) this.#preformatted += kind === "open" ? 1 : -1;
    if (kind === "open") this.places.open(name);
    const attributes = kind === "close" || element.attrs.length === 0 ? NONE : element.attrs
      .map(({ prefix, name, value }) =>
        [prefix ? `${prefix}:${name}` : name, collapsed(value).trim()] as const
      )
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const isSvg = element.namespaceURI === SVG;
    this.tokens.push({ kind, name, attributes, text: "", isSvg, place: this.places.current() });
    if (kind === "close") this.places.close(name);
  }

  /** Ends the text before the next tag. */
  #flush(parent: Element | undefined, next: string | undefined): void {
    let text = this.#text;
    this.#text = "";
    if (this.#preformatted === 0) {
      text = collapsed(text);
      const before = this.tokens.at(-1)?.name;
      if (before === undefined || !INLINE.has(before)) text = text.replace(/^ /, "");
      if (next === undefined || !INLINE.has(next)) text = text.replace(/ $/, "");
    }
    this.places.text(text);
    const [name, isSvg] = [parent?.tagName ?? "", parent?.namespaceURI === SVG];
    const place = this.places.current();
    this.tokens.push({ kind: "text", name, attributes: NONE, text, isSvg, place });
  }
}

function collapsed(text: string): string {
  return text.replace(/[ \t\n\r\f]+/g, " ");
}
