import type { Tensor } from "../../tensors/tf.ts";
import type { RawMap } from "../cam.ts";
import { splitRows } from "../split_rows.ts";
import type { Captured, Subject } from "./subject.ts";
import { toGrid } from "./token_grid.ts";

/** Rounds of the power iteration: its error falls by the ratio of two singular values, squared. */
const ROUNDS = 100;

/** The first principal component of the activations over the positions; no class takes part. */
export async function eigenCam({ tf }: Subject, layer: Captured): Promise<RawMap[]> {
  const { activation, tokens } = layer;
  const grid: Tensor = tokens === undefined ? activation.clone() : toGrid(tf, activation, tokens);
  try {
    const [count, height, width, channels] = grid.shape;
    const rows = splitRows(await grid.data<"float32">(), count);
    return rows.map((values) => ({
      raw: firstComponent(values, { places: height * width, channels }),
      grid: { height, width },
    }));
  } finally {
    grid.dispose();
  }
}

interface Size {
  readonly places: number;
  readonly channels: number;
}

/**
 * Projections of the positions onto the direction in which they differ most, by power iteration.
 * The sign, which the component leaves open, is that of the strongest activations.
 */
function firstComponent(values: Float32Array, size: Size): Float32Array {
  const { places, channels } = size;
  const centred = centre(values, size);
  const strength = minusMean(Float64Array.from(
    { length: places },
    (_, p) => Math.hypot(...values.subarray(p * channels, (p + 1) * channels)),
  ));
  // It begins where the activations are strong: no number is drawn.
  let component = strength.some((value) => value !== 0) ? strength : strength.map((_, i) => i % 2);
  let scale = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = throughAndBack(centred, component, size);
    scale = Math.hypot(...next);
    if (!(scale > 0)) return new Float32Array(places).fill(Number.isFinite(scale) ? 0 : NaN);
    component = next.map((value) => value / scale);
  }
  const agrees = component.reduce((sum, value, p) => sum + value * strength[p], 0) >= 0;
  // The length of the projections is the singular value, the root of this scale.
  const factor = (agrees ? 1 : -1) * Math.sqrt(scale);
  return Float32Array.from(component, (value) => value * factor);
}

/** X Xᵗ v for X of `[places, channels]`. */
function throughAndBack(
  x: Float64Array,
  v: Float64Array,
  { places, channels }: Size,
): Float64Array {
  const through = new Float64Array(channels), back = new Float64Array(places);
  for (let p = 0; p < places; p++) {
    for (let c = 0; c < channels; c++) through[c] += x[p * channels + c] * v[p];
  }
  for (let p = 0; p < places; p++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += x[p * channels + c] * through[c];
    back[p] = sum;
  }
  return back;
}

function centre(values: Float32Array, { places, channels }: Size): Float64Array {
  const means = new Float64Array(channels);
  values.forEach((value, i) => means[i % channels] += value / places);
  return Float64Array.from(values, (value, i) => value - means[i % channels]);
}

function minusMean(values: Float64Array): Float64Array {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.map((value) => value - mean);
}
