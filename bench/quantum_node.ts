// The same vjp in Node, which has no relaxed SIMD before version 22, and in Deno: processes in turn.
import { runCommand } from "../src/_internal/run_command.ts";
import { withNodeBundle } from "../tests/_tools/node_bundle.ts";
import { missingProgram } from "../tests/_tools/test_or_skip.ts";
import { type BenchOptions, type BenchRow, median } from "./measure.ts";

const ENTRY = "bench/quantum_process.ts";

/** One row for each number of wires; none where there is no Node. */
export async function nodeRows({ quick }: BenchOptions): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  if (missingProgram("node") !== undefined) return rows;
  const script = new URL(`../${ENTRY}`, import.meta.url).pathname;
  await withNodeBundle(ENTRY, async ({ module }) => {
    for (const [n, count] of quick ? [[8, 500]] : [[4, 20000], [8, 3000], [12, 150]]) {
      const numbers = [String(n), String(count)], rounds = quick ? 3 : 7;
      const ours: number[] = [], theirs: number[] = [];
      for (let round = 0; round < rounds; round++) {
        ours.push(await milliseconds(["node", module, ...numbers]));
        theirs.push(
          await milliseconds([Deno.execPath(), "run", "-A", "--no-check", script, ...numbers]),
        );
      }
      rows.push({
        name: "vjp, fused, in Node",
        n,
        batch: 32,
        median: median(ours),
        againstMedian: median(theirs),
        against: "Deno",
        ratio: median(ours.map((value, i) => value / theirs[i])),
        rounds,
      });
    }
  });
  return rows;
}

async function milliseconds(command: readonly [string, ...string[]]): Promise<number> {
  const { code, stdout, stderr } = await runCommand(command, { timeout: 120_000 });
  if (code !== 0) throw new Error(`${command[0]} failed: ${stderr}`);
  return (JSON.parse(stdout) as { milliseconds: number }).milliseconds;
}
