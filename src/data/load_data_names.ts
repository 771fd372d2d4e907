/** The options of `loadData()` by name, for those who look at a configuration without loading data. */
export const LOAD_DATA_OPTIONS: readonly string[] = [
  "seed",
  "imageSize",
  "valFraction",
  "count",
  "table",
  "columns",
  "onUnreadable",
  "split",
  "fundus",
];
