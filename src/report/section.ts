import { type Html, type HtmlPart, markup } from "./html.ts";

/** A part of the page with a heading that the contents lead to. */
export function section(id: string, title: string, content: HtmlPart): Html {
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`;
}

/** What stands in the place of something that a run lacks: the words why. */
export function absent(text: HtmlPart): Html {
  return markup`<p class="absent">${text}</p>`;
}

/** Sentences about what was left out or is missing, each its own paragraph. */
export function noteList(notes: readonly string[]): Html | undefined {
  if (notes.length === 0) return undefined;
  const shown = notes.slice(0, 12), rest = notes.length - shown.length;
  return markup`<div class="note">${shown.map((note) => markup`<p>${note}</p>`)}${
    rest > 0 ? markup`<p>and ${rest} more such notes</p>` : undefined
  }</div>`;
}

/** Names and values as a list of definitions; undefined ones are left out. */
export function definitions(entries: readonly (readonly [string, HtmlPart])[]): Html {
  const shown = entries.filter(([, value]) => value !== undefined);
  return markup`<dl>${
    shown.map(([name, value]) =>
      markup`<div><dt>${name}</dt><dd>${value}</dd></div>
`
    )
  }</dl>`;
}
