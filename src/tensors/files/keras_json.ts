/** A JSON object of a model topology. */
export type JsonObject = Record<string, unknown>;

/** A layer, model or initializer as Keras writes it. */
export interface KerasObject extends JsonObject {
  readonly class_name: string;
  readonly config: JsonObject;
}

/** Tells an object from the other things that JSON has. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Tells the objects that name a class and how to make one of it. */
export function isKerasObject(value: unknown): value is KerasObject {
  return isObject(value) && typeof value.class_name === "string" && isObject(value.config);
}

/** The layers of a model; undefined for anything else. */
export function layersOf({ config }: KerasObject): KerasObject[] | undefined {
  return Array.isArray(config.layers) ? config.layers : undefined;
}
