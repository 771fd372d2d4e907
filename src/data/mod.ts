/**
 * Data: sets of labelled images, their splits, batches and augmentation.
 * @module
 */
export { augmentImage, type AugmentKey, type AugmentOptions } from "./augment_image.ts";
export { balancedIndices, type BalancedIndicesOptions } from "./balanced_indices.ts";
export { type Batch, batches, type BatchesOptions } from "./batches.ts";
export { type CheckableData, checkData, type CheckDataOptions } from "./check/check_data.ts";
export type {
  DataCheck,
  DataFinding,
  DuplicatePair,
  FindingLevel,
  PairImage,
  SplitName,
  SplitStatistics,
} from "./check/data_check.ts";
export { type ChannelStatistics, channelStatistics } from "./channel_statistics.ts";
export { DataError } from "./data_error.ts";
export type { DownloadOptions, DownloadProgress } from "./fetch/download_options.ts";
export { fetchData, type FetchDataOptions, type FetchedData } from "./fetch/fetch_data.ts";
export { FetchError } from "./fetch/fetch_error.ts";
export {
  type FileSource,
  type HandSource,
  KNOWN_DATA,
  type KnownData,
} from "./fetch/known_data.ts";
export { listData, type ListedData } from "./fetch/list_data.ts";
export { fingerprint } from "./fingerprint.ts";
export { fromArrays, type ImageBlock, type LabelledArrays } from "./from_arrays.ts";
export {
  classCounts,
  type DataReport,
  type DataSplits,
  DR_GRADES,
  type ImageSet,
  LESION_BITS,
} from "./image_set.ts";
export type { TableChoice, TableColumns } from "./grade_tables.ts";
export { foldData, type FoldDataOptions, kFold, type KFoldOptions } from "./k_fold.ts";
export {
  applySplit,
  loadSplit,
  type SavedSplit,
  type SavedSplitPart,
  saveSplit,
  splitOf,
} from "./saved_split.ts";
export {
  cropFundus,
  type CropFundusOptions,
  normalizeFundus,
  type NormalizeFundusOptions,
} from "./fundus_views.ts";
export { prepareFundus } from "./fundus_preparation.ts";
export type { FundusOptions } from "./fundus_options.ts";
export { type MixedBatch, mixup, type MixupOptions } from "./mixup.ts";
export {
  type ImageFiles,
  listImages,
  type ListImagesOptions,
  type TrainingData,
} from "./image_files.ts";
export { imageAt } from "./image_at.ts";
export { type BatchStream, openBatches, type OpenBatchesOptions } from "./pipeline/open_batches.ts";
export { streamFolder, type StreamFolderOptions } from "./stream_folder.ts";
export { loadData, type LoadDataOptions } from "./load_data.ts";
export { loadNpz, type Npz } from "./npz/load_npz.ts";
export type { NpyArray, NpyData } from "./npz/parse_npy.ts";
export { prepareImage } from "./prepare_image.ts";
export { selectImages } from "./select_images.ts";
export {
  type SplitIndices,
  splitStratified,
  type SplitStratifiedOptions,
} from "./split_stratified.ts";
export { syntheticFundus, type SyntheticFundusOptions } from "./synthetic_fundus.ts";
export { weightedIndices, type WeightedIndicesOptions } from "./weighted_indices.ts";
