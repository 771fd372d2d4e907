import assert from "node:assert/strict";

/** A script that runs in a process of its own and has said its first line. */
export interface StartedScript {
  readonly child: Deno.ChildProcess;
  readonly line: string;
}

/** Starts a script, to be killed later; what it says after its first line is not read. */
export async function startScript(script: URL, args: readonly string[]): Promise<StartedScript> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script.pathname, ...args],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    assert.ok(!done, "the process ended before it was killed");
    text += value;
  }
  await reader.cancel();
  return { child, line: text.trim() };
}
