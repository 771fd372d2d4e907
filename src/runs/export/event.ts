// Events and summaries of TensorBoard, encoded by hand. Field numbers are those of
// tensorboard/compat/proto/{event,summary,tensor}.proto at version 2.21.0.
import { bytes, double, type Field, float, message, text, whole } from "./protobuf.ts";
import type { PngSize } from "./png_size.ts";

/** One value of a summary. */
export type SummaryValue = Uint8Array<ArrayBuffer>;

/** When an event was. */
export interface Moment {
  /** Seconds since 1970. */
  readonly wallTime: number;
  /** Not negative. */
  readonly step: number;
}

const FLOAT = 1, STRING = 7;
const TENSOR_DATA = 2;

/** The event that every event file begins with. */
export function fileVersionEvent(wallTime: number): Uint8Array<ArrayBuffer> {
  return message(double(1, wallTime), text(3, "brain.Event:2"));
}

/** An event with values of a summary. */
export function summaryEvent(
  { wallTime, step }: Moment,
  values: readonly SummaryValue[],
): Uint8Array<ArrayBuffer> {
  const summary = message(...values.map((value) => bytes(1, value)));
  return message(double(1, wallTime), whole(2, step), bytes(5, summary));
}

/** A number in the old form, which TensorBoard and all other readers know. */
export function scalarValue(tag: string, value: number): SummaryValue {
  return message(text(1, tag), float(2, value));
}

/** A PNG file in the old form. */
export function imageValue(tag: string, png: Uint8Array, size: PngSize): SummaryValue {
  const { width, height, channels } = size;
  const image = message(whole(1, height), whole(2, width), whole(3, channels), bytes(4, png));
  return message(text(1, tag), bytes(4, image));
}

/** Markdown. */
export function textValue(tag: string, markdown: string): SummaryValue {
  const tensor = message(
    whole(1, STRING),
    bytes(2, shape([1])),
    bytes(8, new TextEncoder().encode(markdown)),
  );
  return pluginValue(tag, { plugin: "text", content: new Uint8Array(0), tensor });
}

/** A value that a plugin of TensorBoard reads. */
export function pluginValue(
  tag: string,
  { plugin, content, tensor }: {
    readonly plugin: string;
    readonly content: Uint8Array;
    readonly tensor: Uint8Array;
  },
): SummaryValue {
  const data = message(text(1, plugin), bytes(2, content));
  const metadata = message(bytes(1, data), whole(4, TENSOR_DATA));
  return message(text(1, tag), bytes(8, tensor), bytes(9, metadata));
}

/** A tensor of float32. */
export function floatTensor(values: Float32Array, dimensions: readonly number[]): Uint8Array {
  const content = new Uint8Array(values.length * 4);
  const view = new DataView(content.buffer);
  values.forEach((value, i) => view.setFloat32(i * 4, value, true));
  return message(whole(1, FLOAT), bytes(2, shape(dimensions)), bytes(4, content));
}

function shape(dimensions: readonly number[]): Uint8Array {
  return message(...dimensions.map((size): Field => bytes(2, message(whole(1, size)))));
}
