/**
 * Blurs interleaved R, G, B in place: a Gaussian that is cut off at three standard deviations, first
 * along the rows, then along the columns. Beyond its edge an image goes on as it ends.
 *
 * @param pixels `height * width * 3` numbers
 * @param sigma standard deviation in pixels, above 0
 */
export function gaussianBlur(
  pixels: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  sigma: number,
): void {
  const reach = Math.max(1, Math.ceil(3 * sigma));
  const weights = Float64Array.from(
    { length: 2 * reach + 1 },
    (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  const line = new Float64Array(Math.max(width, height));
  const blurLine = (start: number, step: number, length: number) => {
    for (let i = 0; i < length; i++) line[i] = pixels[start + i * step];
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        sum += weights[k + reach] * line[Math.min(length - 1, Math.max(0, i + k))];
      }
      pixels[start + i * step] = sum / total;
    }
  };
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < 3; c++) blurLine(y * width * 3 + c, 3, width);
  }
  for (let x = 0; x < width * 3; x++) blurLine(x, width * 3, height);
}
