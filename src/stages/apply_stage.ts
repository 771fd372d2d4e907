import { unknownName } from "../_internal/check_options.ts";
import { beforeValidation, fittingModel, stageCompiledModel } from "./compiled_model.ts";
import { FrozenWeights } from "./frozen_weights.ts";
import { Patches } from "./patches.ts";
import { type RecordedMask, recordMask } from "./recorded_mask.ts";
import type { Stage } from "./stage.ts";
import {
  type ModelParts,
  modelParts,
  type PlacedLayer,
  type StageLayer,
  type StageModel,
  type StageWeight,
  trainedLayers,
} from "./stage_model.ts";
import {
  readTrainableFlags,
  setTrainable,
  type TrainableFlags,
  writeTrainableFlags,
} from "./trainable_flags.ts";
import { Votes } from "./votes.ts";

/** A stage in force on a model. */
export interface AppliedStage {
  /** The stage in force. */
  readonly stage: Stage;
  /** Layers that train, in model order; "outer/inner" in nested models. */
  readonly trainable: readonly string[];
  /** Layers that keep every byte of their weights and run as in inference. */
  readonly frozen: readonly string[];
  /** How often {@linkcode AppliedStage.apply} ran. */
  readonly applications: number;
  /** How often it ran before a pass over training images, and over those of validation. */
  readonly passes: Readonly<Record<MaskedPass, number>>;
  /** Applies the stage again at the beginning of every epoch of `model.fit`. */
  readonly callback: { onEpochBegin(epoch: number): Promise<void> };
  /**
   * Sets everything the stage says, over whatever has been changed by hand since. The validation of
   * `model.fit` and `model.evaluate` begin with it by themselves.
   *
   * @param pass what follows, for {@linkcode AppliedStage.passes}; by default "train"
   */
  apply(pass?: MaskedPass): void;
  /**
   * Compares the frozen weights byte for byte.
   *
   * @throws {Error} listing the frozen weights that differ in any byte from when the stage began
   */
  assertFrozen(): void;
  /** Leaves the model as it was before the stage, trained weights aside. May be called twice. */
  restore(): void;
  /** The mask for a checkpoint; {@linkcode applyMask} takes it back for inference. */
  toJSON(): RecordedMask;
}

/** A pass over images with the mask in force. */
export type MaskedPass = "train" | "val";

/** Under this key a model carries the stage in force, also for another copy of this module. */
const IN_FORCE: unique symbol = Symbol.for("qsight.stage") as never;

/**
 * Puts a stage in force on any tf.layers model, for the model's own `fit` or any other loop:
 *
 * - layers that the stage does not train are frozen, and they run in inference mode even in
 *   training: `trainable = false` alone leaves dropout on and batch statistics moving. A layer
 *   without weights, such as dropout, is frozen too unless a pattern names it;
 * - only active heads vote in the fusion of a hybrid model, until `restore()`;
 * - outputs that are not active heads add nothing to the loss, whatever they say, NaN included;
 *   active ones count with their loss weight;
 * - the optimizer keeps its moments with their variables when the set of trained ones changes.
 *
 * A stage still in force on the model is restored first. Compile before or after; after compiling
 * inside a stage call `apply()` again, as the callback does.
 *
 * @throws {TypeError} for a pattern that matches no layer, or a head that is no output
 * @throws {RangeError} when the layers that should train have no weights
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { applyStage, defineStages } from "@qsight/qsight/stages";
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({ units: 4, inputShape: [2], name: "trunk" }),
 *     tf.layers.dense({ units: 1, name: "head" }),
 *   ],
 * });
 * model.compile({ optimizer: "adam", loss: "meanSquaredError" });
 * const [stage] = defineStages([{ name: "s", epochs: 1, train: ["head"], heads: ["head"] }]);
 * const mask = applyStage(model, stage);
 * await model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { epochs: 1, callbacks: mask.callback });
 * mask.assertFrozen();
 * mask.restore();
 * assert.deepEqual(mask.frozen, ["trunk"]);
 * ```
 */
export function applyStage(model: StageModel, stage: Stage): AppliedStage {
  const carrier = model as StageModel & { [IN_FORCE]?: AppliedStage };
  carrier[IN_FORCE]?.restore();
  checkHeads(model, stage);
  const applied = new Application(model, stage);
  Object.defineProperty(carrier, IN_FORCE, { value: applied, configurable: true });
  return applied;
}

function checkHeads(model: StageModel, stage: Stage): void {
  const outputs = model.outputs.map((output) => output.sourceLayer.name);
  for (const head of stage.heads) {
    if (!outputs.includes(head)) {
      throw new TypeError(unknownName(`stage "${stage.name}"`, "head", head, outputs));
    }
  }
}

class Application implements AppliedStage {
  readonly stage: Stage;
  readonly trainable: readonly string[];
  readonly frozen: readonly string[];
  readonly callback: AppliedStage["callback"];
  readonly #model: StageModel;
  readonly #parts: ModelParts;
  readonly #trained: ReadonlySet<StageLayer>;
  readonly #flags: TrainableFlags;
  /** Names of all weights that can train, those of the compiled model first. */
  readonly #order: readonly string[];
  readonly #weights: FrozenWeights;
  readonly #patches = new Patches();
  /** What `compile()` had collected before the stage. */
  readonly #collected: readonly StageWeight[] | undefined;
  readonly #votes: Votes;
  readonly #passes: Record<MaskedPass, number> = { train: 0, val: 0 };
  #over = false;

  constructor(model: StageModel, stage: Stage) {
    this.#model = model;
    this.stage = stage;
    this.#parts = modelParts(model);
    this.#trained = trainedLayers(stage, this.#parts);
    const trained = this.#parts.layers.filter(({ layer }) => this.#trained.has(layer));
    const frozen = this.#parts.layers.filter(({ layer }) => !this.#trained.has(layer));
    this.trainable = trained.map(pathOf);
    this.frozen = frozen.map(pathOf);
    this.#flags = readTrainableFlags(this.#parts);
    this.#collected = fittingModel(model).collectedTrainableWeights;
    this.#order = momentOrder(model, this.#parts, this.#flags);
    this.callback = { onEpochBegin: () => Promise.resolve(this.apply()) };
    this.#weights = new FrozenWeights(frozen, trained);
    this.#votes = new Votes(this.#parts.layers, {
      activeHeads: stage.heads,
      skipEnsemble: stage.skipEnsemble,
    });
    this.#enforce();
    if (trained.every(({ layer }) => layer.trainableWeights.length === 0)) {
      this.restore();
      throw new RangeError(
        `stage "${stage.name}": ${this.trainable.join(", ")} have no weights, so nothing would ` +
          `train. Name layers with weights in train`,
      );
    }
  }

  get applications(): number {
    return this.#passes.train + this.#passes.val;
  }

  get passes(): Readonly<Record<MaskedPass, number>> {
    return { ...this.#passes };
  }

  apply(pass: MaskedPass = "train"): void {
    if (this.#over) {
      throw new Error(
        `stage "${this.stage.name}" is over: it was restored, or another stage took its place. ` +
          `Call applyStage() again`,
      );
    }
    this.#passes[pass]++;
    this.#enforce();
  }

  assertFrozen(): void {
    const moved = this.#weights.moved();
    if (moved.length === 0) return;
    throw new Error(
      `stage "${this.stage.name}": ${moved.length} frozen weights moved: ${moved.join(", ")}. ` +
        `Only the layers in train may change; look for code that writes weights by itself`,
    );
  }

  restore(): void {
    if (this.#over) return;
    this.#over = true;
    this.#patches.takeOff();
    this.#votes.restore();
    writeTrainableFlags(this.#parts, this.#flags);
    const fitting = fittingModel(this.#model);
    if (fitting.collectedTrainableWeights !== this.#collected) {
      // Compiled inside the stage, which then saw only the weights of the stage.
      fitting.collectedTrainableWeights = fitting.trainableWeights;
    }
    Reflect.deleteProperty(this.#model, IN_FORCE);
  }

  toJSON(): RecordedMask {
    return recordMask(this.#model, this.stage, this);
  }

  #enforce(): void {
    setTrainable(this.#parts, this.#trained);
    this.#votes.apply();
    for (const { layer } of this.#parts.layers) {
      if (!this.#trained.has(layer) && !this.#patches.has(layer, "call")) {
        this.#patches.put(layer, "call", inInference(layer));
      }
    }
    const fitting = fittingModel(this.#model);
    const compiled = { patches: this.#patches, order: this.#order };
    stageCompiledModel(fitting, this.stage, compiled);
    beforeValidation(fitting, { patches: this.#patches, call: () => this.apply("val") });
    if (fitting.collectedTrainableWeights === undefined) return;
    if (this.#patches.has(fitting, "collectedTrainableWeights")) return;
    this.#patches.put(fitting, "collectedTrainableWeights", [...new Set(fitting.trainableWeights)]);
  }
}

/** Names of all weights that can train, in an order that no stage changes. */
function momentOrder(model: StageModel, parts: ModelParts, flags: TrainableFlags): string[] {
  const fitting = fittingModel(model);
  setTrainable(parts, new Set(parts.layers.map(({ layer }) => layer)));
  const all = fitting.trainableWeights ?? [];
  writeTrainableFlags(parts, flags);
  const names = [...fitting.collectedTrainableWeights ?? [], ...all].map((weight) => weight.name);
  return [...new Set(names)];
}

/** Hides `training: true` from a layer: no dropout, no batch statistics, nothing that moves. */
function inInference(layer: StageLayer): StageLayer["call"] {
  const { call } = layer;
  return (inputs, kwargs) => call.call(layer, inputs, { ...kwargs, training: false });
}

function pathOf({ paths }: PlacedLayer): string {
  return paths[0];
}
