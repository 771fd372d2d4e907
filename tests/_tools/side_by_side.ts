// Runs tasks side by side in processes of their own, which share no environment: the first is shown
// as it goes on, the others when they have ended, so that no line is torn.
// deno run -A tests/_tools/side_by_side.ts TASK TASK…
import { spawn } from "node:child_process";
import process from "node:process";

/** Starts `deno task`; resolves to its exit code and, unless it is shown, to its output. */
function start(task: string, shown: boolean): Promise<{ code: number; output: string }> {
  const out = shown ? "inherit" : "pipe";
  const child = spawn(process.execPath, ["task", task], { stdio: ["ignore", out, out] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (part) => output += part);
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    // Killed by a signal is not passed.
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

const running = process.argv.slice(2).map((task, i) => start(task, i === 0));
let worst = 0;
for (const ended of running) {
  const { code, output } = await ended;
  process.stdout.write(output);
  worst = Math.max(worst, code);
}
process.exitCode = worst;
