/**
 * The RGB bytes of an image of any number of channels: of one or two the first is repeated (a second
 * is alpha), of four and more the first three are taken. RGB itself is returned as it is.
 */
export function toRgbBytes(
  data: Uint8Array,
  { channels }: { readonly channels: number },
): Uint8Array {
  if (channels === 3) return data;
  const green = channels < 3 ? 0 : 1, blue = channels < 3 ? 0 : 2;
  const out = new Uint8Array(data.length / channels * 3);
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3) {
    out[to] = data[from];
    out[to + 1] = data[from + green];
    out[to + 2] = data[from + blue];
  }
  return out;
}
