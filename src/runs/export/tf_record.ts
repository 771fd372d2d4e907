import { maskedCrc32c } from "./crc32c.ts";

/**
 * One record of a TFRecord file: length as a little-endian uint64, its masked CRC-32C, the data, the
 * data's masked CRC-32C. A reader that meets a record which is cut short stops there and has all
 * before it.
 *
 * Source: https://www.tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details".
 */
export function tfRecord(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(12 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}
