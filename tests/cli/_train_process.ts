// `qsight train` in a process of its own, so that a test can press Ctrl-C.
import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Runs the command and sends SIGINT once stderr has the text. */
export async function interrupted(
  args: readonly string[],
  { cwd, at }: { readonly cwd: string; readonly at: RegExp },
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, ["run", "-A", "--no-check", MAIN, ...args], {
    cwd,
    env: { ...process.env, INIT_CWD: cwd },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "", pressed = false;
  child.stderr.on("data", (part) => {
    stderr += part;
    if (pressed || !at.test(stderr)) return;
    pressed = true;
    // Not child.kill(): the code of a process that outlives the signal would be null.
    process.kill(child.pid!, "SIGINT");
  });
  return await new Promise((resolve) => child.on("close", (code) => resolve({ code, stderr })));
}
