/**
 * Data: sets of labelled pictures, their splits, batches and augmentation.
 * @module
 */
export { DataError } from "./data_error.ts";
export {
  classCounts,
  type DataReport,
  type DataSplits,
  DR_GRADES,
  type ImageSet,
  LESION_BITS,
} from "./image_set.ts";
export { loadData, type LoadDataOptions } from "./load_data.ts";
export { selectImages } from "./select_images.ts";
export {
  type SplitIndices,
  splitStratified,
  type SplitStratifiedOptions,
} from "./split_stratified.ts";
export { syntheticFundus, type SyntheticFundusOptions } from "./synthetic_fundus.ts";
