/** A figure of others on the test split, and where it stands. */
export interface Published {
  readonly method: string;
  /** Macro AUC; null where it is not given. */
  readonly auc: number | null;
  readonly accuracy: number;
  readonly source: string;
}

const MEDMNIST =
  "MedMNIST v2 (Yang et al., Scientific Data 10:41, 2023), benchmark table, as quoted " +
  "in github.com/rapotekhin/RetinaMNIST_Research";

/** On the official test split of 400 images; one standard error of an accuracy there is 0.025. */
export const PUBLISHED: readonly Published[] = [
  { method: "ResNet-18 (28)", auc: 0.717, accuracy: 0.524, source: MEDMNIST },
  { method: "ResNet-18 (224)", auc: 0.710, accuracy: 0.493, source: MEDMNIST },
  { method: "ResNet-50 (28)", auc: 0.726, accuracy: 0.528, source: MEDMNIST },
  { method: "ResNet-50 (224)", auc: 0.716, accuracy: 0.511, source: MEDMNIST },
  { method: "auto-sklearn", auc: 0.690, accuracy: 0.515, source: MEDMNIST },
  { method: "AutoKeras", auc: 0.719, accuracy: 0.503, source: MEDMNIST },
  { method: "Google AutoML Vision", auc: 0.750, accuracy: 0.531, source: MEDMNIST },
  {
    method: "QViT, about 1,000 parameters",
    auc: null,
    accuracy: 0.565,
    source: "Boucher, Whittle and Mazomenos, arXiv:2503.07294",
  },
];
