/** What the header of a PNG file says. */
export interface PngSize {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: number;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/** By colour type; a palette holds RGB. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

/**
 * Width, height and channels of a PNG file; undefined when the bytes are none.
 *
 * Source: https://www.w3.org/TR/png-3/, 5.2 and 11.2.1.
 */
export function pngSize(bytes: Uint8Array): PngSize | undefined {
  if (bytes.length < 33 || SIGNATURE.some((byte, i) => bytes[i] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const channels = CHANNELS[bytes[25]];
  if (view.getUint32(12) !== 0x49484452 || channels === undefined) return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20), channels };
}
