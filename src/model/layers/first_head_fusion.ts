import type { Tensor, Tensor2D, Tf } from "../../tensors/tf.ts";
import { fusionClass, type FusionConfig, type Votes } from "./fusion.ts";
import type { LayerConstructor } from "./layer_types.ts";

/** The fusion `"skip_ensemble"`: the first active head answers alone. It has no weights. */
export function firstHeadFusionClass(tf: Tf): LayerConstructor<FusionConfig> {
  return class FirstHeadFusion extends fusionClass(tf) {
    static className = "FirstHeadFusion";
    readonly fusion = "skip_ensemble";

    override get alone(): boolean {
      return true;
    }

    override fuse({ logits }: Votes): Tensor {
      return logits[0];
    }

    override weigh({ logits }: Votes): Tensor2D {
      return tf.ones([logits[0].shape[0], 1]);
    }
  } as unknown as LayerConstructor<FusionConfig>;
}
