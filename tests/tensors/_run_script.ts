// Runs a piece of code in a process of its own, in Deno or bundled in Node.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type CommandResult, runCommand } from "../../src/_internal/run_command.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DEADLINE = 300_000;

/**
 * Runs `code` with Deno; `SRC/` stands for the folder of the room. Graphics drivers get a folder
 * for their sockets, since they print where there is none. `flags` may take permissions away.
 */
export async function runScript(
  code: string,
  flags: readonly string[] = [],
): Promise<CommandResult> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-script-"));
  try {
    const script = join(folder, "script.js");
    await writeFile(
      script,
      code.replaceAll("SRC/", new URL("src/tensors/", `file://${ROOT}`).href),
    );
    const env = { ...process.env, XDG_RUNTIME_DIR: folder, NO_COLOR: "1" } as Record<
      string,
      string
    >;
    const config = join(ROOT, "deno.json");
    const allowed = ["--allow-read", "--allow-write", "--allow-net", "--allow-run", "--allow-sys"];
    const permissions = flags.length === 0 ? ["-A"] : [...allowed, "--allow-env", ...flags];
    return await runCommand(
      [Deno.execPath(), "run", ...permissions, "--no-check", "-c", config, script],
      { env, timeout: DEADLINE },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The last line that a script printed, as JSON. */
export function lastJson({ stdout, stderr }: Pick<CommandResult, "stdout" | "stderr">) {
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

/** Bundles `code` and the room (packages stay outside) and runs it with Node. */
export async function runBundledInNode(code: string): Promise<CommandResult> {
  const esbuild = await import("esbuild");
  const cache = join(ROOT, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  // Below the project, so that Node finds the packages.
  const folder = await mkdtemp(join(cache, "qsight-bundle-"));
  try {
    const outfile = join(folder, "bundle.mjs");
    await esbuild.build({
      stdin: { contents: code.replaceAll("SRC/", "./"), resolveDir: join(ROOT, "src", "tensors") },
      bundle: true,
      format: "esm",
      platform: "node",
      packages: "external",
      logLevel: "silent",
      outfile,
    });
    return await runCommand(["node", outfile], { timeout: DEADLINE });
  } finally {
    await esbuild.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
