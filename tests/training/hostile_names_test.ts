// Names of classes and images come from folders and tables of strangers: nothing a training leaves
// may obey them.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ImageSet } from "../../src/data/image_set.ts";
import { exportTensorboard } from "../../src/runs/export/export_tensorboard.ts";
import { openRun } from "../../src/runs/open_run.ts";
import { verifyRun } from "../../src/runs/verify_run.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { finishTraining } from "../../src/training/finish_training.ts";
import { fit } from "../../src/training/fit.ts";
import { saveFigures } from "../../src/training/save_figures.ts";
import { dangers } from "../report/_dangers.ts";
import { smallModel, smallTask, stagesNamed } from "./_small.ts";

const CLASSES = [
  "<script>alert(1)</script>/../x",
  '=HYPERLINK("http://127.0.0.1/","click")',
  '"><img src=x onerror=alert(1)>',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "../../../outside\u0000\u202e",
];
const IDS = ["+1-1", "../<svg onload=alert(1)>", "-2+3", "\t=1", "javascript:alert(1)"];

/** Elements and attributes of an SVG that would run or load something. */
function dangersOfSvg(svg: string): string[] {
  // The tags as they are, not texts: in those every < is written as an entity.
  const tags = svg.match(/<[^>]*>/g) ?? [];
  return tags.filter((tag) =>
    !/^<\/?[a-zA-Z]+[\s/>]/.test(tag) || /^<\/?(script|foreignObject|iframe|a)\b/i.test(tag) ||
    /\son[a-z]+\s*=/i.test(tag) || /href="(?!data:image\/png;base64,|#)/.test(tag)
  );
}

/** Cells that a spreadsheet would run. */
function dangersOfCsv(csv: string): string[] {
  const cells = csv.match(/(?<=^|,|\n)("(?:[^"]|"")*"|[^,\r\n]*)/g) ?? [];
  return cells.filter((cell) => {
    const text = cell.replace(/^"|"$/g, "");
    return /^[=+\-@\t\r]/.test(text) && !/^-?\d/.test(text);
  });
}

Deno.test("the searches for danger see it", () => {
  assert.equal(dangersOfSvg('<svg><script>x</script><a href="x"/></svg>').length, 3);
  assert.deepEqual(dangersOfSvg("<svg><text>&lt;script&gt;</text></svg>"), []);
  assert.deepEqual(dangersOfCsv('a,"=1+1"\n-3,@x'), ['"=1+1"', "@x"]);
});

Deno.test("hostile class names and ids do no harm in any file that a training leaves", async () => {
  const outer = await mkdtemp(join(tmpdir(), "qsight-hostile-"));
  try {
    const root = join(outer, "runs");
    const { data: plain } = await smallTask();
    const hostile = (set: ImageSet): ImageSet => ({
      ...set,
      classes: CLASSES,
      ids: set.ids.map((id, i) => i < IDS.length ? IDS[i] : id),
    });
    const data = {
      ...plain,
      classes: CLASSES,
      train: hostile(plain.train),
      val: hostile(plain.val),
    };
    const run = await openRun({ root, seed: 0, config: { note: CLASSES[0] }, name: CLASSES[0] });
    assert.equal(dirname(run.folder), root);
    const model = smallModel(data);
    const result = await fit(model, data, {
      stages: stagesNamed(["classical"]),
      run,
      callbacks: [saveFigures({ run, val: data.val, perClass: 1, checkExplanations: false })],
      progress: false,
    });
    const { report } = await openTensors({ prefer: "wasm" });
    await finishTraining(run, { model, data, result, backend: report });
    assert.deepEqual(await verifyRun(run.folder), []);
    await exportTensorboard(run.folder, { out: join(outer, "board") });
    assert.deepEqual((await readdir(outer)).sort(), ["board", "runs"]);
    const seen = { html: 0, svg: 0, csv: 0, json: 0 };
    for (const file of await readdir(run.folder, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      assert.match(file.name, /^[\w.-]+$/);
      const kind = /\.(html|svg|csv|json)$/.exec(file.name)?.[1] as keyof typeof seen | undefined;
      if (kind === undefined) continue;
      seen[kind]++;
      const text = await readFile(join(file.parentPath, file.name), "utf8");
      if (kind === "html") assert.deepEqual(dangers(text), [], file.name);
      if (kind === "svg") assert.deepEqual(dangersOfSvg(text), [], file.name);
      if (kind === "csv") assert.deepEqual(dangersOfCsv(text), [], file.name);
      if (kind === "json") JSON.parse(text);
    }
    assert.ok(seen.html === 1 && seen.svg > 15 && seen.csv > 4 && seen.json > 20, String(seen));
  } finally {
    await rm(outer, { recursive: true });
  }
});
