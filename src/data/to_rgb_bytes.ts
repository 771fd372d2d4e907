/** Repeats a grey value three times; RGB bytes are returned as they are. */
export function toRgbBytes(
  data: Uint8Array,
  { channels }: { readonly channels: 1 | 3 },
): Uint8Array {
  if (channels === 3) return data;
  const out = new Uint8Array(data.length * 3);
  for (let i = 0; i < data.length; i++) out.fill(data[i], i * 3, i * 3 + 3);
  return out;
}
