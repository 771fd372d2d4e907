import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Bundles a file of the project for Node, in a folder of its own below node_modules: ignored by git,
 * and Node finds packages from there. The folder is gone after `body`.
 */
export async function withNodeBundle(
  entry: string,
  body: (bundle: { readonly folder: string; readonly module: string }) => Promise<void>,
  options: Pick<BuildOptions, "external" | "packages"> = {},
): Promise<void> {
  const folder = join(ROOT, "node_modules", ".qsight-test", crypto.randomUUID());
  await mkdir(folder, { recursive: true });
  const esbuild = await import("esbuild");
  try {
    const module = join(folder, "bundle.mjs");
    await esbuild.build({
      ...options,
      entryPoints: [join(ROOT, entry)],
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      outfile: module,
      logLevel: "silent",
    });
    await body({ folder, module });
  } finally {
    await esbuild.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
