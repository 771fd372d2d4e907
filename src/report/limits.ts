/**
 * What keeps a page small enough to open at once, however long the run was. Whatever is left out is
 * said on the page, with the file that has all of it.
 */
export const LIMITS = {
  /** Points of one line of a chart; lows and highs are kept. */
  points: 800,
  /** Rows of metrics in the page's table. */
  metricsRows: 10_000,
  /** Rows of a table that stand in the page without its script; also rows of one of its pages. */
  pageRows: 25,
  /** Rows of the confidence table. */
  confidenceRows: 5_000,
  /** Epochs whose confusion matrices are read, over all stages. */
  epochs: 80,
  /** Confusion matrices, and cells of all of them together. */
  matrices: 400,
  matrixCells: 40_000,
  /** Explained images that are listed. */
  cards: 2_000,
  /** Characters of all thumbnails that stand in the page itself. */
  thumbnailCharacters: 2_000_000,
  /** Longer side of a thumbnail, pixels. */
  thumbnailSize: 96,
  /** Characters of all other figures that stand in the page itself. */
  figureCharacters: 1_500_000,
  /** Other figures: groups, and figures of one group. */
  figureGroups: 40,
  figuresOfGroup: 60,
  /** Files that are listed by name. */
  files: 2_000,
  /** Files larger than this are not hashed for a page that comes before the manifest. */
  hashedBytes: 256 * 1024 * 1024,
  /** Values of a configuration or a snapshot of the machine. */
  values: 2_000,
  /** Characters of one cell or value. */
  text: 500,
} as const;

/** A text that a page can carry. */
export function shortText(text: string): string {
  return text.length > LIMITS.text ? `${text.slice(0, LIMITS.text)}…` : text;
}

/** A number with its noun, thousands parted: "1 image", "2,000 images". */
export function counted(count: number, noun: string): string {
  const plural = noun === "matrix" ? "matrices" : `${noun}s`;
  return `${whole(count)} ${count === 1 ? noun : plural}`;
}

/** A whole number with commas; the same in every locale. */
export function whole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Bytes as a person says them. */
export function byteText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytes, unit = 0;
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** A time in ISO 8601, UTC, as a person says it. */
export function utcText(time: string): string {
  return time.replace("T", " ").replace(/\.\d+Z$|Z$/, " UTC");
}

/** Seconds as a person says them. */
export function secondsText(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`;
  const all = Math.round(seconds), hours = Math.floor(all / 3600);
  const minutes = Math.floor(all / 60) % 60;
  return hours > 0 ? `${whole(hours)} h ${minutes} min` : `${minutes} min ${all % 60} s`;
}

/**
 * At most so many of a list: the first, the last, and others evenly between.
 *
 * @param most at least 2
 */
export function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => items[Math.round(i * step)]);
}
