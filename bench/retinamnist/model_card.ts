import type { PredictionSummary } from "../../src/metrics/mod.ts";
import { whatItAdds } from "./sentences.ts";
import type { Comparison, Line } from "./tabulate.ts";

/** What a card says besides the texts that are always the same. */
export interface CardFacts {
  /** Of the released model on the validation split. */
  readonly val: PredictionSummary;
  /** Of the same configuration by cross-validation inside the training split. */
  readonly lines: readonly Line[];
  readonly comparisons: readonly Comparison[];
  readonly temperature: number | null;
  readonly parameters: { readonly classical: number; readonly quantum: number };
}

/** The README of the released model. */
export function modelCard(facts: CardFacts): string {
  const { val, lines, comparisons, temperature, parameters } = facts;
  const cv = lines.find(({ name, on, answer, rule }) =>
    name === "hybrid-4" && on === "cv" && answer === "ensemble" && rule === "argmax"
  );
  const names = ["accuracy", "quadraticWeightedKappa", "macroAuc"] as const;
  const titles = ["accuracy", "quadratic weighted kappa", "macro AUC"];
  const rows = names.map((name, i) => {
    const { value, interval } = val[name];
    const own = `${value!.toFixed(3)} (${interval!.low!.toFixed(3)} to ${
      interval!.high!.toFixed(3)
    })`;
    const found = cv?.figures[name];
    const other = found?.mean === undefined || found.mean === null
      ? "not measured"
      : `${found.mean.toFixed(3)} (${found.interval!.map((x) => x.toFixed(3)).join(" to ")})`;
    return `| ${titles[i]} | ${other} | ${own} |`;
  });
  const recalls = val.perClass.map(({ recall }, c) =>
    `${val.report.perClass[c].support} images of grade ${c}: ${
      recall.value === null ? "n/a" : recall.value.toFixed(2)
    }`
  );
  const seeds = cv === undefined
    ? "no whole fold seed"
    : `${cv.seeds} fold seed${cv.seeds === 1 ? "" : "s"}`;
  return `# RetinaMNIST hybrid classifier

A small convolutional encoder, two classical heads, a head with a circuit of 4 qubits (simulated) and
their fusion, together ${parameters.classical} classical parameters and ${parameters.quantum} circuit
angles. It grades fundus photographs of 28x28 pixels from 0 (no diabetic retinopathy) to 4
(proliferative).

**Not for clinical use.** Of 28x28 pixels most lesions are smaller than one.

## Intended use

An example: to try \`qsight predict\`, explanations and reports on real weights, and as a reference for
comparisons on RetinaMNIST. Not to grade anybody's photograph.

## Data and licence

Trained on the 1,080 training images of RetinaMNIST (MedMNIST v2), CC BY 4.0: Yang et al., "MedMNIST v2
- A large-scale lightweight benchmark for 2D and 3D biomedical image classification", Scientific Data
10:41 (2023), doi 10.1038/s41597-022-01721-8. Source images: DeepDRiD (Liu et al., Patterns 2022). The
weights are given under CC BY 4.0 as well, with the same attribution. The test split was not used.

## Figures

95 % bootstrap intervals over images in brackets. Cross-validation: 5 folds inside the training split,
${seeds}, other models of the same recipe; validation: this model on the 120 images of the validation
split, which are known to be easier than those of the test split.

| figure of the ensemble, most probable grade | cross-validation | validation |
|---|---|---|
${rows.join("\n")}

Recall on validation: ${recalls.join(", ")}.

${whatItAdds(comparisons, "hybrid-4")}

## Limits

- One source of photographs, one camera protocol, few images of the grades 1 and 4.
- Intervals of 120 images are wide; other seeds train other models.
- Probabilities are ${
    temperature === null
      ? "not calibrated"
      : `divided by a temperature of ${temperature.toFixed(3)}, fitted on out-of-fold answers`
  }.
- ${
    cv === undefined
      ? "The cross-validation of this configuration was not finished when this card was written."
      : "What the quantum head adds is said above; the ensemble also answers without it."
  }

Made by \`deno task release:retinamnist\`. Load it with \`loadHybridModel("trained_model/retinamnist-hybrid/model")\`.
`;
}
