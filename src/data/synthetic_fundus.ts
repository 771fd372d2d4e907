import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";
import { drawFundus } from "./fundus/draw_fundus.ts";
import { DR_GRADES, type ImageSet } from "./image_set.ts";

/** Options of {@linkcode syntheticFundus}. */
export interface SyntheticFundusOptions {
  /** Number of images, 1 to 100000. @default {400} */
  readonly count?: number;
  /** Height and width in pixels, 16 to 1024. @default {64} */
  readonly size?: number;
  /** Seed; each image depends on it and its own index only. @default {0} */
  readonly seed?: number;
  /** Number of grades, counted from "no DR", 2 to 5. @default {5} */
  readonly classes?: number;
}

/** Images of each grade in every block of twenty: 30, 15, 25, 15 and 15 %. */
const BLOCK = [6, 3, 5, 3, 3];

/**
 * Draws fundus photographs of the five grades of diabetic retinopathy, with the place of every
 * lesion. They teach and test; no result on them says anything about patients.
 *
 * The same seed gives the same bytes, and a longer set starts with the images of a shorter one.
 *
 * @returns a set with masks; see {@linkcode LESION_BITS}
 * @throws {RangeError} when a number is out of its range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { syntheticFundus } from "@qsight/qsight/data";
 * const set = syntheticFundus({ count: 2, size: 32, seed: 7 });
 * assert.equal(set.images.length, 2 * 32 * 32 * 3);
 * assert.equal(set.synthetic, true);
 * ```
 */
export function syntheticFundus(options: SyntheticFundusOptions = {}): ImageSet {
  checkOptions("syntheticFundus()", options, ["count", "size", "seed", "classes"]);
  const { count = 400, size = 64, seed = 0, classes = DR_GRADES.length } = options;
  checkRange("count", count, [1, 100000]);
  checkRange("size", size, [16, 1024]);
  checkRange("classes", classes, [2, DR_GRADES.length]);
  checkRange("count * size * size * 3", count * size * size * 3, [1, 2 ** 31 - 1]);
  const area = size * size;
  const images = new Uint8Array(count * area * 3), masks = new Uint8Array(count * area);
  const labels = gradesOf({ count, seed, classes });
  for (let i = 0; i < count; i++) {
    drawFundus(`fundus/${seed}/${i}`, labels[i], {
      size,
      image: images.subarray(i * area * 3, (i + 1) * area * 3),
      mask: masks.subarray(i * area, (i + 1) * area),
    });
  }
  return {
    name: "synthetic",
    source: "synthetic",
    synthetic: true,
    images,
    count,
    height: size,
    width: size,
    labels,
    classes: DR_GRADES.slice(0, classes),
    ids: Array.from({ length: count }, (_, i) => `synthetic_${String(i).padStart(5, "0")}`),
    masks,
  };
}

/** Grades in shuffled blocks: every stretch of the set is mixed, and none depends on the count. */
function gradesOf(
  { count, seed, classes }: { count: number; seed: number; classes: number },
): Int32Array {
  const block = BLOCK.slice(0, classes).flatMap((n, grade) => new Array<number>(n).fill(grade));
  const labels = new Int32Array(count);
  for (let start = 0; start < count; start += block.length) {
    const mixed = new SeededRandom(`grades/${seed}/${start / block.length}`).shuffle(block);
    labels.set(mixed.slice(0, count - start), start);
  }
  return labels;
}

function checkRange(name: string, value: number, [low, high]: [number, number]): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(
      `syntheticFundus(): found ${name} ${value}, wanted an integer from ${low} to ${high}. ` +
        `Pass ${
          name.includes("*") ? "a smaller count or size" : `{ ${name}: ${low} }, for example`
        }.`,
    );
  }
}
