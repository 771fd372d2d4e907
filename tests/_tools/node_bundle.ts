import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Bundles a file of the project for Node, in a folder of its own below node_modules: ignored by git,
 * and Node finds packages from there. The folder is gone after `body`.
 *
 * @param options.threads files that its threads run, each bundled to `<name>.mjs` beside it
 */
export async function withNodeBundle(
  entry: string,
  body: (bundle: { readonly folder: string; readonly module: string }) => Promise<void>,
  { threads = [], ...options }: Pick<BuildOptions, "external" | "packages"> & {
    readonly threads?: readonly string[];
  } = {},
): Promise<void> {
  const folder = join(ROOT, "node_modules", ".qsight-test", crypto.randomUUID());
  await mkdir(folder, { recursive: true });
  const esbuild = await import("esbuild");
  try {
    const module = join(folder, "bundle.mjs");
    const outputs = [
      [entry, module],
      ...threads.map((file) => [file, join(folder, basename(file, ".ts") + ".mjs")]),
    ];
    for (const [file, outfile] of outputs) {
      await esbuild.build({
        ...options,
        entryPoints: [join(ROOT, file)],
        bundle: true,
        platform: "node",
        format: "esm",
        target: "node20",
        outfile,
        logLevel: "silent",
      });
    }
    await body({ folder, module });
  } finally {
    await esbuild.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
