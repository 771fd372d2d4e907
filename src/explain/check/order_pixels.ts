/**
 * Pixels from the highest value of a map to the lowest. A map that is 0 almost everywhere leaves
 * most of the order open; `ties` then decides, the first index where it does not.
 *
 * @param map one number a pixel
 * @param ties one number a pixel, higher first among equals
 */
export function orderPixels(map: ArrayLike<number>, ties: ArrayLike<number> = map): Uint32Array {
  const order = Uint32Array.from({ length: map.length }, (_, i) => i);
  return order.sort((i, j) => map[j] - map[i] || ties[j] - ties[i] || i - j);
}
