import { join, relative } from "node:path";
import { type SummaryFigures, summaryTable } from "../metrics/summary_table.ts";
import { readManifest } from "../runs/manifest.ts";
import { ENSEMBLE } from "../stages/stage.ts";

/** Options of {@linkcode closingLines}. */
export interface ClosingOptions {
  /** Paths are shown from here. */
  readonly cwd: string;
  /** Whether the executed notebook lies beside the run. @default {false} */
  readonly notebook?: boolean;
}

/** What a finished run is worth and where it lies, for the end of a command. */
export async function closingLines(
  folder: string,
  { cwd, notebook = false }: ClosingOptions,
): Promise<string> {
  const manifest = await readManifest(folder);
  const metrics = manifest.facts.metrics as Record<string, SummaryFigures>;
  // JSON keeps keys sorted; the fused answer belongs last.
  const { [ENSEMBLE]: ensemble, ...heads } = metrics;
  const shown = relative(cwd, folder) || folder;
  return [
    "",
    `Validation figures, with 95 % intervals${manifest.synthetic ? " (synthetic images)" : ""}:`,
    summaryTable({ ...heads, [ENSEMBLE]: ensemble }),
    "",
    `Run folder  ${shown}`,
    ...notebook ? [`Notebook    ${shown}.ipynb`] : [],
    `Figures     ${join(shown, "reports")}`,
    `Took        ${Math.round(manifest.duration.actualSeconds)} s`,
    "",
  ].join("\n");
}
