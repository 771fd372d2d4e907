import { fileURLToPath } from "node:url";
import type { CommandContext } from "../../src/cli/command.ts";
import { main } from "../../src/cli/main.ts";

/** The folder of the fixture notebooks. */
export const NOTEBOOKS = fileURLToPath(new URL("../../fixtures/notebooks", import.meta.url));

/** Calls `qsight` in this process and gives its exit code and what it wrote. */
export async function qsight(
  args: readonly string[],
  {
    cwd = NOTEBOOKS,
    signal = new AbortController().signal,
    isTerminal = false,
  }: Partial<CommandContext> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = "", stderr = "";
  const code = await main(args, {
    cwd,
    signal,
    isTerminal,
    stdout: { write: (text) => stdout += text },
    stderr: { write: (text) => stderr += text },
  });
  return { code, stdout, stderr };
}

/** Runs the test with a temporary folder that is gone afterwards. */
export async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "qsight-test-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
