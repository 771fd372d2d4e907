import { open } from "node:fs/promises";

/** What a native binary was built for, in Node's words. */
export interface BinaryKind {
  readonly platform: "linux" | "darwin" | "win32";
  /** Processor families; Mach-O files may hold several. */
  readonly archs: readonly string[];
}

const ELF: Readonly<Record<number, string>> = {
  0x3e: "x64",
  0xb7: "arm64",
  0x03: "ia32",
  0x28: "arm",
};
const MACH: Readonly<Record<number, string>> = { 0x01000007: "x64", 0x0100000c: "arm64" };
const PE: Readonly<Record<number, string>> = { 0x8664: "x64", 0xaa64: "arm64", 0x014c: "ia32" };

/** Reads what a library was built for from its header; undefined for what is none. */
export async function binaryKind(path: string): Promise<BinaryKind | undefined> {
  const file = await open(path, "r");
  try {
    const bytes = new Uint8Array(4096);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return kindOf(new DataView(bytes.buffer, 0, bytesRead));
  } finally {
    await file.close();
  }
}

function kindOf(view: DataView): BinaryKind | undefined {
  if (view.byteLength < 64) return undefined;
  const magic = view.getUint32(0);
  if (magic === 0x7f454c46) {
    return { platform: "linux", archs: [named(ELF, view.getUint16(18, view.getUint8(5) === 1))] };
  }
  if (magic === 0xcffaedfe) {
    return { platform: "darwin", archs: [named(MACH, view.getUint32(4, true))] };
  }
  if (magic === 0xcafebabe) {
    const count = Math.min(view.getUint32(4), 8);
    const archs = Array.from({ length: count }, (_, i) => named(MACH, view.getUint32(8 + 20 * i)));
    return { platform: "darwin", archs };
  }
  if (view.getUint16(0) === 0x4d5a) {
    const at = view.getUint32(60, true);
    if (at + 6 > view.byteLength) return undefined;
    return { platform: "win32", archs: [named(PE, view.getUint16(at + 4, true))] };
  }
  return undefined;
}

function named(table: Readonly<Record<number, string>>, code: number): string {
  return table[code] ?? `machine 0x${code.toString(16)}`;
}
