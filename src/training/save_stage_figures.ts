import type { ImageSet } from "../data/image_set.ts";
import { argMaxRows } from "../metrics/arg_max.ts";
import { confidenceDistributions } from "../metrics/confidence_distributions.ts";
import { headAgreement } from "../metrics/head_agreement.ts";
import { precisionRecallCurves } from "../metrics/precision_recall_curves.ts";
import { rocCurves } from "../metrics/roc_curves.ts";
import { weightDistributions } from "../metrics/weight_distributions.ts";
import { ENSEMBLE, fusionOf } from "../model/hybrid_model.ts";
import { plotConfidenceDistributions } from "../plots/plot_confidence_distributions.ts";
import { plotFusionWeights } from "../plots/plot_fusion_weights.ts";
import { plotHeadAgreement } from "../plots/plot_head_agreement.ts";
import { plotPrecisionRecall } from "../plots/plot_precision_recall.ts";
import { plotRoc } from "../plots/plot_roc.ts";
import type { Run } from "../runs/run.ts";
import { epochFolder, epochTitle, type Moment } from "./epoch_place.ts";
import type { Evaluation } from "./evaluate.ts";
import { fusionWeights } from "./fusion_weights.ts";

/**
 * The figures that one looks at after a stage: curves and confidence of the fused answer, whether the
 * heads agree, and how the fusion weighs them. With one active head there is nothing to agree and
 * nothing to weigh. The curves of single heads come at the end of the run: 12 pictures a stage would
 * cost more than a short stage does.
 */
export async function saveStageFigures(
  run: Run,
  { state, validation }: Moment,
  val: ImageSet,
): Promise<void> {
  const { classes } = validation, folder = epochFolder(state);
  const title = (what: string) => epochTitle(what, state, run);
  await saveCurves(run, folder, { validation, head: ENSEMBLE, title });
  if (fusionOf(state.model).activeHeads.length < 2) return;
  const agreement = plotHeadAgreement(agreementOf(validation), { title: title("Agreement") });
  await run.saveFigure(`${folder}/head_agreement`, agreement);
  const weights = weightDistributions({ ...await fusionWeights(state.model, val), classes });
  const { fusion } = fusionOf(state.model);
  await run.saveFigure(
    `${folder}/fusion_weights`,
    plotFusionWeights(weights, { fusion, title: title("Fusion weights") }),
  );
}

/** ROC, precision and recall, and confidence by class of one head. */
export async function saveCurves(
  run: Run,
  folder: string,
  { validation, head, title }: {
    readonly validation: Evaluation;
    readonly head: string;
    readonly title: (what: string) => string;
  },
): Promise<void> {
  const { yTrue, classes } = validation, probabilities = validation.heads[head];
  if (!probabilities) return;
  const roc = rocCurves(yTrue, probabilities, { classes });
  await run.saveFigure(`${folder}/roc_${head}`, plotRoc(roc, { head, title: title("ROC") }));
  const curves = precisionRecallCurves(yTrue, probabilities, { classes });
  await run.saveFigure(
    `${folder}/precision_recall_${head}`,
    plotPrecisionRecall(curves, { head, title: title("Precision and recall") }),
  );
  const distributions = confidenceDistributions(yTrue, probabilities, { classes });
  await run.saveFigure(
    `${folder}/confidence_distributions_${head}`,
    plotConfidenceDistributions(distributions, { head, title: title("Confidence by true class") }),
  );
}

function agreementOf({ yTrue, classes, heads: all }: Moment["validation"]) {
  const predicted = Object.entries(all).map(([head, probabilities]) =>
    [head, probabilities && argMaxRows(probabilities, classes.length)] as const
  );
  const heads = Object.fromEntries(predicted.filter(([head]) => head !== ENSEMBLE));
  const fused = predicted.find(([head]) => head === ENSEMBLE)?.[1] ?? undefined;
  return headAgreement({ yTrue, heads, fused, classes: classes.length });
}
