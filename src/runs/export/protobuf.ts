// The few parts of the protobuf wire format that event files need.
// Source: https://protobuf.dev/programming-guides/encoding/
import { joinBytes } from "../../_internal/join_bytes.ts";

/** An encoded field, tag included. */
export type Field = Uint8Array<ArrayBuffer>;

const VARINT = 0, FIXED64 = 1, LENGTH_DELIMITED = 2, FIXED32 = 5;

/** A message of fields; absent ones are left out, as proto3 does with default values. */
export function message(...fields: readonly (Field | undefined)[]): Uint8Array<ArrayBuffer> {
  return joinBytes(fields.filter((field) => field !== undefined));
}

/** A whole number that is not negative: int32, int64, uint32, bool or enum. */
export function whole(field: number, value: number): Field {
  return joinBytes([varint(field * 8 + VARINT), varint(value)]);
}

/** A `double`. */
export function double(field: number, value: number): Field {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return joinBytes([varint(field * 8 + FIXED64), bytes]);
}

/** A `float`. */
export function float(field: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joinBytes([varint(field * 8 + FIXED32), bytes]);
}

/** `bytes`, or a message inside a message. */
export function bytes(field: number, value: Uint8Array): Field {
  return joinBytes([varint(field * 8 + LENGTH_DELIMITED), varint(value.length), value]);
}

/** A `string`. */
export function text(field: number, value: string): Field {
  return bytes(field, new TextEncoder().encode(value));
}

/** Seven bits a byte, lowest first. Divides, because steps may need more than 32 bits. */
function varint(value: number): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) out.push(value % 128 + 128);
  out.push(value);
  return Uint8Array.from(out);
}
