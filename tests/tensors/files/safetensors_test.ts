import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { loadSafetensors } from "../../../src/tensors/files/load_safetensors.ts";
import { saveSafetensors } from "../../../src/tensors/files/save_safetensors.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { inFolder } from "./_in_folder.ts";

const PYTHON = "/usr/bin/python3";
const noPython = existsSync(PYTHON) ? undefined : "no python3 of the system";

/** A file with this header, as text, and these bytes behind it. */
function fileOf(header: string | Uint8Array, data = new Uint8Array(0)): Uint8Array {
  const json = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + json.byteLength + data.byteLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.byteLength), true);
  file.set(json, 8);
  file.set(data, 8 + json.byteLength);
  return file;
}

const KINDS = {
  doubles: { shape: [2], values: Float64Array.of(Math.PI, -0) },
  floats: { shape: [2, 2], values: Float32Array.of(1, -2.5, Infinity, 2 ** -149) },
  longs: { shape: [2], values: BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n) },
  ints: { shape: [1, 3], values: Int32Array.of(-1, 0, 2 ** 31 - 1) },
  shorts: { shape: [1], values: Int16Array.of(-32768) },
  bytes: { shape: [3], values: Uint8Array.of(0, 127, 255) },
  truths: { dtype: "BOOL", shape: [2], values: Uint8Array.of(1, 0) },
  one: { shape: [], values: Float32Array.of(7) },
  none: { shape: [0, 4], values: Float32Array.of() },
  'odd "näme"/\n': { shape: [1], values: Uint16Array.of(65535) },
  "12": { shape: [1], values: Uint32Array.of(2 ** 32 - 1) },
  __proto__name: { shape: [1], values: BigUint64Array.of(2n ** 64n - 1n) },
} as const;

Deno.test("saveSafetensors() and loadSafetensors() keep every type, shape and name", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "deep", "all.safetensors");
    const view = Float32Array.of(0, 1, 2, 3).subarray(1, 3);
    await saveSafetensors(path, { ...KINDS, view: { shape: [2], values: view } }, {
      metadata: { format: "pt", "12": 'quotes " and \\' },
    });
    const { tensors, metadata } = await loadSafetensors(path);
    assert.deepEqual(metadata, { format: "pt", "12": 'quotes " and \\' });
    assert.deepEqual(Object.keys(tensors).sort(), [...Object.keys(KINDS), "view"].sort());
    for (const [name, { shape, values }] of Object.entries(KINDS)) {
      assert.deepEqual(tensors[name].values, values, name);
      assert.deepEqual(tensors[name].shape, shape, name);
    }
    assert.deepEqual(tensors.view.values, Float32Array.of(1, 2));
    assert.equal(tensors.truths.dtype, "BOOL");
    assert.equal(tensors.longs.dtype, "I64");
  });
});

Deno.test("saveSafetensors() writes the same bytes in whatever order, every tensor aligned", async () => {
  await inFolder(async (folder) => {
    const [first, second] = [join(folder, "1"), join(folder, "2")];
    await saveSafetensors(first, KINDS, { metadata: { b: "2", a: "1" } });
    const reversed = Object.fromEntries(Object.entries(KINDS).reverse());
    await saveSafetensors(second, reversed, { metadata: { a: "1", b: "2" } });
    const bytes = await readFile(first);
    assert.deepEqual(await readFile(second), bytes);
    const length = Number(bytes.readBigUInt64LE(0));
    assert.equal(length % 8, 0);
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
    const width = {
      F64: 8,
      I64: 8,
      U64: 8,
      F32: 4,
      I32: 4,
      U32: 4,
      I16: 2,
      U16: 2,
      U8: 1,
      BOOL: 1,
    };
    for (const [name, entry] of Object.entries(header)) {
      if (name === "__metadata__") continue;
      const { dtype, data_offsets } = entry as {
        dtype: keyof typeof width;
        data_offsets: number[];
      };
      assert.equal(data_offsets[0] % width[dtype], 0, name);
    }
  });
});

Deno.test("loadSafetensors() reads half and brain floats as float32", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "half");
    // 1, -2, the largest, the smallest, minus zero, infinity, not a number.
    const half = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0x7e00];
    const brain = [0x3f80, 0xc000, 0x7f80, 0x0001];
    const header = `{"h":{"dtype":"F16","shape":[7],"data_offsets":[0,14]},` +
      `"b":{"dtype":"BF16","shape":[2,2],"data_offsets":[14,22]}}  `;
    const data = new Uint8Array(Uint16Array.from([...half, ...brain]).buffer);
    await writeFile(path, fileOf(header, data));
    const { tensors } = await loadSafetensors(path);
    const wanted = Float32Array.of(1, -2, 65504, 2 ** -24, -0, Infinity, NaN);
    assert.deepEqual(tensors.h, { dtype: "F16", shape: [7], values: wanted });
    const [one, two, infinite, tiny] = tensors.b.values as Float32Array;
    assert.deepEqual([one, two, infinite], [1, -2, Infinity]);
    assert.ok(Math.abs(tiny / 2 ** -133 - 1) < 1e-6);
  });
});

const TENSOR = `{"dtype":"U8","shape":[2],"data_offsets":[0,2]}`;

/** Files that break one rule each, and what is said of them. */
const BROKEN: Record<string, [Uint8Array, RegExp]> = {
  "too short": [new Uint8Array(7), /it has 7 bytes, wanted 8/],
  "header longer than allowed": [
    fileOf("{}").fill(0xff, 0, 8),
    /header would be 18446744073709551615 bytes long, and 100000000 are allowed/,
  ],
  "header longer than the file": [fileOf("{}").fill(3, 0, 1), /ends at byte 11, the file at 10/],
  "no brace first": [fileOf(" {}"), /does not begin with "{"/],
  "byte order mark": [fileOf("\ufeff{}"), /does not begin with "{"/],
  "not UTF-8": [fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), /cannot read/],
  "not JSON": [fileOf("{,}"), /JSON/],
  "name twice": [
    fileOf(`{"a":${TENSOR},"a":${TENSOR}}`, new Uint8Array(2)),
    /the header has "a" twice/,
  ],
  "name twice, escaped": [
    fileOf(`{"a":${TENSOR},"\\u0061" :${TENSOR}}`, new Uint8Array(2)),
    /the header has "a" twice/,
  ],
  "key twice": [fileOf(`{"a":{"dtype":"U8","dtype":"U8"}}`), /the header has "dtype" twice/],
  "metadata of numbers": [fileOf(`{"__metadata__":{"epoch":3}}`), /__metadata__ is no object/],
  "unknown type": [
    fileOf(`{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}`, new Uint8Array(2)),
    /"a" has dtype "F8_E4M3", wanted one of F64/,
  ],
  "type of a prototype": [
    fileOf(`{"a":{"dtype":"toString","shape":[2],"data_offsets":[0,2]}}`, new Uint8Array(2)),
    /"a" has dtype "toString"/,
  ],
  "no object": [fileOf(`{"a":null}`), /"a" has dtype undefined/],
  "negative side": [
    fileOf(`{"a":{"dtype":"U8","shape":[-2,-1],"data_offsets":[0,2]}}`, new Uint8Array(2)),
    /"a" has no shape of whole numbers/,
  ],
  "three offsets": [
    fileOf(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2,4]}}`, new Uint8Array(2)),
    /"a" has no data_offsets of two/,
  ],
  "shape of another size": [
    fileOf(`{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,2]}}`, new Uint8Array(2)),
    /shape \[3\] takes 3 bytes, and its data_offsets \[0, 2\] are 2 apart/,
  ],
  "sizes beyond counting": [
    fileOf(
      `{"a":{"dtype":"U8","shape":[9007199254740991,9007199254740991],"data_offsets":[0,2]}}`,
      new Uint8Array(2),
    ),
    /takes 8\.1\S+ bytes/,
  ],
  "offsets the wrong way": [
    fileOf(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}`, new Uint8Array(2)),
    /are -2 apart/,
  ],
  hole: [
    fileOf(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, new Uint8Array(3)),
    /a hole before tensor "a", which begins at 1, not 0/,
  ],
  overlap: [
    fileOf(
      `{"a":${TENSOR},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`,
      new Uint8Array(3),
    ),
    /another tensor in tensor "b"/,
  ],
  "end outside the file": [
    fileOf(`{"a":${TENSOR}}`, new Uint8Array(1)),
    /lists 2 bytes .* 1 follow/,
  ],
  "bytes left over": [fileOf(`{"a":${TENSOR}}`, new Uint8Array(3)), /lists 2 bytes .* 3 follow/],
};

for (const [what, [bytes, message]] of Object.entries(BROKEN)) {
  Deno.test(`loadSafetensors() refuses a broken file: ${what}`, async () => {
    await inFolder(async (folder) => {
      const path = join(folder, "broken.safetensors");
      await writeFile(path, bytes);
      await assert.rejects(loadSafetensors(path), (error: Error) => {
        assert.match(error.message, message);
        assert.match(error.message, /broken\.safetensors.*write it again/s);
        return true;
      });
    });
  });
}

Deno.test("loadSafetensors() accepts an empty file, and keys that it does not know", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "some");
    await writeFile(path, fileOf("{}"));
    assert.deepEqual(await loadSafetensors(path), { tensors: {}, metadata: {} });
    const more = `{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"note":"x"}}`;
    await writeFile(path, fileOf(more, Uint8Array.of(1, 2)));
    assert.deepEqual((await loadSafetensors(path)).tensors.a.values, Uint8Array.of(1, 2));
    await assert.rejects(loadSafetensors(join(folder, "nowhere")), /nowhere/);
  });
});

Deno.test("saveSafetensors() refuses what the format cannot hold, and writes nothing", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "never");
    const values = Float32Array.of(1, 2);
    const cases: [object, object | undefined, RegExp][] = [
      [{ a: { shape: [3], values } }, undefined, /shape \[3\] and 2 values/],
      [{ a: { shape: [-1, -2], values } }, undefined, /shape of whole numbers/],
      [{ a: { shape: [2], values: [1, 2] } }, undefined, /values in Array, wanted one of/],
      [{ a: { shape: [2], values, dtype: "F16" } }, undefined, /Float32Array cannot be written as/],
      [{ a: { shape: [1], values: Uint8Array.of(2), dtype: "BOOL" } }, undefined, /as BOOL/],
      [{ __metadata__: { shape: [2], values } }, undefined, /is no name for a tensor/],
      [{}, { metadata: { epoch: 3 } }, /metadata "epoch" is of type number/],
      [{}, { metdata: {} }, /unknown option "metdata".*metadata/],
    ];
    for (const [tensors, options, message] of cases) {
      await assert.rejects(saveSafetensors(path, tensors as never, options as never), message);
    }
    assert.ok(!existsSync(path));
  });
});

/** A reader and a writer of the format that share nothing with ours but its rules. */
const PYTHON_CHECK = `
import json, struct, sys
ours, theirs = sys.argv[1], sys.argv[2]
data = open(ours, "rb").read()
(n,) = struct.unpack("<Q", data[:8])
header = json.loads(data[8:8 + n].decode("utf-8"))
letters = {"F64": "d", "F32": "f", "I64": "q", "I32": "i", "I16": "h", "U16": "H", "U8": "B",
           "BOOL": "?", "U32": "I", "U64": "Q"}
out = {}
for name, e in header.items():
    if name == "__metadata__":
        continue
    begin, end = e["data_offsets"]
    raw = data[8 + n + begin:8 + n + end]
    count = 1
    for side in e["shape"]:
        count *= side
    out[name] = [str(v) for v in struct.unpack("<%d%s" % (count, letters[e["dtype"]]), raw)]
blob = struct.pack("<e", 1.5) * 2 + struct.pack("<3d", 1.0, 2.0, 1e300) + struct.pack("<2q", -5, 1 << 62)
h = json.dumps({"__metadata__": {"by": "python"},
  "z": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]},
  "a": {"dtype": "F64", "shape": [3, 1], "data_offsets": [4, 28]},
  "m": {"dtype": "I64", "shape": [2], "data_offsets": [28, 44]}}).encode("utf-8")
open(theirs, "wb").write(struct.pack("<Q", len(h)) + h + blob)
try:
    import torch
    e = header["floats"]
    view = torch.frombuffer(bytearray(data), dtype=torch.float32, count=4, offset=8 + n + e["data_offsets"][0])
    out["torch"] = [str(v) for v in view.reshape(e["shape"]).flatten().tolist()]
except ImportError:
    pass
print(json.dumps(out))
`;

testOrSkip("safetensors files go to Python and come from it", noPython, async () => {
  await inFolder(async (folder) => {
    const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
    await saveSafetensors(ours, KINDS, { metadata: { format: "pt" } });
    const { stdout, stderr, code } = await runCommand(
      [PYTHON, "-c", PYTHON_CHECK, ours, theirs],
      { timeout: 120_000 },
    );
    assert.equal(code, 0, stderr);
    const seen = JSON.parse(stdout) as Record<string, string[]>;
    const { torch, ...rest } = seen;
    assert.deepEqual(Object.keys(rest).sort(), Object.keys(KINDS).sort());
    assert.deepEqual(seen.doubles, ["3.141592653589793", "-0.0"]);
    assert.deepEqual(seen.longs, ["-9223372036854775808", "9007199254740993"]);
    assert.deepEqual(seen.truths, ["True", "False"]);
    assert.deepEqual(seen.bytes, ["0", "127", "255"]);
    assert.deepEqual(seen.none, []);
    assert.deepEqual(seen['odd "näme"/\n'], ["65535"]);
    if (torch !== undefined) assert.deepEqual(torch, seen.floats);
    const { tensors, metadata } = await loadSafetensors(theirs);
    assert.deepEqual(metadata, { by: "python" });
    // Numbers that begin at no multiple of their size are read all the same.
    assert.deepEqual(tensors.a, {
      dtype: "F64",
      shape: [3, 1],
      values: Float64Array.of(1, 2, 1e300),
    });
    assert.deepEqual(tensors.z.values, Float32Array.of(1.5, 1.5));
    assert.deepEqual(tensors.m.values, BigInt64Array.of(-5n, 1n << 62n));
  });
});
