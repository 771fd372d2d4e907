import { fileLink, type Html, inert, linkTo, markup } from "./html.ts";
import { counted, LIMITS, shortText, whole } from "./limits.ts";
import type { CamCard, CamPanel, CamRecords } from "./load_cams.ts";
import { picker } from "./picker.ts";
import { absent, noteList, section } from "./section.ts";
import type { Thumbnails } from "./thumbnails.ts";
import { verdictMark } from "./verdict_mark.ts";

/** Explained images by stage and epoch, with what the check of their maps found. */
export function gallerySection(
  { panels, notes }: CamRecords,
  thumbnails: Thumbnails,
): Html {
  const title = "Explanations";
  if (panels.length === 0) {
    return section(
      "explanations",
      title,
      markup`${absent("There are no explained images under reports/visualizations.")}
${noteList(notes)}`,
    );
  }
  const stages = [...new Set(panels.map(({ place }) => place.stage))];
  const count = panels.reduce((sum, { cards }) => sum + cards.length, 0);
  const linked = thumbnails.linked === 0 ? [] : [
    `${
      whole(thumbnails.linked)
    } pictures are not in this page: it loads them from the run folder ` +
    `when they come into view (the page itself carries about ` +
    `${LIMITS.thumbnailCharacters / 1e6} MB of them).`,
  ];
  return section(
    "explanations",
    title,
    markup`<p>${
      counted(count, "explained image")
    }. Left the image, right the same with the map over it:
what the answer rests on. Each picture leads to its file.</p>
${picker({ id: "cam", label: "Explanations to show", stages, heads: [] })}
<p class="controls gallery-filter"><label>Filter <input type="search" autocomplete="off" spellcheck="false"></label>
<label><input type="checkbox" autocomplete="off"> only wrong predictions</label> <output aria-live="polite"></output>
<span class="turn"><button type="button" data-turn="-1">Previous</button>
<button type="button" data-turn="1">Next</button></span></p>
<div id="cam-panels" class="panels gallery">${
      panels.map((panel) => camPanel(panel, stages.indexOf(panel.place.stage), thumbnails))
    }</div>
${noteList([...notes, ...linked])}`,
  );
}

function camPanel(panel: CamPanel, stage: number, thumbnails: Thumbnails): Html {
  const { place, cards, verdicts, picture, missingClasses } = panel;
  return markup`<article data-stage="${stage}" data-epoch="${place.epoch}" data-head="0">
<h3>Stage ${place.stage}, epoch ${place.epoch}</h3>
${
    verdicts.map(({ method, verdict, reasons }) =>
      markup`<div class="verdict-box"><p>${verdictMark(verdict)} <b>${method}: ${verdict}</b></p>
<ul>${reasons.map((reason) => markup`<li>${shortText(reason)}</li>`)}</ul></div>
`
    )
  }
${
    verdicts.length === 0
      ? absent("It was not checked whether these maps can be believed.")
      : undefined
  }
${
    missingClasses.length === 0
      ? undefined
      : markup`<p class="note">No image of: ${missingClasses.join(", ")}.</p>`
  }
${
    picture === undefined
      ? undefined
      : markup`<p>${linkTo(picture, "All of them as one picture")}</p>`
  }
<ul class="cards">${cards.map((card) => cardMarkup(card, thumbnails))}</ul></article>
`;
}

function cardMarkup(card: CamCard, thumbnails: Thumbnails): Html {
  const { id, trueClass, predictedClass, explainedClass, head, method, layer, why, fault } = card;
  const known = trueClass !== undefined && predictedClass !== undefined;
  const right = trueClass === predictedClass;
  const mark = !known
    ? undefined
    : right
    ? markup`<span class="mark good">✓ right</span>`
    : markup`<span class="mark bad">✗ wrong</span>`;
  const result = known ? (right ? "right" : "wrong") : "unknown";
  const words = [id, trueClass, predictedClass, explainedClass].join(" ").toLowerCase();
  return markup`<li class="card" data-result="${result}" data-words="${shortText(words)}">${
    inert(markup`<div class="pair">
${picture(card.original, `Image ${id}`, thumbnails)}
${picture(card.overlay, `Map over ${id}`, thumbnails)}</div>
<p class="name">${shortText(id)} ${mark}</p>
<dl><dt>true</dt><dd>${trueClass ?? "not known"}</dd><dt>predicted</dt><dd>${
      predictedClass ?? "not known"
    }</dd><dt>explained</dt><dd>${explainedClass ?? "not known"}</dd></dl>
${
      fault === ""
        ? undefined
        : markup`<p class="bad">No usable map: ${shortText(fault)}</p>`
    }
<details><summary>How</summary>${
      [method, head && `head ${head}`, layer && `layer ${layer}`, why && shortText(why)]
        .filter(Boolean).join(", ")
    }</details>`)
  }</li>
`;
}

function picture(path: string | undefined, alt: string, { uris, faults }: Thumbnails): Html {
  if (path === undefined) return markup`<span class="none">${alt}: no file</span>`;
  const fault = faults.get(path);
  if (fault !== undefined) {
    return markup`<span class="none" title="${shortText(fault)}">${alt}: not a picture</span>`;
  }
  const source = uris.get(path) ?? fileLink(path, 1);
  if (source === undefined) return markup`<span class="none">${alt}</span>`;
  const { thumbnailSize: size } = LIMITS;
  // What the page carries is there at once; files are read when they come into view.
  const loading = uris.has(path) ? "eager" : "lazy";
  return linkTo(
    path,
    markup`<img src="${source}" alt="${alt}" width="${size}" height="${size}" loading="${loading}">`,
  );
}
