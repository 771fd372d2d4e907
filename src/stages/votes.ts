import type { PlacedLayer, StageLayer } from "./stage_model.ts";

/** A layer that fuses heads and can be told which of them vote, as that of a hybrid model. */
interface VotingLayer extends StageLayer {
  readonly heads: readonly string[];
  activeHeads: readonly string[];
  /** Whether the first active head answers alone; not every fusion can. */
  skipEnsemble?: boolean;
}

/** What a mask says about votes. */
export interface VotesOptions {
  readonly activeHeads: readonly string[];
  readonly skipEnsemble: boolean;
}

/** Who votes in the fusions of a model while a mask is in force. */
export class Votes {
  readonly #skip: boolean;
  readonly #cast: {
    readonly layer: VotingLayer;
    readonly before: Pick<VotingLayer, "activeHeads" | "skipEnsemble">;
    readonly voting: readonly string[];
  }[];

  /** Puts the votes in force. */
  constructor(
    layers: readonly PlacedLayer[],
    { activeHeads, skipEnsemble }: VotesOptions,
  ) {
    this.#skip = skipEnsemble;
    this.#cast = layers.flatMap(({ layer }) => {
      if (!isVoting(layer)) return [];
      const voting = Object.freeze(layer.heads.filter((head) => activeHeads.includes(head)));
      const before = { activeHeads: layer.activeHeads, skipEnsemble: layer.skipEnsemble };
      return voting.length === 0 ? [] : [{ layer, before, voting }];
    });
    for (const { layer, voting } of this.#cast) this.#set(layer, voting);
  }

  /** Lets the heads of the mask vote, over what was set by hand since. */
  apply(): void {
    for (const { layer, voting } of this.#cast) {
      const now = layer.activeHeads;
      const sameHeads = now.length === voting.length && now.every((head, i) => head === voting[i]);
      // The same votes set by somebody else are theirs to keep.
      if (!sameHeads || (layer.skipEnsemble ?? this.#skip) !== this.#skip) this.#set(layer, voting);
    }
  }

  /** Brings the votes back as they were, unless somebody else has set them since. */
  restore(): void {
    for (const { layer, before, voting } of this.#cast) {
      if (layer.activeHeads !== voting) continue;
      layer.activeHeads = before.activeHeads;
      if (before.skipEnsemble !== undefined) layer.skipEnsemble = before.skipEnsemble;
    }
  }

  #set(layer: VotingLayer, voting: readonly string[]): void {
    layer.activeHeads = voting;
    if (layer.skipEnsemble !== undefined) layer.skipEnsemble = this.#skip;
  }
}

function isVoting(layer: StageLayer): layer is VotingLayer {
  const { heads, activeHeads } = layer as Partial<VotingLayer>;
  return Array.isArray(heads) && Array.isArray(activeHeads);
}
