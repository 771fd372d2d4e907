import { curvesSection } from "./curves_section.ts";
import { epochFolders } from "./epoch_folders.ts";
import { figuresSection } from "./figures_section.ts";
import { gallerySection } from "./gallery_section.ts";
import { markup } from "./html.ts";
import { listRunFiles } from "./list_run_files.ts";
import { loadCams } from "./load_cams.ts";
import { loadFigures } from "./load_figures.ts";
import { loadMatrices } from "./load_matrices.ts";
import { matrixSection } from "./matrix_section.ts";
import { page } from "./page.ts";
import {
  configurationSection,
  environmentSection,
  filesSection,
  reproduceSection,
} from "./run_sections.ts";
import type { RunRecord } from "./run_record.ts";
import { summarySection } from "./summary_section.ts";
import { confidenceSection, metricsSection } from "./tables_section.ts";
import { makeThumbnails } from "./thumbnails.ts";
import { verdictMark } from "./verdict_mark.ts";

const CONTENTS = [
  ["summary", "Summary"],
  ["curves", "Curves"],
  ["matrices", "Confusion matrices"],
  ["explanations", "Explanations"],
  ["figures", "Other figures"],
  ["metrics", "Metrics"],
  ["confidence", "Confidence"],
  ["configuration", "Configuration"],
  ["environment", "Environment"],
  ["reproduce", "Reproduce"],
  ["files", "Files"],
] as const;

/** The page of one run as a text. */
export async function reportPage(run: RunRecord): Promise<string> {
  const { folder, manifest } = run;
  const folders = await epochFolders(folder, run.config.value);
  const classes = await loadMatrices(folder, folders);
  const cams = await loadCams(folder, folders);
  const thumbnails = await makeThumbnails(folder, cams.panels);
  const files = await listRunFiles(folder, manifest?.files);
  return page({
    title: `Run ${run.name === undefined ? run.id : `${run.name} (${run.id})`}`,
    subtitle: chips(run),
    contents: CONTENTS,
    sections: [
      summarySection(run, cams),
      curvesSection(run, new Set(files.files.map(({ path }) => path))),
      matrixSection(classes),
      gallerySection(cams, thumbnails),
      figuresSection(await loadFigures(folder, folders)),
      metricsSection(run),
      confidenceSection(classes.confidence),
      configurationSection(run),
      environmentSection(run),
      reproduceSection(run),
      filesSection(files),
    ],
  });
}

function chips({ status, synthetic, seed }: RunRecord) {
  return markup`<p class="chips"><span class="chip">${verdictMark(status)} ${status}</span>${
    synthetic === true
      ? markup` <span class="chip warn">synthetic images: no result is clinical</span>`
      : undefined
  }${seed === undefined ? undefined : markup` <span class="chip">seed ${seed}</span>`}</p>`;
}
