import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { DataError, loadNpz, type NpyArray } from "../../src/data/mod.ts";
import { crc32 } from "../../src/data/npz/crc32.ts";
import { parseNpz } from "../../src/data/npz/load_npz.ts";
import { type Lies, medmnist, type Member, npy, npz, u1 } from "./write_npz.ts";

const SMALL = u1([2, 3], (i) => i + 1);

/** Reads array "x" of a file. */
function readX(bytes: Uint8Array): NpyArray {
  return parseNpz(bytes, { path: "a.npz" }).read("x");
}

/** Asserts a DataError that names the file and matches. */
function refuses(bytes: Uint8Array, words: RegExp): void {
  assert.throws(() => readX(bytes), (error: Error) => {
    assert.ok(error instanceof DataError, `${error}`);
    assert.equal(error.path, "a.npz");
    assert.match(error.message, /a\.npz/);
    assert.match(error.message, words);
    return true;
  });
}

Deno.test("crc32() gives the check value of the standard", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

Deno.test("loadNpz() reads stored and deflated members, npy versions 1 to 3", () => {
  for (const stored of [true, false]) {
    for (const version of [1, 2, 3]) {
      const { shape, data, dtype } = readX(npz({ x: npy(SMALL, version) }, { stored }));
      assert.deepEqual([shape, [...data], dtype], [[2, 3], [1, 2, 3, 4, 5, 6], "|u1"]);
    }
  }
});

const VALUES: readonly (readonly [string, Uint8Array, readonly number[]])[] = [
  ["|b1", Uint8Array.of(1, 0), [1, 0]],
  ["|i1", new Uint8Array(Int8Array.of(-3, 4).buffer), [-3, 4]],
  ["<u2", new Uint8Array(Uint16Array.of(65535, 4).buffer), [65535, 4]],
  ["<i2", new Uint8Array(Int16Array.of(-300, 4).buffer), [-300, 4]],
  ["<i4", new Uint8Array(Int32Array.of(-70000, 4).buffer), [-70000, 4]],
  ["<u4", new Uint8Array(Uint32Array.of(4e9, 4).buffer), [4e9, 4]],
  ["<i8", new Uint8Array(BigInt64Array.of(-5n, 4n).buffer), [-5, 4]],
  ["<u8", new Uint8Array(BigUint64Array.of(5n, 4n).buffer), [5, 4]],
  ["<f4", new Uint8Array(Float32Array.of(0.5, -4).buffer), [0.5, -4]],
  ["<f8", new Uint8Array(Float64Array.of(0.1, -4).buffer), [0.1, -4]],
];
for (const [dtype, bytes, wanted] of VALUES) {
  Deno.test(`loadNpz() reads ${dtype}`, () => {
    assert.deepEqual([...readX(npz({ x: { dtype, shape: [2], bytes } })).data], wanted);
  });
}

Deno.test("loadNpz() reads scalars and empty arrays", () => {
  assert.deepEqual(readX(npz({ x: u1([], () => 7) })).shape, []);
  assert.equal(readX(npz({ x: u1([0, 28, 28], () => 0) })).data.length, 0);
});

Deno.test("loadNpz() names the arrays and the nearest one to a wrong name", () => {
  const file = parseNpz(npz(medmnist()), { path: "a.npz" });
  assert.deepEqual(file.names, ["train_images", "train_labels", "val_images", "val_labels"]);
  assert.throws(() => file.read("train_image"), /Did you mean "train_images"/);
});

const BAD_ZIPS: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ["an empty file", new Uint8Array(), /an empty file/],
  [
    "a text file",
    new TextEncoder().encode("<!DOCTYPE html><title>Not found</title>".repeat(4)),
    /no ZIP archive but "<!DOCTYPE html>.*web page/,
  ],
  [
    "a file cut in the middle",
    npz({ x: SMALL }).subarray(0, 90),
    /beginning of a ZIP archive without its end/,
  ],
  ["a file without its beginning", npz({ x: SMALL }).subarray(40), /\(\d+ bytes in all\)/],
];
for (const [what, bytes, words] of BAD_ZIPS) {
  Deno.test(`loadNpz() refuses ${what}`, () => refuses(bytes, words));
}

const LIES: readonly (readonly [string, Lies, RegExp])[] = [
  ["a wrong checksum", { crc: 1 }, /wrong checksum/],
  ["a size larger than what is there", { size: 150 }, /22 bytes for shape \(2, 3\)/],
  ["a size smaller than what is there", { size: 20 }, /does not unpack/],
  [
    "a size that deflate cannot reach",
    { size: 0x7fff0000 },
    /claims 2147418112 bytes in \d+ packed/,
  ],
  ["a size above the limit", { size: 0xfffffff0 }, /at most 2147483647 are read/],
  ["more packed bytes than the file has", { packed: 5000 }, /"x.npy" cut short/],
  ["an unknown packing", { method: 12 }, /packed by method 12.*savez/],
  ["a password", { flags: 1 }, /encrypted/],
];
for (const [what, lie, words] of LIES) {
  Deno.test(`loadNpz() refuses a member with ${what}`, () => {
    refuses(npz({ x: SMALL }, { lies: { x: lie } }), words);
  });
}

Deno.test("loadNpz() refuses an absurd shape and type before it unpacks the numbers", () => {
  const noise = new SeededRandom("noise"),
    bytes = new Uint8Array(40_000).map(() => noise.integer(256));
  const damaged = (member: Member) => {
    const file = npz({ x: member });
    // Behind the first packed bytes nothing can be unpacked, which nobody comes to see.
    file.fill(0xff, 20_000, 30_000);
    return file;
  };
  const good = { dtype: "|u1", shape: [40_000], bytes };
  refuses(damaged(good), /does not unpack|wrong checksum/);
  refuses(damaged({ ...good, shape: [2 ** 40] }), /40000 bytes for shape \(1099511627776\)/);
  refuses(damaged({ ...good, dtype: "|O" }), /type \|O/);
});

Deno.test("loadNpz() refuses a large member that is packed tighter than photographs are", () => {
  const size = 70 << 20, member = { dtype: "|u1", shape: [size], bytes: new Uint8Array(size) };
  refuses(npz({ x: member }), /claims 734\d+ bytes in \d+ packed ones.*no zip bomb/);
});

Deno.test("loadNpz() unpacks no more than a zip bomb claims", () => {
  const bomb = npz({ x: new Uint8Array(64 << 20) }, { lies: { x: { size: 1000 } } });
  assert.ok(bomb.length < 100_000);
  refuses(bomb, /does not unpack/);
});

Deno.test("loadNpz() refuses ZIP64 and a directory outside of the file", () => {
  const zip64 = npz({ x: SMALL });
  new DataView(zip64.buffer).setUint32(zip64.length - 6, 0xffffffff, true);
  refuses(zip64, /ZIP64/);
  const outside = npz({ x: SMALL });
  new DataView(outside.buffer).setUint32(outside.length - 6, 0x00ffffff, true);
  refuses(outside, /directory beyond the end/);
});

const BAD_ARRAYS: readonly (readonly [string, Member | Uint8Array, RegExp])[] = [
  ["no npy header", new TextEncoder().encode("1,2,3,4,5,6,7,8"), /no npy header/],
  ["pickled objects", { ...SMALL, dtype: "|O" }, /type \|O.*astype/],
  ["big-endian numbers", { ...SMALL, dtype: ">i4" }, /type >i4/],
  ["columns first", { ...SMALL, fortran: true }, /Fortran order.*ascontiguousarray/],
  ["too few bytes for its shape", { ...SMALL, shape: [3, 3] }, /6 bytes for shape \(3, 3\)/],
  ["an absurd shape", { ...SMALL, shape: [2 ** 49, 2 ** 49, 2 ** 49] }, /6 bytes for shape/],
  ["a negative side", { ...SMALL, shape: [-2, -3] }, /damaged header/],
  ["a side that is no integer", { ...SMALL, shape: [1e21, 6] }, /damaged header/],
  ["too many axes", { ...SMALL, shape: new Array(40).fill(1) }, /damaged header/],
  ["an unknown version", npy(SMALL).with(6, 9), /npy version 9/],
  ["a header longer than the file", npy(SMALL).with(9, 250), /a header of \d+ bytes/],
];
for (const [what, member, words] of BAD_ARRAYS) {
  Deno.test(`loadNpz() refuses an array with ${what}`, () => refuses(npz({ x: member }), words));
}

Deno.test("loadNpz() refuses a missing file and a folder", async () => {
  await assert.rejects(loadNpz("no_such_file.npz"), /no such file.*Check the path/);
  await assert.rejects(loadNpz("."), /no file/);
});

Deno.test("loadNpz() of 400 damaged files: a typed error or a valid array, never a crash", () => {
  const random = new SeededRandom("mutations");
  let refused = 0;
  for (let round = 0; round < 400; round++) {
    const bytes = npz(medmnist(), { stored: round % 2 === 0 });
    const changes = 1 + random.integer(4);
    for (let i = 0; i < changes; i++) bytes[random.integer(bytes.length)] = random.integer(256);
    const cut = random.next() < 0.2 ? random.integer(bytes.length) : bytes.length;
    try {
      const file = parseNpz(bytes.subarray(0, cut), { path: "a.npz" });
      for (const name of file.names) {
        const { shape, data } = file.read(name);
        assert.equal(data.length, shape.reduce((a, b) => a * b, 1));
      }
    } catch (error) {
      assert.ok(error instanceof DataError, `round ${round}: ${error}`);
      refused++;
    }
  }
  assert.ok(refused > 300, `${refused} of 400 refused`);
});
