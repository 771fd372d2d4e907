import type { Stage } from "../stages/stage.ts";
import { AdamW } from "./adamw.ts";
import type { Optimizer } from "./optimizer.ts";
import { Sgd } from "./sgd.ts";

/** The optimizer that a stage asks for. */
export function optimizerOf({ optimizer, weightDecay }: Stage): Optimizer {
  if (optimizer === "sgd") return new Sgd({ weightDecay });
  return new AdamW({ weightDecay, coupled: optimizer === "adam" });
}
