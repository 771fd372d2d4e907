/** The method name by which a Deno kernel asks a value how to show itself. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display") as never;

/** A drawn picture together with the numbers behind it. Nothing is shown or written by itself. */
export interface Figure {
  /** Tells a figure from other values that show themselves. */
  readonly kind: "figure";
  /** File stem in a run folder, e.g. `confusion_matrix`. */
  readonly name: string;
  /** A whole SVG document with xmlns, explicit colours and a background. */
  readonly svg: string;
  /** What a text-only front end shows: a table or a sentence with the same numbers. */
  readonly text: string;
  /** The numbers behind the picture, ready for JSON. */
  readonly data: unknown;
  /** Width in CSS pixels. */
  readonly width: number;
  /** Height in CSS pixels. */
  readonly height: number;
  /** Rendered pixels; `scale` 2 doubles both sides. */
  png(options?: { readonly scale?: number }): Promise<Uint8Array>;
  /** MIME bundle: image/png, image/svg+xml, text/plain. */
  [jupyterDisplay](): Promise<Record<string, unknown>>;
}
