// Compiles the AssemblyScript of this project and writes the modules into TypeScript files.
import { main } from "assemblyscript/asc";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** One file of modules. */
export interface WasmTarget {
  /** The file that the build writes. */
  readonly file: string;
  /** Its text, from the sources as they are. */
  build(): Promise<string>;
}

interface Variant {
  readonly name: string;
  readonly comment: string;
  readonly relaxed: boolean;
  /** Sources that others import under a name of their own. */
  readonly alias?: Readonly<Record<string, string>>;
}

const FIXED = "fixed, runs in Node 20";
const FUSED = "multiplies and adds in one instruction where the machine can";

/** SIMD kernels on the memory of TensorFlow.js, which only begins after its own data. */
const KERNELS = target("src/tensors/kernels/", "simd_modules.ts", {
  variants: [
    { name: "PLAIN", comment: `With SIMD: ${FIXED}.`, relaxed: false },
    { name: "RELAXED", comment: `With relaxed SIMD: ${FUSED}.`, relaxed: true },
  ],
  level: ["-O3", "--converge"],
  memory: [],
});

/** The quantum engine, whose memory several workers share. */
const ENGINE = target("src/quantum/engine/", "engine_modules.ts", {
  variants: (["f32", "f64"] as const).flatMap((real): Variant[] => {
    const alias = { real: `real_${real}` }, upper = real.toUpperCase();
    return [
      { name: `${upper}_PLAIN`, comment: `${real}, SIMD: ${FIXED}.`, relaxed: false, alias },
      {
        name: `${upper}_RELAXED`,
        comment: `${real}, relaxed SIMD: ${FUSED}.`,
        relaxed: true,
        alias,
      },
    ];
  }),
  // Higher levels move additions to where their sum is used, which keeps too much in registers.
  level: ["-O2"],
  memory: [
    ...["--enable", "threads", "--sharedMemory"],
    // What it takes at least and at most, as engine_module.ts overwrites it.
    ...["--initialMemory", "65536", "--maximumMemory", "65536"],
  ],
});

/** All files of modules in this project. */
export const TARGETS = { KERNELS, ENGINE } as const;

/** Memory below this address belongs to the null pointer, and in KERNELS to the backend's own data. */
const MEMORY_BASE = 8192;

interface Sources {
  readonly variants: readonly Variant[];
  /** Flags of the optimizer. */
  readonly level: readonly string[];
  /** Flags about the memory. */
  readonly memory: readonly string[];
}

function target(folder: string, file: string, sources: Sources): WasmTarget {
  const base = new URL(`../../${folder}`, import.meta.url);
  return {
    file: fileURLToPath(new URL(file, base)),
    async build() {
      const parts: string[] = [];
      for (const variant of sources.variants) {
        const code = await compile(base, variant, [...sources.level, ...sources.memory]);
        parts.push(`\n/** ${variant.comment} */\nexport const ${variant.name} =\n  "${code}";\n`);
      }
      return "// Written by `deno task build:wasm` from assembly/*.as. A test builds it again and compares.\n" +
        "// Text instead of files, so that a bundle of this project has them too.\n" +
        parts.join("");
    },
  };
}

async function compile(
  base: URL,
  { relaxed, alias = {} }: Variant,
  more: readonly string[],
): Promise<string> {
  let bytes = new Uint8Array();
  const flags = ["--runtime", "stub", "--importMemory", "--noExportMemory"];
  const { error, stderr } = await main(
    [
      ...["index.ts", "-o", "module.wasm", "--noAssert", ...flags, ...more],
      ...["--memoryBase", String(MEMORY_BASE), "--enable", "simd"],
      ...(relaxed ? ["--enable", "relaxed-simd"] : []),
      ...["--use", `RELAXED=${relaxed ? 1 : 0}`],
    ],
    {
      // The compiler asks for .ts files; ours have another ending, since they are not TypeScript.
      readFile: (name: string) => {
        const source = name.replace(/\.ts$/, "");
        return readFile(new URL(`assembly/${alias[source] ?? source}.as`, base), "utf8")
          .catch(() => null);
      },
      writeFile: (_name: string, contents: Uint8Array | string) => {
        bytes = contents as Uint8Array<ArrayBuffer>;
      },
      listFiles: () => [],
    },
  );
  if (error !== null) throw new Error(`build:wasm: ${error.message}\n${stderr}`);
  return bytes.toBase64();
}

if (import.meta.main) {
  for (const { file, build } of Object.values(TARGETS)) await writeFile(file, await build());
}
