import type { CropFundusOptions, NormalizeFundusOptions } from "./fundus_views.ts";

/**
 * What is done to fundus photographs before a model sees them. It belongs to the model as much as
 * its weights: what is predicted later must be prepared alike.
 */
export interface FundusOptions {
  /** Cuts the black around the circle off, before the photograph is resized. @default {false} */
  readonly crop?: boolean | CropFundusOptions;
  /** Takes the local average of the colours away, at the size that the model sees. @default {false} */
  readonly normalize?: boolean | NormalizeFundusOptions;
}
