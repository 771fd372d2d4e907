// The whole process of a first plot, from its start to its end.
import { fileURLToPath } from "node:url";
import { runCommand } from "../src/_internal/run_command.ts";
import { type BenchRow, compare } from "./measure.ts";

const EMPTY = "data:text/javascript,";

/** A fresh process each time; the caches of Deno and of the disk are warm after the first. */
export async function benchFirstPlot(rounds: number): Promise<BenchRow[]> {
  const plot = processOf(new URL("./first_plot.ts", import.meta.url));
  const tensors = processOf(new URL("./first_plot_tensors.ts", import.meta.url));
  const empty = processOf(new URL(EMPTY));
  const what = { name: "first plot, whole process", n: 64, batch: 10, rounds };
  return [
    await compare(plot, empty, { ...what, against: "an empty process" }),
    await compare(plot, tensors, { ...what, against: "the same, TensorFlow.js opened first" }),
  ];
}

function processOf(script: URL): () => Promise<void> {
  const path = script.protocol === "file:" ? fileURLToPath(script) : script.href;
  return async () => {
    const command = [Deno.execPath(), "run", "-A", path] as const;
    const { status, stderr } = await runCommand(command, { timeout: 120_000 });
    if (status !== "ok") throw new Error(`bench explain: ${path} ${status}: ${stderr}`);
  };
}
