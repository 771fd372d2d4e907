// What the module gives to JavaScript. Everything works on tensors in memory that TensorFlow.js
// owns: addresses come in, and nothing is allocated or kept between calls.
export { adam } from "./adam";
export { channelSums, normalize, normalizeGradient, normalizeSums } from "./batch_norm";
export { normalizePool, poolGradient, poolSums } from "./batch_norm_pool";
export { convolve, packFilter, padRows, pixelTable } from "./convolve";
export { depthwiseFilter, depthwiseInput } from "./depthwise";
export { filterGradient, unpackFilter } from "./filter_gradient";
export { maxPool, maxPoolPairs } from "./max_pool";
export { reduceRows } from "./reduce_rows";
export { reluGradient } from "./relu";
export { segmentSum } from "./segment_sum";
export { winograd, winogradFilter } from "./winograd";
