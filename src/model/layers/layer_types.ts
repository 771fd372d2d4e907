import type { Tf } from "../../tensors/tf.ts";

/** A layer of tf.layers. */
export type Layer = InstanceType<Tf["layers"]["Layer"]>;

/** A class of layers, made for one copy of TensorFlow.js. */
export interface LayerConstructor<Config, Made extends Layer = Layer> {
  new (config: Config): Made;
  readonly className: string;
}
