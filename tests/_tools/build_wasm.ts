// Compiles src/tensors/kernels/assembly/*.as and writes src/tensors/kernels/simd_modules.ts.
import { main } from "assemblyscript/asc";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const KERNELS = new URL("../../src/tensors/kernels/", import.meta.url);

/** The file that the build writes. */
export const MODULES = fileURLToPath(new URL("simd_modules.ts", KERNELS));

/** Memory below this address belongs to the null pointer and to the backend's own data. */
const MEMORY_BASE = 8192;

/** The text of the file, from the sources as they are. */
export async function buildModules(): Promise<string> {
  const [plain, relaxed] = [await compile(false), await compile(true)];
  return `// Written by \`deno task build:wasm\` from assembly/*.as. A test builds it again and compares.
// Text instead of files, so that a bundle of this project has them too.

/** With SIMD: fixed, runs in Node 20. */
export const PLAIN =
  "${plain}";

/** With relaxed SIMD: multiplies and adds in one instruction where the machine can. */
export const RELAXED =
  "${relaxed}";
`;
}

async function compile(relaxed: boolean): Promise<string> {
  let bytes = new Uint8Array();
  const flags = ["--runtime", "stub", "--importMemory", "--noExportMemory", "-O3", "--converge"];
  const { error, stderr } = await main(
    [
      ...["index.ts", "-o", "module.wasm", "--noAssert", ...flags],
      ...["--memoryBase", String(MEMORY_BASE), "--enable", "simd"],
      ...(relaxed ? ["--enable", "relaxed-simd"] : []),
      ...["--use", `RELAXED=${relaxed ? 1 : 0}`],
    ],
    {
      // The compiler asks for .ts files; ours have another ending, since they are not TypeScript.
      readFile: (name: string) =>
        readFile(new URL(`assembly/${name.replace(/\.ts$/, ".as")}`, KERNELS), "utf8")
          .catch(() => null),
      writeFile: (_name: string, contents: Uint8Array | string) => {
        bytes = contents as Uint8Array<ArrayBuffer>;
      },
      listFiles: () => [],
    },
  );
  if (error !== null) throw new Error(`build:wasm: ${error.message}\n${stderr}`);
  return bytes.toBase64();
}

if (import.meta.main) await writeFile(MODULES, await buildModules());
