// Images that must not change unnoticed. QSIGHT_UPDATE_GOLDEN=1 writes them anew (then: deno fmt).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { plainNames, sampleFigures } from "./sample_figures.ts";

const folder = fileURLToPath(new URL("../../fixtures/golden/", import.meta.url));

/** Without what may differ between machines: numbers to one decimal, ids counted, pixels as a hash. */
export function normalizeSvg(svg: string): string {
  const ids = [...new Set([...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]))];
  const renamed = ids.reduce((text, id, i) => {
    return text.replaceAll(`id="${id}"`, `id="id${i}"`).replaceAll(`#${id}`, `#id${i}`);
  }, svg);
  return renamed
    .replace(/data:image\/png;base64,[A-Za-z0-9+/=]+/g, (data) => {
      return `png:${createHash("sha256").update(data).digest("hex").slice(0, 16)}`;
    })
    .replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10 + 0))
    .replace(/></g, ">\n<");
}

/** The formatter may break lines wherever it likes. */
const squeeze = (svg: string) =>
  svg.replace(/\s+/g, " ").replace(/> </g, "><").replace(/ ?(\/?>)/g, "$1").trim();

function check(name: string, svg: string): void {
  const path = `${folder}${name}.svg`, changed = `${folder}${name}-changed.svg`;
  const found = normalizeSvg(svg);
  if (process.env.QSIGHT_UPDATE_GOLDEN === "1") {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, `${found}\n`);
  }
  const wanted = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (squeeze(found) === squeeze(wanted)) return rmSync(changed, { force: true });
  writeFileSync(changed, svg);
  const lines = squeeze(wanted).split("><"), other = squeeze(found).split("><");
  const first = other.findIndex((line, i) => line !== lines[i]);
  assert.fail(
    `${name} has changed, first at: ${other[first]} (was: ${
      lines[first]
    }). Look at ${name}-changed.svg ` +
      `in fixtures/golden; if it is right, run with QSIGHT_UPDATE_GOLDEN=1 and format`,
  );
}

const figures = sampleFigures(plainNames);
for (
  const name of [
    "history",
    "confusion_matrix",
    "confidence_table",
    "reliability",
    "cam_panel",
    "cam_panel_shared",
    "qubit_attributions",
    "explanation_check",
    "randomization",
    "roc",
    "precision_recall",
    "class_trends",
    "class_counts",
    "brightness",
    "head_agreement",
    "fusion_weights",
    "confidence_distributions",
    "collapse_events",
    "architecture",
    "circuit",
    "latency",
    "curves",
    "queue",
    "weight_changes",
  ]
) {
  Deno.test(`${name} looks as it did`, () => check(name, figures[name].svg));
}

Deno.test("normalizeSvg() hides ids and last digits, but no change of a word, colour or pixel", () => {
  const svg = (x: number, id: string, word: string, pixels = "AAAA") =>
    `<svg><g id="${id}"/><use href="#${id}" x="${x}"/><image href="data:image/png;base64,${pixels}"/>` +
    `<text fill="#0072b2">${word}</text></svg>`;
  const base = normalizeSvg(svg(1.2345, "clip-1", "mild"));
  assert.equal(normalizeSvg(svg(1.2349, "clip-7", "mild")), base);
  assert.notEqual(normalizeSvg(svg(1.4, "clip-1", "mild")), base);
  assert.notEqual(normalizeSvg(svg(1.2345, "clip-1", "mald")), base);
  assert.notEqual(normalizeSvg(svg(1.2345, "clip-1", "mild", "AAAB")), base);
});
