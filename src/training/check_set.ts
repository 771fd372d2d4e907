import type { ImageSet } from "../data/image_set.ts";
import type { HybridModel } from "../model/hybrid_model.ts";

/** What of a set has to fit a model. */
type CheckedSet = Pick<ImageSet, "name" | "width" | "height" | "classes">;

/**
 * Throws when a set does not fit a model: images of another size would be read as garbage, other
 * classes would be learned under wrong names.
 *
 * @throws {RangeError} naming both sizes, or both lists of classes
 */
export function checkSet(where: string, model: HybridModel, set: CheckedSet): void {
  const { imageSize } = model;
  if (set.width !== imageSize || set.height !== imageSize) {
    throw new RangeError(
      `${where}: images of "${set.name}" are ${set.width}x${set.height}, the model takes ` +
        `${imageSize}x${imageSize}; load the data with imageSize: ${imageSize}`,
    );
  }
  if (set.classes.join("\n") === model.classes.join("\n")) return;
  throw new RangeError(
    `${where}: classes of "${set.name}" are ${set.classes.join(", ")}, those of the model ` +
      `${model.classes.join(", ")}; build the model with classes: data.classes`,
  );
}
