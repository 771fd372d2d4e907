import type { CamStatus } from "../cam.ts";
import type { RandomizationCheck } from "./randomization_verdict.ts";

/** Which way a measure points. */
export type Direction = "higher is better" | "lower is better";

/** How much better a map is than a random one on the same images. */
export interface Gain {
  /** Mean difference, above 0 when the map is better, whatever the direction. */
  readonly mean: number;
  /** Lower end of its 95 % bootstrap interval over images. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** A measure of a method's maps, and of random maps of the same grid on the same images. */
export interface Measure {
  /** Mean over images; null when no map is ok. */
  readonly value: number | null;
  /** The same for random maps. */
  readonly random: number | null;
  /** The difference, image by image; null when no map is ok. */
  readonly gain: Gain | null;
  /** Which way `value` is better. */
  readonly direction: Direction;
  /** Images it was measured on. */
  readonly images: number;
}

/** A measure that needs masks. */
export interface MaskMeasure extends Measure {
  /** What a guess that knows nothing has: the mean area share of the masks. */
  readonly chance: number;
}

/** How true the maps of one method are. */
export interface MethodCheck {
  /** Name of the method. */
  readonly method: string;
  /** Images that were explained. */
  readonly images: number;
  /** Maps whose status is "ok"; only these are measured. */
  readonly ok: number;
  /** The others, by status. */
  readonly blank: Readonly<Partial<Record<CamStatus, number>>>;
  /** Area under the deletion curve; see {@linkcode deletionCurve}. */
  readonly deletion: Measure;
  /** Area under the insertion curve; see {@linkcode insertionCurve}. */
  readonly insertion: Measure;
  /** ROAD, combined; see {@linkcode road}. */
  readonly road: Measure;
  /** Mean drop in confidence; see {@linkcode confidenceChange}. */
  readonly averageDrop: Measure;
  /** Share of images whose confidence rises; see {@linkcode confidenceChange}. */
  readonly increase: Measure;
  /** Hit rate of the {@linkcode pointingGame}; null without masks. */
  readonly pointing: MaskMeasure | null;
  /** Energy inside the mask; see {@linkcode energyInMask}; null without masks. */
  readonly energy: MaskMeasure | null;
  /** Whether the maps depend on the weights; null when it was not asked. */
  readonly randomization: RandomizationCheck | null;
  /** All of this in a word. */
  readonly verdict: "trustworthy" | "doubtful" | "undecided";
  /** Why, in sentences; the decisive ones first. */
  readonly reasons: readonly string[];
}

/** What {@linkcode checkExplanations} found; plain data that JSON can hold. */
export interface ExplanationCheck {
  /** The head that was explained. */
  readonly head: string;
  /** Images that were explained. */
  readonly images: number;
  /** Images that were given; more than `images` where the limit cut them. */
  readonly given: number;
  /** Images whose predicted class is their label; null without labels. */
  readonly correct: number | null;
  /** The seed that repeats it. */
  readonly seed: number;
  /** In the order asked. */
  readonly methods: readonly MethodCheck[];
}
