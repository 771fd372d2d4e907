import type { GradConfig, NamedAttrMap, Tensor, Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";

interface Attrs {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/**
 * The gradients of `ResizeBilinear` and `ResizeNearestNeighbor`. A resized image is a matrix of
 * weights times the rows and one times the columns; dy is multiplied by the same from the other
 * side. The kernels of TensorFlow.js exchange height and width (cpu) and ignore `halfPixelCenters`.
 */
export function resizeGradients(tf: Tf): GradConfig[] {
  const rules = { ResizeBilinear: bilinear, ResizeNearestNeighbor: nearest };
  return Object.entries(rules).map(([name, rule]) => {
    const gradFunc = (dy: Tensor4D, [images]: Tensor4D[], attrs: NamedAttrMap) => ({
      images: () => {
        const [batch, height, width, channels] = images.shape;
        const [, outHeight, outWidth] = dy.shape;
        const { alignCorners, halfPixelCenters } = attrs as unknown as Attrs;
        const how = { alignCorners, halfPixelCenters };
        const rows = weights(tf, rule, { size: height, outSize: outHeight, ...how });
        const columns = weights(tf, rule, { size: width, outSize: outWidth, ...how });
        const wide = tf.reshape(dy, [batch, outHeight, outWidth * channels]);
        const tall = tf.matMul(repeated(tf, rows, batch), wide, true);
        const lines = tf.reshape(tall, [batch * height, outWidth, channels]);
        const image = tf.matMul(repeated(tf, columns, batch * height), lines, true);
        return tf.reshape(image, images.shape);
      },
    });
    const brought = tf.getGradient(name);
    return { ...brought, gradFunc: gradFunc as unknown as GradConfig["gradFunc"] };
  });
}

interface Axis extends Attrs {
  readonly size: number;
  readonly outSize: number;
}

/** Which input pixels an output pixel is made of, and their shares. */
type Rule = (place: number, axis: Axis) => [at: number, share: number][];

function bilinear(place: number, { size, halfPixelCenters, ...axis }: Axis): [number, number][] {
  const ratio = scale({ size, halfPixelCenters, ...axis });
  const at = halfPixelCenters ? ratio * (place + 0.5) - 0.5 : ratio * place;
  const below = Math.max(0, Math.floor(at));
  const above = Math.min(size - 1, Math.max(0, Math.ceil(at)));
  return below === above ? [[below, 1]] : [[below, 1 - (at - below)], [above, at - below]];
}

function nearest(place: number, axis: Axis): [number, number][] {
  const at = scale(axis) * (axis.halfPixelCenters ? place + 0.5 : place);
  const whole = axis.alignCorners ? Math.round(at) : Math.floor(at);
  return [[Math.min(axis.size - 1, whole), 1]];
}

function scale({ size, outSize, alignCorners }: Axis): number {
  return alignCorners && outSize > 1 ? (size - 1) / (outSize - 1) : size / outSize;
}

/** A matrix of shape [outSize, size]. */
function weights(tf: Tf, rule: Rule, axis: Axis): Tensor2D {
  const { size, outSize } = axis;
  const values = new Float32Array(outSize * size);
  for (let place = 0; place < outSize; place++) {
    for (const [at, share] of rule(place, axis)) values[place * size + at] += share;
  }
  return tf.tensor2d(values, [outSize, size]);
}

/** Every backend multiplies equal batches; a batch of one is not repeated by all of them. */
function repeated(tf: Tf, matrix: Tensor2D, times: number): Tensor {
  return tf.tile(tf.reshape(matrix, [1, ...matrix.shape]), [times, 1, 1]);
}
