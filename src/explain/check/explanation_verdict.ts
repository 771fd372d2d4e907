import type { MaskMeasure, Measure, MethodCheck } from "./explanation_check.ts";
import { fixed } from "./fixed.ts";

/** What is judged: a method's measures without the verdict. */
export type Measured = Omit<MethodCheck, "verdict" | "reasons">;

/** A gain in probability that is smaller is no gain, however sure. */
const LEAST_GAIN = 0.01;

/**
 * Puts the measures into one word.
 *
 * - "undecided": too few maps are ok, ROAD may or may not be better than that of random maps (the
 *   95 % interval of the difference over images holds 0), deletion and insertion both
 *   contradict it, or the weights were not randomised
 * - "doubtful": the maps do not change with the weights, or ROAD is no better than random
 * - "trustworthy": ROAD is better than random, and the maps change with the weights
 *
 * ROAD decides between the measures of faithfulness, as the others also see how unlike a photograph
 * the changed image is. Masks decide nothing: a true map of a model that looks beside the lesion
 * lies beside the lesion.
 */
export function explanationVerdict(
  measured: Measured,
  { minimum }: { readonly minimum: number },
): Pick<MethodCheck, "verdict" | "reasons"> {
  const { ok, images, randomization } = measured;
  if (ok < minimum) {
    const reason = `${ok} of ${images} maps are ok, at least ${minimum} are needed for a verdict`;
    return { verdict: "undecided", reasons: [reason, ...blankReasons(measured)] };
  }
  const faithful = faithfulness(measured);
  const sanity = randomization?.reason ??
    "whether the maps change with the weights was not checked: pass randomization: true";
  const changes = randomization?.verdict ?? "undecided";
  const more = [...maskReasons(measured), ...blankReasons(measured)];
  if (changes === "failed") {
    return { verdict: "doubtful", reasons: [sanity, ...faithful.reasons, ...more] };
  }
  const reasons = [...faithful.reasons, sanity, ...more];
  if (faithful.better === false) return { verdict: "doubtful", reasons };
  if (faithful.better === null || changes === "undecided") return { verdict: "undecided", reasons };
  return { verdict: "trustworthy", reasons };
}

/** Whether removing what the map shows costs more than removing anything; null when unclear. */
function faithfulness(
  { road, deletion, insertion }: Measured,
): { better: boolean | null; reasons: string[] } {
  const against = (name: string, { value, random, direction }: Measure) =>
    `${name} ${fixed(value!)} against ${fixed(random!)} of a random map` +
    (direction === "lower is better" ? " (lower is better)" : "");
  const others = [against("deletion", deletion), against("insertion", insertion)];
  const { mean, low, high } = road.gain!;
  const said = against("ROAD", road);
  if (mean <= 0 || high < LEAST_GAIN) {
    return { better: false, reasons: [`${said}: no better`, ...others] };
  }
  if (low <= 0) {
    const reason = `${said}: too few images to tell them apart ` +
      `(difference ${fixed(low)} to ${fixed(high)})`;
    return { better: null, reasons: [reason, ...others] };
  }
  if (mean < LEAST_GAIN) {
    return { better: false, reasons: [`${said}: hardly better`, ...others] };
  }
  if (deletion.gain!.mean < 0 && insertion.gain!.mean < 0) {
    return { better: null, reasons: [`${said}, but deletion and insertion contradict`, ...others] };
  }
  return { better: true, reasons: [said, ...others] };
}

function maskReasons({ pointing, energy }: Measured): string[] {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const said = (text: string, { value, chance, images }: MaskMeasure) =>
    `${text} ${percent(value!)} (chance ${percent(chance)}, ${images} images with a mask)`;
  return [
    ...pointing === null ? [] : [said("the highest point lies in the mask in", pointing)],
    ...energy === null ? [] : [said("share of the map inside the mask:", energy)],
  ];
}

function blankReasons({ blank }: Measured): string[] {
  return Object.entries(blank).map(([status, count]) =>
    `${count} maps are left out: status "${status}"`
  );
}
