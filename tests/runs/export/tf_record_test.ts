import assert from "node:assert/strict";
import { crc32c, maskedCrc32c } from "../../../src/runs/export/crc32c.ts";
import { tfRecord } from "../../../src/runs/export/tf_record.ts";

Deno.test("crc32c() gives the values of RFC 3720", () => {
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c);
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
});

Deno.test("maskedCrc32c() turns by 15 bits and adds TensorFlow's constant", () => {
  // (0xe3069283 >> 15 | 0xe3069283 << 17) + 0xa282ead8, by hand.
  assert.equal(maskedCrc32c(new TextEncoder().encode("123456789")), 0xc78ab0e5);
});

Deno.test("tfRecord() is length, checksum, data, checksum", () => {
  const record = tfRecord(Uint8Array.of(7, 8, 9));
  const view = new DataView(record.buffer);
  assert.equal(record.length, 8 + 4 + 3 + 4);
  assert.equal(view.getBigUint64(0, true), 3n);
  assert.deepEqual([...record.subarray(12, 15)], [7, 8, 9]);
  assert.equal(view.getUint32(15, true), maskedCrc32c(Uint8Array.of(7, 8, 9)));
});
