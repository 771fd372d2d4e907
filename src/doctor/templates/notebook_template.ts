import { join } from "node:path";
import { readText } from "./read_text.ts";
import type { PlannedFile, TemplateContext } from "./template.ts";

const CELLS: readonly (readonly ["markdown" | "code", string])[] = [
  [
    "markdown",
    "# First notebook\n\nIt runs in any folder of this project: `deno.json` above says where QSight is. " +
    "Nothing here is fit for clinical use.",
  ],
  [
    "code",
    'import * as qs from "@qsight/qsight";\n\n' +
    "const { backend, batchSize, workers, reasons } = qs.recommend(await qs.probeHardware());\n" +
    'console.log(reasons.join("\\n"));',
  ],
  ["markdown", "## Images\n\nFundus photographs drawn by a program, two of each grade."],
  [
    "code",
    'const data = await qs.loadData("synthetic", { count: 60, imageSize: 64, seed: 1 });\n' +
    "const picks = qs.pickClassDiverse({ yTrue: data.train.labels, perClass: 2, seed: 1 });\n" +
    "const images = picks.indices.map((i) => qs.imageAt(data.train, i));\n" +
    "const titles = picks.indices.map((i) => data.classes[data.train.labels[i]]);\n" +
    "await qs.show(qs.plotImages(images, { titles }));",
  ],
  [
    "markdown",
    "## On\n\n`qsight train --data synthetic` trains what `qsight.jsonc` says, `qsight doctor` looks at " +
    "the machine, and `qsight test 'notebooks/*.ipynb'` runs this notebook as a test.",
  ],
];

/** The notebook as a file. */
function notebookText(): string {
  const cells = CELLS.map(([type, source], i) => ({
    cell_type: type,
    id: `first-${i + 1}`,
    metadata: {},
    ...(type === "code" ? { execution_count: null, outputs: [] } : {}),
    source: source.split(/(?<=\n)/),
  }));
  const metadata = {
    kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
    language_info: { file_extension: ".ts", mimetype: "text/x.typescript", name: "typescript" },
  };
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

/** A notebook to begin with. One that is there belongs to the user. */
export async function planNotebook({ folder }: TemplateContext): Promise<readonly PlannedFile[]> {
  const path = join(folder, "notebooks", "first_notebook.ipynb");
  const file = { template: "notebook", path, drift: [] } as const;
  if (await readText(path) !== undefined) return [{ ...file, content: undefined, action: "keep" }];
  return [{ ...file, content: notebookText(), action: "write" }];
}
