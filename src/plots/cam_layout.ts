/** Sizes of the tiles of a panel, in pixels. */
export interface TileSize {
  /** Side of the square that an image stands in. */
  readonly side: number;
  /** Width of a tile: original, overlay and map. */
  readonly width: number;
  /** Pixels along the longer side of an image in the file. */
  readonly detail: number;
}

/** Pixels between the images of a tile, and between tiles. */
export const GAP = 4, TILE_GAP = 14;

/** Pixels of all originals together, which keep the file of a panel below about 3 MB. */
const PIXELS = 360_000;

/**
 * Columns and tile sizes for a number of tiles: one image is shown large, many small. A page is never
 * wider than about 1150 pixels, since a notebook would shrink it, and the letters with it.
 */
export function camLayout(
  tiles: number,
  wanted?: number,
): { readonly columns: number; readonly size: TileSize } {
  const columns = wanted ??
    (tiles < 3 ? Math.max(1, tiles) : tiles <= 12 ? 2 : tiles <= 24 ? 3 : 4);
  const side = tiles === 1 ? 168 : tiles <= 24 ? 112 : 88;
  const detail = Math.min(2 * side, Math.max(side, Math.sqrt(PIXELS / Math.max(1, tiles))));
  return { columns, size: { side, width: 3 * side + 2 * GAP, detail: Math.round(detail) } };
}
