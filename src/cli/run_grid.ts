import { join, resolve } from "node:path";
import { writeAtomic } from "../_internal/write_atomic.ts";
import { gridTable } from "../runner/remote/grid_table.ts";
import { type GridAxes, parseGrid } from "../runner/remote/parameter_grid.ts";
import { type GridRow, runGrid } from "../runner/remote/run_grid.ts";
import { type CommandContext, EXIT } from "./command.ts";
import type { RunRequest } from "./run_request.ts";
import { UsageError } from "./usage.ts";

/**
 * `qsight run --grid`: runs a notebook once for each set of parameters. Each run is a line on stderr
 * when it is done; the table of all goes to stdout, and into the output folder as `grid.csv`.
 */
export async function runGridOf(request: RunRequest, context: CommandContext): Promise<number> {
  const { path, output, jobs, options } = request;
  const outputDir = output === undefined ? undefined : resolve(context.cwd, output);
  const grid = axesOf(request.grid);
  const count = Object.values(grid).reduce((product, values) => product * values.length, 1);
  let done = 0;
  const result = await runGrid(resolve(context.cwd, path), {
    ...options,
    grid,
    recordTiming: true,
    onRow: (row) => context.stderr.write(`[${++done}/${count}] ${rowText(row)}\n`),
    ...(jobs === undefined ? {} : { jobs }),
    ...(outputDir === undefined ? {} : { outputDir }),
  });
  const { text, csv } = gridTable(result);
  if (outputDir !== undefined) await writeAtomic(join(outputDir, "grid.csv"), csv);
  context.stdout.write(`${text}\n`);
  if (result.status === "ok") return EXIT.ok;
  if (result.status === "aborted") return EXIT.interrupted;
  return result.rows.some(({ status }) => status === "kernel_fault") ? EXIT.fault : EXIT.failures;
}

function axesOf(texts: readonly string[]): GridAxes {
  try {
    return parseGrid(...texts);
  } catch (error) {
    throw new UsageError(`qsight run: --grid: ${(error as Error).message}`);
  }
}

function rowText({ parameters, status, durationMs, error, warnings }: GridRow): string {
  const set = Object.entries(parameters).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const head = `${set.join(" ")} ${status} ${(durationMs / 1000).toFixed(1)} s`;
  const reason = error === undefined ? [] : error.message.split("\n");
  return [head, ...warnings, ...reason].join("\n    ");
}
