import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { isClassBalanced, type LossName } from "./loss_names.ts";

/**
 * How rare classes are made to count more: not at all, by weights in the loss, by drawing their
 * images more often (`"sampler"`: as many of each class in the long run), or by batches that each
 * hold as many of every class (`"balanced_batches"`, see `balancedIndices()`). Both draw with
 * replacement, so that an epoch is as long as the set.
 */
export type Imbalance = "none" | "class_weights" | "sampler" | "balanced_batches";

const IMBALANCES: readonly Imbalance[] = ["none", "class_weights", "sampler", "balanced_batches"];

/** What {@linkcode checkImbalance} judges. */
export interface ImbalanceOptions {
  /** The loss; a class-balanced one is a correction by itself. */
  readonly loss: LossName;
  /** What is done besides. @default {"none"} */
  readonly imbalance?: Imbalance | readonly Imbalance[];
  /** Whether several corrections at once are meant. @default {false} */
  readonly allowSeveral?: boolean;
}

/**
 * The corrections of class imbalance that a configuration asks for, each in a word. Two at once
 * multiply: for 9 times fewer images a class would count 50 times as much.
 *
 * @throws {TypeError} for an unknown name
 * @throws {RangeError} for more than one, unless `allowSeveral`, and for two that choose the images
 */
export function checkImbalance(options: ImbalanceOptions): readonly string[] {
  checkOptions("fit", options, ["loss", "imbalance", "allowSeveral"]);
  const { loss, imbalance = "none", allowSeveral = false } = options;
  const asked = typeof imbalance === "string" ? [imbalance] : imbalance;
  for (const name of asked) {
    if (!IMBALANCES.includes(name)) {
      throw new TypeError(unknownName("fit", "imbalance", String(name), IMBALANCES));
    }
  }
  if (asked.includes("sampler") && asked.includes("balanced_batches")) {
    throw new RangeError(
      'fit: found imbalance "sampler" and "balanced_batches", wanted one of them: each says which ' +
        "image comes next. Leave one out",
    );
  }
  const corrections = [
    ...isClassBalanced(loss) ? [`loss "${loss}"`] : [],
    ...new Set(asked.filter((name) => name !== "none").map((name) => `imbalance "${name}"`)),
  ];
  if (corrections.length <= 1 || allowSeveral) return corrections;
  throw new RangeError(
    `fit: found ${corrections.length} corrections of class imbalance, ${
      corrections.join(" and ")
    }, ` +
      "wanted one: together they multiply, and rare classes count far more than frequent ones. " +
      "Keep one, or pass allowSeveral: true",
  );
}
