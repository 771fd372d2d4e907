import type { io } from "@tensorflow/tfjs";

/** The file that makes a folder a model. */
export const MODEL_FILE = "model.json";

/** What model.json says: the form of TensorFlow.js, and a key that TensorFlow.js passes over. */
export interface ModelFile extends io.ModelJSON {
  /** SHA-256 of each weight file, by its name. Absent in models that others wrote. */
  readonly weightsSha256?: Readonly<Record<string, string>>;
}
