// The file of finished trainings: one line each, appended as soon as it is finished, so that a bench of
// hours can be stopped at any moment and goes on where it was.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import type { Configuration } from "./configurations.ts";
import type { Place, TrainedRow } from "./train_one.ts";

/** Rows of a file that belong to a data set; none where there is no file yet. */
export async function loadRows(file: string): Promise<TrainedRow[]> {
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  return lines.flatMap((line, i) => {
    try {
      return [JSON.parse(line) as TrainedRow];
    } catch {
      // A process that was killed while it wrote leaves half of the last line.
      if (i === lines.length - 1) return [];
      throw new Error(`${file}: line ${i + 1} is no JSON; delete the line and train it again`);
    }
  });
}

/** Adds a row; half a line that a killed process left is taken away first. */
export async function appendRow(file: string, row: TrainedRow): Promise<void> {
  const before = existsSync(file) ? await readFile(file, "utf8") : "";
  if (before !== "" && !before.endsWith("\n")) {
    await writeFile(file, before.slice(0, before.lastIndexOf("\n") + 1));
  }
  await appendFile(file, `${JSON.stringify(row)}\n`);
}

/** Names configuration and data by what they are: another recipe is another row. */
export function recipeOf(
  { model, stage, fit, share, answer, components }: Configuration,
  { fingerprint, epochs }: { readonly fingerprint: string; readonly epochs?: number },
): string {
  const recipe = components === undefined ? { model, stage, fit, share, answer } : { components };
  const what = JSON.stringify({ ...recipe, fingerprint, epochs });
  return createHash("sha256").update(what).digest("hex").slice(0, 12);
}

/** Whether a row is the one of a place. */
export function isAt(row: TrainedRow, name: string, recipe: string, place: Place): boolean {
  return row.configuration === name && row.recipe === recipe && row.protocol === place.protocol &&
    row.seed === place.seed && row.fold === place.fold;
}
