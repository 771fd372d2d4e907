import type { PlacedLayer, StageLayer } from "./stage_model.ts";

/** A layer that fuses heads and can be told which of them vote, as that of a hybrid model. */
interface VotingLayer extends StageLayer {
  readonly heads: readonly string[];
  activeHeads: readonly string[];
}

/** Who votes in the fusions of a model while a mask is in force. */
export class Votes {
  readonly #cast: {
    readonly layer: VotingLayer;
    readonly before: readonly string[];
    readonly voting: readonly string[];
  }[];

  constructor(layers: readonly PlacedLayer[], activeHeads: readonly string[]) {
    this.#cast = layers.flatMap(({ layer }) => {
      if (!isVoting(layer)) return [];
      const voting = Object.freeze(layer.heads.filter((head) => activeHeads.includes(head)));
      return voting.length === 0 ? [] : [{ layer, before: layer.activeHeads, voting }];
    });
  }

  /** Lets the heads of the mask vote, over what was set by hand since. */
  apply(): void {
    for (const { layer, voting } of this.#cast) {
      const now = layer.activeHeads;
      // The same votes set by somebody else are theirs to keep.
      if (now.length === voting.length && now.every((head, i) => head === voting[i])) continue;
      layer.activeHeads = voting;
    }
  }

  /** Brings the votes back as they were, unless somebody else has set them since. */
  restore(): void {
    for (const { layer, before, voting } of this.#cast) {
      if (layer.activeHeads === voting) layer.activeHeads = before;
    }
  }
}

function isVoting(layer: StageLayer): layer is VotingLayer {
  const { heads, activeHeads } = layer as Partial<VotingLayer>;
  return Array.isArray(heads) && Array.isArray(activeHeads);
}
