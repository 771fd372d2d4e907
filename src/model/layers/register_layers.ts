import type { Tf } from "../../tensors/tf.ts";
import type { LayerConstructor } from "./layer_types.ts";
import {
  channelNormalizationClass,
  type ChannelNormalizationConfig,
} from "./channel_normalization.ts";
import { bandedDenseClass, type BandedDenseConfig } from "./banded_dense.ts";
import { bypassSumClass, type BypassSumConfig } from "./bypass_sum.ts";
import { firstHeadFusionClass } from "./first_head_fusion.ts";
import type { FusionConfig } from "./fusion.ts";
import { fusionLayerClass } from "./fusion_layer.ts";
import { geluClass, type GeluConfig } from "./gelu.ts";
import { mlpFusionClass, type MlpFusionConfig } from "./mlp_fusion.ts";
import { ordinalLogitsClass, type OrdinalLogitsConfig } from "./ordinal_logits.ts";
import { quantumAnnealingClass, type QuantumAnnealingConfig } from "./quantum_annealing.ts";
import { quantumLayerClass, type QuantumLayerConfig } from "./quantum_layer.ts";
import { seededDropoutClass, type SeededDropoutConfig } from "./seeded_dropout.ts";
import { selfAttentionClass, type SelfAttentionConfig } from "./self_attention.ts";
import { takeTokenClass, type TakeTokenConfig } from "./take_token.ts";
import { tokenEmbeddingClass, type TokenEmbeddingConfig } from "./token_embedding.ts";
import { tokenNormalizationClass, type TokenNormalizationConfig } from "./token_normalization.ts";

/** The project's own layers, made for one copy of TensorFlow.js. */
export interface OwnLayers {
  readonly ChannelNormalization: LayerConstructor<ChannelNormalizationConfig>;
  readonly SeededDropout: LayerConstructor<SeededDropoutConfig>;
  readonly QuantumLayer: LayerConstructor<QuantumLayerConfig>;
  readonly FusionLayer: LayerConstructor<FusionConfig>;
  readonly MlpFusion: LayerConstructor<MlpFusionConfig>;
  readonly FirstHeadFusion: LayerConstructor<FusionConfig>;
  readonly OrdinalLogits: LayerConstructor<OrdinalLogitsConfig>;
  readonly QuantumAnnealing: LayerConstructor<QuantumAnnealingConfig>;
  readonly BandedDense: LayerConstructor<BandedDenseConfig>;
  readonly BypassSum: LayerConstructor<BypassSumConfig>;
  readonly TokenEmbedding: LayerConstructor<TokenEmbeddingConfig>;
  readonly TokenNormalization: LayerConstructor<TokenNormalizationConfig>;
  readonly SelfAttention: LayerConstructor<SelfAttentionConfig>;
  readonly Gelu: LayerConstructor<GeluConfig>;
  readonly TakeToken: LayerConstructor<TakeTokenConfig>;
}

const made = new WeakMap<Tf, OwnLayers>();

/** Makes the layers once and tells tfjs their names, so that saved models load. */
export function registerLayers(tf: Tf): OwnLayers {
  const known = made.get(tf);
  if (known !== undefined) return known;
  const layers: OwnLayers = {
    ChannelNormalization: channelNormalizationClass(tf),
    SeededDropout: seededDropoutClass(tf),
    QuantumLayer: quantumLayerClass(tf),
    FusionLayer: fusionLayerClass(tf),
    MlpFusion: mlpFusionClass(tf),
    FirstHeadFusion: firstHeadFusionClass(tf),
    OrdinalLogits: ordinalLogitsClass(tf),
    QuantumAnnealing: quantumAnnealingClass(tf),
    BandedDense: bandedDenseClass(tf),
    BypassSum: bypassSumClass(tf),
    TokenEmbedding: tokenEmbeddingClass(tf),
    TokenNormalization: tokenNormalizationClass(tf),
    SelfAttention: selfAttentionClass(tf),
    Gelu: geluClass(tf),
    TakeToken: takeTokenClass(tf),
  };
  for (const layer of Object.values(layers)) {
    tf.serialization.registerClass(
      layer as unknown as Parameters<typeof tf.serialization.registerClass>[0],
    );
  }
  made.set(tf, layers);
  return layers;
}
