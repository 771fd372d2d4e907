import { type Html, markup } from "./html.ts";

/** What a picker chooses among. */
export interface PickerOptions {
  /** Unique on the page; the panels stand in the element `<id>-panels`. */
  readonly id: string;
  /** What is picked, for those who cannot see it. */
  readonly label: string;
  readonly stages: readonly string[];
  readonly heads: readonly string[];
  /** The head that is shown first, by its place. */
  readonly head?: number;
  /** Whether panels have epochs. @default {true} */
  readonly epochs?: boolean;
}

/**
 * Choices of stage, epoch and head. Each panel says its own by number (`data-stage`, `data-epoch`,
 * `data-head`); the page's script shows the one that is chosen, and without it all are shown.
 */
export function picker(
  { id, label, stages, heads, head = heads.length - 1, epochs = true }: PickerOptions,
): Html {
  return markup`<div class="controls picker" role="group" aria-label="${label}" data-panels="${id}-panels">
${choices(`${id}-stage`, { legend: "Stage", names: stages, chosen: stages.length - 1 })}
${
    epochs
      ? markup`<label class="epoch">Epoch <input type="range" min="0" max="0" value="0" autocomplete="off">
<output></output></label>`
      : undefined
  }
${choices(`${id}-head`, { legend: "Head", names: heads, chosen: head })}
</div>`;
}

function choices(
  name: string,
  { legend, names, chosen }: { legend: string; names: readonly string[]; chosen: number },
): Html | undefined {
  if (names.length < 2) return undefined;
  const kind = legend.toLowerCase();
  return markup`<fieldset class="${kind}"><legend>${legend}</legend>${
    names.map((text, i) =>
      i === chosen
        ? markup`<label><input type="radio" name="${name}" value="${i}" autocomplete="off" checked><span>${text}</span></label>`
        : markup`<label><input type="radio" name="${name}" value="${i}" autocomplete="off"><span>${text}</span></label>`
    )
  }</fieldset>`;
}
