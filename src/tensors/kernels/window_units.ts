import type { SimdKernels } from "./simd_kernels.ts";
import type { SlidingWindow } from "./sliding_window.ts";

const FLOAT = 4, ENTRY = 8;

/** What the processor's second cache holds beside filters and results. */
const COPY_BYTES = 2 ** 17;

/** Results of a unit: enough that few are left over, few enough that a unit stays in the cache. */
const MOST_PIXELS = 4096;

/** How the images are cut into units, each some images or some rows of one. */
export interface UnitPlan {
  readonly window: SlidingWindow;
  readonly batch: number;
  readonly images: number;
  readonly rows: number;
  /** Whether the images are read where they are; no result sees anything outside of them. */
  readonly direct: boolean;
  /** Bytes of a row, and of an image, that is read, and rows of a unit that are read. */
  readonly rowBytes: number;
  readonly imageBytes: number;
  readonly rowsRead: number;
  readonly tableBytes: number;
  readonly copyBytes: number;
  /** Rows and columns of runs, their length, and the bytes from one to the next. */
  readonly runs: readonly [number, number, number, number, number];
}

/** Cuts the work of a window; `beyond` says that so many numbers after the last one are read too. */
export function unitPlan(
  window: SlidingWindow,
  { batch, beyond = 1 }: { readonly batch: number; readonly beyond?: number },
): UnitPlan {
  const { image: [height, width, channels], start, step, taps, tapStep, size } = window;
  const seen = (axis: 0 | 1, count: number) =>
    (count - 1) * step[axis] + (taps[axis] - 1) * tapStep[axis] + 1;
  const columnsRead = seen(1, size[1]);
  const dense = tapStep[1] === 1 || taps[1] === 1;
  const length = dense ? taps[1] * channels : channels;
  const direct = start[0] >= 0 && start[1] >= 0 && start[0] + seen(0, size[0]) <= height &&
    start[1] + columnsRead <= width && length % beyond === 0;
  const rowBytes = (direct ? width : columnsRead) * channels * FLOAT;
  const { images, rows } = unitSize(size, {
    batch,
    rowsOf: (bytes) => direct ? Infinity : Math.floor(bytes / rowBytes),
    seen: (count) => seen(0, count),
  });
  const rowsRead = seen(0, rows);
  const columnBytes = tapStep[1] * channels * FLOAT;
  return {
    window,
    batch,
    images,
    rows,
    direct,
    rowBytes,
    imageBytes: (direct ? height : rowsRead) * rowBytes,
    rowsRead,
    tableBytes: images * rows * size[1] * ENTRY,
    copyBytes: direct ? 0 : images * rowsRead * rowBytes + beyond * FLOAT,
    runs: [
      taps[0],
      dense ? 1 : taps[1],
      length,
      tapStep[0] * rowBytes,
      dense ? length * FLOAT : columnBytes,
    ],
  };
}

/** Whole images where they fit, as many as fit; otherwise rows of one. */
function unitSize(
  [height, width]: readonly [number, number],
  { batch, rowsOf, seen }: {
    readonly batch: number;
    readonly rowsOf: (bytes: number) => number;
    readonly seen: (count: number) => number;
  },
): { images: number; rows: number } {
  const readable = rowsOf(COPY_BYTES);
  const fits = Math.min(readable / seen(height), MOST_PIXELS / (height * width));
  if (fits >= 1) return { images: Math.min(batch, Math.floor(fits)), rows: height };
  let rows = Math.max(1, Math.min(height, Math.floor(MOST_PIXELS / width)));
  while (rows > 1 && seen(rows) > readable) rows--;
  return { images: 1, rows };
}

/** One unit: how many pixels it has, and where the addresses of the table count from. */
export interface Unit {
  readonly pixels: number;
  readonly input: number;
  readonly result: number;
}

/** Fills the table, then visits unit after unit, each copied with zeros around it if need be. */
export function eachUnit(
  kernels: SimdKernels,
  { plan, image, result, table, copy }: {
    readonly plan: UnitPlan;
    readonly image: number;
    readonly result: number;
    readonly table: number;
    readonly copy: number;
  },
  visit: (unit: Unit) => void,
): void {
  const { window, batch, images, rows, rowBytes } = plan;
  const { image: [height, width, channels], start, step, size, results } = window;
  kernels.pixelTable(
    ...[table, images, rows, size[1]],
    ...[plan.imageBytes, step[0] * rowBytes, step[1] * channels * FLOAT],
    ...[results.image * FLOAT, results.row * FLOAT, results.column * FLOAT],
  );
  const imageStep = height * width * channels * FLOAT;
  for (let n = 0; n < batch; n += images) {
    const here = Math.min(images, batch - n);
    for (let i = 0; i < size[0]; i += rows) {
      const from = image + n * imageStep, first = start[0] + i * step[0];
      if (!plan.direct) {
        for (let k = 0; k < here; k++) {
          copyRows(kernels, plan, {
            image: from + k * imageStep,
            copy: copy + k * plan.imageBytes,
            first,
          });
        }
      }
      visit({
        pixels: here * Math.min(rows, size[0] - i) * size[1],
        input: plan.direct ? from + first * rowBytes + start[1] * channels * FLOAT : copy,
        result: result + (results.first + n * results.image + i * results.row) * FLOAT,
      });
    }
  }
}

function copyRows(
  kernels: SimdKernels,
  { window, rowBytes, rowsRead }: UnitPlan,
  { image, copy, first }: {
    readonly image: number;
    readonly copy: number;
    readonly first: number;
  },
): void {
  const { image: [height, width, channels], start } = window;
  const pixel = channels * FLOAT;
  const columns = rowBytes / pixel;
  const left = Math.min(columns, Math.max(0, -start[1]));
  const skipped = Math.min(width, Math.max(0, start[1]));
  const kept = Math.max(0, Math.min(columns - left, width - skipped));
  kernels.padRows(
    ...[image + skipped * pixel, copy, height, width * pixel, first, rowsRead],
    ...[left * pixel, kept * pixel, (columns - left - kept) * pixel],
  );
}
