import { ANY_LAYOUT, FLOAT32, MEMORY_BYTES } from "./c_api.ts";
import type { Onednn } from "./onednn.ts";

/** A description of float32 numbers with so many from one to the next along each axis. */
export function layout(
  onednn: Onednn,
  { sizes, strides }: { readonly sizes: readonly number[]; readonly strides: readonly number[] },
): number {
  const { call, scratch } = onednn;
  const found = scratch.room(MEMORY_BYTES);
  const places = [scratch.sizes(sizes), scratch.sizes(strides)];
  const status = call.dnnl_memory_desc_init_by_strides(
    ...[found, sizes.length, places[0], FLOAT32, places[1]],
  );
  onednn.check("the layout of a tensor", status);
  return found;
}

/** A description that leaves the layout to oneDNN. */
export function anyLayout(onednn: Onednn, sizes: readonly number[]): number {
  const { call, scratch } = onednn;
  const found = scratch.room(MEMORY_BYTES);
  const status = call.dnnl_memory_desc_init_by_tag(
    ...[found, sizes.length, scratch.sizes(sizes), FLOAT32, ANY_LAYOUT],
  );
  onednn.check("a free layout", status);
  return found;
}

/** Images of shape [batch, height, width, channels]; oneDNN names the channels second. */
export function imageLayout(
  onednn: Onednn,
  [batch, height, width, channels]: readonly number[],
): number {
  const row = width * channels;
  return layout(onednn, {
    sizes: [batch, channels, height, width],
    strides: [height * row, 1, row, channels],
  });
}

/** Filters of shape [height, width, in, out]; oneDNN names them out, in, height, width. */
export function filterLayout(
  onednn: Onednn,
  [height, width, channels, filters]: readonly number[],
): number {
  return layout(onednn, {
    sizes: [filters, channels, height, width],
    strides: [1, filters, width * channels * filters, channels * filters],
  });
}
