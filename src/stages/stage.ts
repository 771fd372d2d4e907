/** What a person writes down for one stage of training. */
export interface StageDeclaration {
  /** Unique in its plan. */
  readonly name: string;
  /** A positive whole number. */
  readonly epochs: number;
  /** Names of the layers that train, `*` for any letters; all other layers are frozen. */
  readonly train: readonly string[];
  /** The active heads: output layers whose loss counts. */
  readonly heads: readonly string[];
  /** Of the optimizer. @default {1e-4} */
  readonly learningRate?: number;
  /** Decoupled weight decay (AdamW). @default {1e-5} */
  readonly weightDecay?: number;
  /**
   * Weight of each active head's loss, and of the fused output `"ensemble"`.
   * @default {1 for each active head, 0.5 for "ensemble"}
   */
  readonly lossWeights?: Readonly<Record<string, number>>;
  /**
   * Epochs without improvement after which the stage ends early, with the weights of its best epoch;
   * null for never. @default {5}
   */
  readonly patience?: number | null;
  /** Folder of the stage's figures; unique in its plan. @default {name} */
  readonly logAlias?: string;
}

/** A validated stage: complete, and frozen all the way down. */
export type Stage = Readonly<Required<StageDeclaration>>;

/** The output that fuses the active heads. It is not a head, so no mask switches it. */
export const ENSEMBLE = "ensemble";

/** What a declaration leaves out, in one place for code and configuration files alike. */
export const STAGE_DEFAULTS: Readonly<{
  learningRate: number;
  weightDecay: number;
  patience: number | null;
  /** Loss weight of an active head. */
  headLossWeight: number;
  /** Loss weight of the fused output. */
  ensembleLossWeight: number;
}> = Object.freeze({
  learningRate: 1e-4,
  weightDecay: 1e-5,
  patience: 5,
  headLossWeight: 1,
  ensembleLossWeight: 0.5,
});
