import { bootstrapInterval } from "../../metrics/bootstrap_interval.ts";
import type { Direction, MaskMeasure, Measure, MethodCheck } from "./explanation_check.ts";
import type { ImageMeasures, MeasuredImage } from "./measure_images.ts";
import { meanOf } from "./randomization_verdict.ts";

const DIRECTIONS: Readonly<Record<keyof ImageMeasures, Direction>> = {
  deletion: "lower is better",
  insertion: "higher is better",
  road: "higher is better",
  averageDrop: "lower is better",
  increase: "higher is better",
  pointing: "higher is better",
  energy: "higher is better",
};

/** Means over images of all measures, beside those of random maps. */
export function summarizeMeasures(
  images: readonly MeasuredImage[],
  { seed }: { readonly seed: number },
): Pick<MethodCheck, keyof ImageMeasures> {
  const measure = (name: keyof ImageMeasures) => summarize(images, { name, seed });
  const inMask = (name: "pointing" | "energy"): MaskMeasure | null => {
    const summary = measure(name);
    const chance = meanOf(
      images.filter((image) => image.map[name] !== null).flatMap((image) => image.chance ?? []),
    );
    return chance === null ? null : { ...summary, chance };
  };
  return {
    deletion: measure("deletion"),
    insertion: measure("insertion"),
    road: measure("road"),
    averageDrop: measure("averageDrop"),
    increase: measure("increase"),
    pointing: inMask("pointing"),
    energy: inMask("energy"),
  };
}

function summarize(
  images: readonly MeasuredImage[],
  { name, seed }: { readonly name: keyof ImageMeasures; readonly seed: number },
): Measure {
  const pairs = images.flatMap(({ map, random }) => {
    const value = map[name], blind = random[name];
    return value === null || blind === null ? [] : [{ value, blind }];
  });
  const direction = DIRECTIONS[name], sign = direction === "higher is better" ? 1 : -1;
  const gains = pairs.map(({ value, blind }) => sign * (value - blind));
  const mean = meanOf(gains);
  const { low, high } = bootstrapInterval({
    statistic: (rows) => rows.reduce((sum, row) => sum + gains[row], 0) / rows.length,
    count: gains.length,
    seed: `${name}/${seed}`,
  });
  return {
    value: meanOf(pairs.map((pair) => pair.value)),
    random: meanOf(pairs.map((pair) => pair.blind)),
    gain: mean === null || low === null || high === null ? null : { mean, low, high },
    direction,
    images: pairs.length,
  };
}
