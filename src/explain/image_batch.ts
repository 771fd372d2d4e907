import { readFile } from "node:fs/promises";
import { decodeImage } from "../images/decode_image.ts";
import type { RgbImage } from "../images/rgb_image.ts";
import { toRgbBytes } from "../images/to_rgb_bytes.ts";
import type { GraphModel } from "../tensors/layer_graph.ts";
import { extent } from "./extent.ts";
import type { Tensor, Tensor3D, Tensor4D, Tf } from "../tensors/tf.ts";

/** Numbers of one image `[height, width, channels]` or of several, one more axis in front. */
export interface PixelArray {
  /** Bytes 0..255, or floats that the model takes as they are. */
  readonly data: Uint8Array | Uint8ClampedArray | Float32Array | readonly number[];
  /** Sizes of the axes, outermost first. */
  readonly shape: readonly number[];
}

/** One image: pixels, numbers, a tensor (left untouched), or the path of a file. */
export type ImageLike = RgbImage | PixelArray | Tensor3D | string;

/** Several images. */
export type ImagesLike = readonly ImageLike[] | PixelArray | Tensor4D;

/** An image as numbers, whatever it was. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Uint8Array | Float32Array;
}

/** Reads images of any kind into plain numbers. */
export async function readImages(images: ImagesLike): Promise<Pixels[]> {
  if (Array.isArray(images)) return await Promise.all((images as ImageLike[]).map(readImage));
  const { data, shape } = await numbersOf(images as PixelArray | Tensor4D);
  if (shape.length !== 4) throw wrongShape(shape, "[images, height, width, channels]");
  const [count, height, width, channels] = shape, size = height * width * channels;
  checkLength(data, shape);
  return Array.from({ length: count }, (_, i) => ({
    height,
    width,
    channels,
    data: data.slice(i * size, (i + 1) * size),
  }));
}

async function readImage(image: ImageLike): Promise<Pixels> {
  if (typeof image === "string") {
    return readImage(await decodeImage(await readFile(image), { name: image }));
  }
  if ("width" in image) {
    const { height, width, data } = image;
    checkLength(data, [height, width, 3]);
    return { height, width, channels: 3, data };
  }
  const { data, shape } = await numbersOf(image);
  if (shape.length !== 3) throw wrongShape(shape, "[height, width, channels]");
  checkLength(data, shape);
  return { height: shape[0], width: shape[1], channels: shape[2], data };
}

async function numbersOf(image: PixelArray | Tensor): Promise<Pick<Pixels, "data"> & PixelArray> {
  const { shape } = image;
  const data = typeof image.data === "function" ? await image.data() : image.data;
  if (data instanceof Uint8Array || data instanceof Float32Array) return { data, shape };
  if (data instanceof Uint8ClampedArray) return { data: Uint8Array.from(data), shape };
  return { data: Float32Array.from(data), shape };
}

function checkLength(data: ArrayLike<number>, shape: readonly number[]): void {
  const wanted = shape.reduce((a, b) => a * b, 1);
  if (data.length === wanted) return;
  throw new RangeError(
    `explain(): an image of shape [${shape.join(", ")}] needs ${wanted} numbers, found ` +
      `${data.length}. Check its shape`,
  );
}

function wrongShape(shape: readonly number[], wanted: string): RangeError {
  return new RangeError(
    `explain(): found images of shape [${shape.join(", ")}], wanted ${wanted}. ` +
      `Pass an array of images, or numbers and tensors of that shape`,
  );
}

/** What a model takes: sides may be null for any size. */
export interface InputSize {
  readonly height: number | null;
  readonly width: number | null;
  readonly channels: number | null;
}

/** What the only input of a model takes. */
export function inputSize({ inputs: [{ shape }] }: GraphModel): InputSize {
  const [, height, width, channels] = shape;
  return { height, width, channels };
}

/** Throws unless there is one entry for each image. */
export function checkCount(
  where: string,
  given: ArrayLike<unknown> | undefined,
  { what, wanted }: { readonly what: string; readonly wanted: number },
): void {
  if (given === undefined || given.length === wanted) return;
  throw new RangeError(
    `${where}: found ${given.length} entries in ${what} for ${wanted} images. Pass one for each`,
  );
}

/** Resizes images to what the model takes and stacks them; belongs to the tidy of the caller. */
export function stackImages(
  tf: Tf,
  images: readonly Pixels[],
  { size, preprocess }: {
    readonly size: InputSize;
    readonly preprocess?: (batch: Tensor4D) => Tensor;
  },
): Tensor {
  const height = size.height ?? images[0].height, width = size.width ?? images[0].width;
  const stack = images.map((image) => {
    if (size.channels !== null && image.channels !== size.channels) {
      throw new RangeError(
        `explain(): found an image with ${image.channels} channels, the model takes ` +
          `${size.channels}. Pass { data, shape: [height, width, ${size.channels}] }`,
      );
    }
    const { data } = image;
    const shape: [number, number, number] = [image.height, image.width, image.channels];
    const bytes = data instanceof Uint8Array;
    const pixels = tf.tensor3d(bytes ? Float32Array.from(data) : data, shape);
    const scaled = bytes && preprocess === undefined ? pixels.div<Tensor3D>(255) : pixels;
    if (image.height === height && image.width === width) return scaled;
    // Half-pixel centres, as the map is enlarged again.
    return tf.image.resizeBilinear(scaled, [height, width], false, true);
  });
  const batch = tf.stack(stack) as Tensor4D;
  return preprocess === undefined ? batch : preprocess(batch);
}

/** Bytes to look at: floats are stretched unless they lie in 0..1 or 0..255 already. */
export function toRgb({ height, width, channels, data }: Pixels): RgbImage {
  const bytes = data instanceof Uint8Array ? data : toBytes(data);
  return { width, height, data: toRgbBytes(bytes, { channels }) };
}

function toBytes(data: Float32Array): Uint8Array {
  const [low, high] = extent(data);
  const [from, to] = low < 0 || high > 255 ? [low, high] : high <= 1 ? [0, 1] : [0, 255];
  const scale = 255 / (to - from || 1);
  const bytes = new Uint8Array(data.length);
  // A byte array cuts the fraction off, which takes a fifth of the time of Math.round(), and makes 0
  // of NaN and infinite values.
  for (let i = 0; i < data.length; i++) bytes[i] = (data[i] - from) * scale + 0.5;
  return bytes;
}
