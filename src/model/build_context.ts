import type { HybridModelOptions } from "./hybrid_options.ts";
import type { OwnLayers } from "./layers/register_layers.ts";

/** What every part of a model under construction is built from. */
export interface BuildContext {
  readonly options: HybridModelOptions;
  readonly own: OwnLayers;
  /** A fixed seed for each weight, by a number of its own. */
  readonly seedOf: (offset: number) => number;
}
