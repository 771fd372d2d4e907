// PyTorch on one thread as the other side of a comparison: a process that does one piece of work
// for each line it is sent, and answers with a line.
import { runCommand } from "../src/_internal/run_command.ts";

/** A running PyTorch process. */
export interface Pytorch {
  /** Sends a line, "step" by default, and waits for the answer. */
  step(line?: string): Promise<void>;
  stop(): void;
}

/** Starts a script that answers each line on its standard input, and one line before them all. */
export async function startPytorch(
  python: string,
  { script, args, env }: {
    readonly script: string;
    readonly args: readonly (string | number)[];
    readonly env?: Record<string, string>;
  },
): Promise<Pytorch> {
  const child = new Deno.Command(python, {
    args: ["-c", script, ...args.map(String)],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const answer = async () => {
    for (let text = ""; !text.includes("\n");) {
      const { value, done } = await reader.read();
      if (done) throw new Error("bench: the PyTorch process ended");
      text += value;
    }
  };
  await answer();
  const step = async (line = "step") => {
    await writer.write(new TextEncoder().encode(`${line}\n`));
    await answer();
  };
  return { step, stop: () => child.kill() };
}

/** A Python on the machine that has PyTorch, or undefined. */
export async function findPytorch(): Promise<string | undefined> {
  for (const python of ["python3", "/usr/bin/python3"]) {
    const { status } = await runCommand([python, "-c", "import torch"], { timeout: 60_000 });
    if (status === "ok") return python;
  }
  return undefined;
}
