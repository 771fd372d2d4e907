import { shareColour, textColourOn } from "../plots/theme.ts";

const STEPS = 20;

/** The class of a table cell that is coloured by a share, 0 to 1. */
export function shadeOf(share: number): string {
  return `share-${Math.round(Math.min(1, Math.max(0, share)) * STEPS)}`;
}

/** The colours of these classes; the policy of the page forbids styles in attributes. */
export function shadeStyle(): string {
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const colour = shareColour(i / STEPS);
    return `.share-${i} { background: ${colour}; color: ${textColourOn(colour)}; }`;
  }).join("\n");
}
