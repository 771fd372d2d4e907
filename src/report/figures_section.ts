import { fileLink, type Html, linkTo, markup } from "./html.ts";
import type { FigureFile, FigureGroup } from "./load_figures.ts";
import { absent, section } from "./section.ts";

/** Architecture, circuit, curves of heads and whatever else was drawn, each with its file. */
export function figuresSection(groups: readonly FigureGroup[]): Html {
  if (groups.length === 0) {
    return section(
      "figures",
      "Other figures",
      absent("There are no other figures under reports."),
    );
  }
  return section(
    "figures",
    "Other figures",
    markup`<p>The page carries those of the whole run; the others are loaded from the run folder when their
group is opened. Beside each SVG stands a JSON file with the numbers behind it.</p>
${
      groups.map(({ title, figures }, i) =>
        i === 0
          ? markup`<h3>${title}</h3>${pictures(figures)}`
          : markup`<details><summary>${title}</summary>
${pictures(figures)}</details>
`
      )
    }`,
  );
}

function pictures(figures: readonly FigureFile[]): Html {
  return markup`<div class="plot pictures">${
    figures.map(({ name, path, uri }) => {
      const source = uri ?? fileLink(path, 1);
      return source === undefined ? undefined : markup`<figure>${
        linkTo(
          path,
          markup`<img src="${source}" alt="${name}" loading="${
            uri === undefined ? "lazy" : "eager"
          }">`,
        )
      }<figcaption>${name}</figcaption></figure>
`;
    })
  }</div>`;
}
