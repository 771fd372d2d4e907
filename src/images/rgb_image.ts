/** An 8-bit colour image in memory. */
export interface RgbImage {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `height * width * 3` bytes: R, G, B of a pixel, row by row from the top. */
  readonly data: Uint8Array;
}

/**
 * Throws when a value that should be an image is none: cells of a notebook are not type-checked.
 *
 * @throws {TypeError} naming what was found and how many bytes are wanted
 */
export function checkRgbImage(where: string, image: RgbImage): void {
  const { width, height, data } = (image ?? {}) as Partial<RgbImage>;
  const sides = [width, height].every((side) => Number.isInteger(side) && (side as number) > 0);
  if (!sides || !(data instanceof Uint8Array)) {
    throw new TypeError(
      `${where}: found ${
        sides ? "data that is no Uint8Array" : `a size of ${width} x ${height}`
      }, ` +
        `wanted { width, height, data: Uint8Array }. Read files with decodeImage(bytes).`,
    );
  }
  const wanted = (width as number) * (height as number) * 3;
  if (data.length !== wanted) {
    throw new TypeError(
      `${where}: found ${data.length} bytes for ${width} x ${height} pixels, wanted ${wanted} ` +
        `(R, G, B a pixel). Drop an alpha channel or repeat a grey one three times.`,
    );
  }
}
