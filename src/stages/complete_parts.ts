import { checkOptions } from "../_internal/check_options.ts";
import { ANNEALING_CURVES } from "./annealing.ts";
import type { Annealed, StageAnnealing } from "./stage_annealing.ts";
import { checkChoice, checkCount, checkNumber } from "./check_values.ts";
import { type Stage, STAGE_DEFAULTS, type StageAveraging, type StageSchedule } from "./stage.ts";

const SHARE = { ok: (value: number) => value > 0 && value < 1, want: "between 0 and 1" };
const NOT_NEGATIVE = { ok: (value: number) => value >= 0, want: "0 or above" };
/** Below this a tanh sees nothing but signs. */
const TEMPERATURE = { ok: (value: number) => value >= 1e-3, want: "from 0.001" };

/** How the learning rate moves, checked and completed. */
export function completeSchedule(
  stage: string,
  schedule: StageSchedule = {},
): Stage["schedule"] {
  const where = `${stage} schedule`;
  const complete = completed(where, schedule, STAGE_DEFAULTS.schedule);
  const { policy, warmupEpochs, factor, patience, every, minimum } = complete;
  checkChoice(where, ["policy", policy], ["cosine", "constant", "step", "plateau"]);
  if (warmupEpochs !== null) {
    checkNumber(where, ["warmupEpochs", warmupEpochs], {
      ...NOT_NEGATIVE,
      want: "from 0, or null",
    });
  }
  checkNumber(where, ["factor", factor], SHARE);
  checkCount(where, ["patience", patience]);
  checkCount(where, ["every", every]);
  checkNumber(where, ["minimum", minimum], NOT_NEGATIVE);
  return complete;
}

/** The average of the weights, checked and completed. */
export function completeAveraging(
  stage: string,
  ema: StageAveraging | null = STAGE_DEFAULTS.ema,
): Stage["ema"] {
  if (ema === null) return null;
  const where = `${stage} ema`;
  const complete = completed(where, ema, STAGE_DEFAULTS.averaging);
  checkNumber(where, ["decay", complete.decay], SHARE);
  checkCount(where, ["afterSteps", complete.afterSteps], { least: 0 });
  checkCount(where, ["every", complete.every]);
  return complete;
}

/** What moves in the quantum head, checked and completed. */
export function completeAnnealing(
  stage: string,
  annealing: StageAnnealing | null = STAGE_DEFAULTS.annealing,
): Stage["annealing"] {
  if (annealing === null) return null;
  checkOptions(`${stage} annealing`, annealing, ["temperature", "noise"]);
  const { temperature, noise } = annealing;
  if (temperature === undefined && noise === undefined) {
    throw new RangeError(
      `${stage}: annealing names nothing. Give it temperature or noise, or write null`,
    );
  }
  return Object.freeze({
    ...(temperature !== undefined &&
      { temperature: way(`${stage} temperature`, temperature, TEMPERATURE) }),
    ...(noise !== undefined && { noise: way(`${stage} noise`, noise, NOT_NEGATIVE) }),
  });
}

function way(
  where: string,
  annealed: Annealed,
  bounds: { readonly ok: (value: number) => boolean; readonly want: string },
): Required<Annealed> {
  checkOptions(where, annealed, ["from", "to", "curve"]);
  const { from, to, curve = STAGE_DEFAULTS.curve } = annealed;
  checkNumber(where, ["from", from], bounds);
  checkNumber(where, ["to", to], bounds);
  checkChoice(where, ["curve", curve], ANNEALING_CURVES);
  return Object.freeze({ from, to, curve });
}

/** Defaults under what is given; a key given as undefined counts as left out. */
function completed<T extends object>(where: string, given: Partial<T>, defaults: T): T {
  checkOptions(where, given, Object.keys(defaults));
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.freeze({ ...defaults, ...Object.fromEntries(said) });
}
