// Writes small npz files, whole or broken on purpose, without the code under test.
import { crc32 as zlibCrc32, deflateRawSync } from "node:zlib";

/** An array to be written. */
export interface Member {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
  readonly fortran?: boolean;
}

/** What a test may falsify in a member's directory entry. */
export interface Lies {
  readonly size?: number;
  readonly packed?: number;
  readonly crc?: number;
  readonly method?: number;
  readonly flags?: number;
}

/** An array of unsigned bytes. */
export function u1(shape: readonly number[], fill: (i: number) => number): Member {
  const count = shape.reduce((a, b) => a * b, 1);
  return { dtype: "|u1", shape, bytes: Uint8Array.from({ length: count }, (_, i) => fill(i)) };
}

/** The bytes of one npy file. */
export function npy({ dtype, shape, bytes, fortran = false }: Member, version = 1): Uint8Array {
  const order = fortran ? "True" : "False";
  const comma = shape.length === 1 ? "," : "";
  const text = `{'descr': '${dtype}', 'fortran_order': ${order}, 'shape': (${
    shape.join(", ")
  }${comma}), }`;
  const start = version === 1 ? 10 : 12;
  const header = text.padEnd(Math.ceil((start + text.length + 1) / 64) * 64 - start - 1) + "\n";
  const out = new Uint8Array(start + header.length + bytes.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(out.buffer);
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  out.set(new TextEncoder().encode(header), start);
  out.set(bytes, start + header.length);
  return out;
}

/** The bytes of a zip archive of npy members. */
export function npz(
  members: Readonly<Record<string, Member | Uint8Array>>,
  { stored = false, lies = {} }: { stored?: boolean; lies?: Readonly<Record<string, Lies>> } = {},
): Uint8Array {
  const parts: Uint8Array[] = [], directory: Uint8Array[] = [];
  let offset = 0;
  for (const [key, member] of Object.entries(members)) {
    const content = member instanceof Uint8Array ? member : npy(member);
    const packed = stored ? content : new Uint8Array(deflateRawSync(content));
    const name = new TextEncoder().encode(`${key}.npy`), lie = lies[key] ?? {};
    const local = new Uint8Array(30 + name.length), central = new Uint8Array(46 + name.length);
    const a = new DataView(local.buffer), b = new DataView(central.buffer);
    a.setUint32(0, 0x04034b50, true);
    a.setUint16(26, name.length, true);
    local.set(name, 30);
    b.setUint32(0, 0x02014b50, true);
    b.setUint16(8, lie.flags ?? 0, true);
    b.setUint16(10, lie.method ?? (stored ? 0 : 8), true);
    b.setUint32(16, lie.crc ?? zlibCrc32(content), true);
    b.setUint32(20, lie.packed ?? packed.length, true);
    b.setUint32(24, lie.size ?? content.length, true);
    b.setUint16(28, name.length, true);
    b.setUint32(42, offset, true);
    central.set(name, 46);
    parts.push(local, packed);
    directory.push(central);
    offset += local.length + packed.length;
  }
  const length = directory.reduce((sum, entry) => sum + entry.length, 0);
  const end = new Uint8Array(22), view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, directory.length, true);
  view.setUint16(10, directory.length, true);
  view.setUint32(12, length, true);
  view.setUint32(16, offset, true);
  return concat([...parts, ...directory, end]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A small file laid out like MedMNIST: `count` train and 4 val images of 4 x 4, two classes. */
export function medmnist(count = 10): Record<string, Member> {
  return {
    train_images: u1([count, 4, 4, 3], (i) => (i * 7) % 256),
    train_labels: u1([count, 1], (i) => i % 2),
    val_images: u1([4, 4, 4, 3], (i) => (i * 11 + 5) % 256),
    val_labels: u1([4, 1], (i) => i % 2),
  };
}

/** Runs a body with a new folder that is removed afterwards. */
export async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "data_test_" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
