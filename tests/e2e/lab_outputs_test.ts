// How JupyterLab shows what notebook 01 leaves: by its own renderers, in a real browser, to a reader
// who trusts the notebook and to one who does not, light and dark.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { access, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { jupyterDisplay } from "../../src/_internal/figure.ts";
import { runCommand } from "../../src/_internal/run_command.ts";
import { limitBundle, type MimeBundle } from "../../src/display/limit_bundle.ts";
import { runDoctor } from "../../src/doctor/run_doctor.ts";
import { plotConfusionMatrices } from "../../src/plots/plot_confusion_matrices.ts";
import { executeNotebook } from "../../src/runner/execute/execute_notebook.ts";
import type { CodeCell, Output } from "../../src/runner/notebook/nbformat.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { type BrowserPage, keepScreenshot, missingBrowser, withBrowser } from "./_browser.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const VERSION = "4.6.4";
/** Packages of JupyterLab, and the day before which all else was published: later sets do not fit. */
const PACKAGES = ["outputarea", "rendermime", "theme-light-extension", "theme-dark-extension"]
  .map((name) => `@jupyterlab/${name}@${VERSION}`);
const BEFORE = "2026-10-05";

const ENTRY = `
import "@jupyterlab/rendermime/style/base.css";
import "@jupyterlab/outputarea/style/base.css";
import { OutputArea, OutputAreaModel } from "@jupyterlab/outputarea";
import { RenderMimeRegistry, standardRendererFactories } from "@jupyterlab/rendermime";
import { Widget } from "@lumino/widgets";
globalThis.renderOutputs = (values, trusted) => {
  const rendermime = new RenderMimeRegistry({ initialFactories: standardRendererFactories });
  const area = new OutputArea({ model: new OutputAreaModel({ values, trusted }), rendermime });
  Widget.attach(area, document.querySelector("main"));
};
`;

/** A folder with JupyterLab's renderers in one script, and its two themes. */
async function buildLab(folder: string): Promise<void> {
  await writeFile(join(folder, "package.json"), '{"private":true}');
  const install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"] as const;
  const result = await runCommand([...install, `--before=${BEFORE}`, ...PACKAGES], {
    ...{ cwd: folder, timeout: 600_000 },
  });
  assert.equal(result.status, "ok", result.stderr);
  await writeFile(join(folder, "entry.mjs"), ENTRY);
  const esbuild = await import("esbuild");
  try {
    await esbuild.build({
      ...{ entryPoints: [join(folder, "entry.mjs")], outfile: join(folder, "lab.js") },
      ...{ bundle: true, format: "iife", define: { __dirname: '""' }, logLevel: "silent" },
      loader: { ".svg": "text" },
    });
  } finally {
    await esbuild.stop();
  }
  for (const theme of ["light", "dark"]) {
    const from = `node_modules/@jupyterlab/theme-${theme}-extension/style/variables.css`;
    await copyFile(join(folder, from), join(folder, `${theme}.css`));
  }
}

/** Outputs of all cells of notebook 01, executed quickly, in a folder below the project. */
async function executed(folder: string): Promise<Output[]> {
  const path = join(folder, "01.ipynb");
  await copyFile(join(ROOT, "notebooks/01_train_hybrid.ipynb"), path);
  const { status, notebook } = await executeNotebook(path, {
    ...{ kernel: "deno", timeout: 300_000, parameters: { quick: true, epochs: 2, out: "runs" } },
  });
  assert.equal(status, "ok");
  return notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === "code")
    .flatMap(({ outputs }) => outputs);
}

const asOutput = (data: MimeBundle): Output => ({
  output_type: "display_data",
  data,
  metadata: {},
});

/** The widest HTML table that there is. */
async function table(): Promise<Output[]> {
  return [asOutput((await runDoctor({ cwd: ROOT, build: false }))[jupyterDisplay]())];
}

/** A figure of which a notebook takes no more than `maxBytes`, the whole of it in `file`. */
async function largeFigure(file: string, maxBytes: number): Promise<Output[]> {
  const matrix = [0, 1, 2, 3, 4].map((row) => [5, 4, 3, 2, 1].map((count) => count + row));
  const heads = ["classical_a", "classical_b", "quantum", "ensemble"];
  const figure = plotConfusionMatrices(heads.map((head) => ({ head, matrix })));
  const { png } = figure;
  const bundle = await figure[jupyterDisplay]();
  const whole = Buffer.byteLength(JSON.stringify(bundle));
  assert.ok(whole > maxBytes, `the figure has only ${whole} bytes`);
  return (await limitBundle(bundle, { maxBytes, file, png })).map(asOutput);
}

interface PageOptions {
  readonly name: string;
  readonly outputs: readonly Output[];
  readonly trusted: boolean;
  readonly theme: "light" | "dark";
  readonly width?: number;
}

async function show(page: BrowserPage, folder: string, options: PageOptions): Promise<void> {
  const { outputs, trusted, theme, width = 1000 } = options;
  const json = JSON.stringify(outputs).replaceAll("<", "\\u003c");
  const name = `${options.name}_${theme}_${trusted ? "trusted" : "untrusted"}`;
  const file = join(folder, `${name}.html`);
  await writeFile(
    file,
    `<!doctype html><meta charset="utf-8"><title>${name}</title>
<link rel="stylesheet" href="${theme}.css"><link rel="stylesheet" href="lab.css">
<body class="jp-ThemedContainer" data-jp-theme-light="${theme === "light"}"
  style="background:var(--jp-layout-color0);color:var(--jp-content-font-color1);margin:16px">
<main></main><script src="lab.js"></script><script>renderOutputs(${json}, ${trusted})</script>`,
  );
  await page.look({ width, scheme: theme });
  await page.open(pathToFileURL(file).href);
  const pictures = "[...document.querySelectorAll('img')]";
  while (!await page.evaluate<boolean>(`${pictures}.every((img) => img.complete)`)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await keepScreenshot(page, `lab_${name}`, true);
}

/** How many pictures of each kind are on the page, wide enough to see. */
const PICTURES = `(() => {
  const wide = [...document.querySelectorAll("img")].filter((img) => img.width > 250);
  const of = (type) => wide.filter((img) => img.src.startsWith("data:" + type)).length;
  return { svg: of("image/svg+xml"), png: of("image/png") };
})()`;
/** Outputs that are cut or must be scrolled sideways, each by its first words and widths. */
const OVERFLOW = `[...document.querySelectorAll(".jp-OutputArea-output")]
  .filter((output) => output.scrollWidth > output.clientWidth)
  .map((output) => [output.innerText.slice(0, 40), output.scrollWidth, output.clientWidth])`;
/** Texts that stand out too little from the page, by WCAG's ratio of contrast. */
const FAINT = `(() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((value) => value / 255);
  const linear = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = (colour) => {
    const [red, green, blue] = numbers(colour).map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const page = light(getComputedStyle(document.body).backgroundColor);
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const faint = [];
  while (texts.nextNode()) {
    const text = texts.currentNode.data.trim(), { color } = getComputedStyle(texts.currentNode.parentElement);
    const [low, high] = [page, light(color)].sort((a, b) => a - b);
    if (text !== "" && (high + 0.05) / (low + 0.05) < 3) faint.push([text.slice(0, 40), color]);
  }
  return faint;
})()`;

testOrSkip(
  "JupyterLab's renderers show notebook 01, trusted or not, light and dark, in any width",
  missingBrowser ?? missingProgram("npm"),
  async (t) => {
    const lab = await mkdtemp(join(tmpdir(), "qsight-lab-"));
    const project = join(ROOT, "out", `lab-${crypto.randomUUID()}`);
    await mkdir(project, { recursive: true });
    try {
      await buildLab(lab);
      const outputs = await executed(project);
      const figures = outputs.filter((output) => "data" in output && "image/png" in output.data);
      await withBrowser(async (page) => {
        const narrow = { width: 700 };
        for (const theme of ["light", "dark"] as const) {
          await t.step(`${theme}: who trusts it sees each figure as SVG`, async () => {
            await show(page, lab, { name: "notebook", outputs, trusted: true, theme });
            assert.ok(figures.length >= 6);
            assert.deepEqual(await page.evaluate(PICTURES), { svg: figures.length, png: 0 });
            // Saved is the line of the training as it was last, once.
            assert.equal(await page.evaluate("document.querySelectorAll('progress').length"), 1);
            assert.deepEqual(await page.evaluate(OVERFLOW), []);
            assert.deepEqual(await page.evaluate(FAINT), []);
          });
          await t.step(`${theme}: who does not sees each figure as PNG`, async () => {
            await show(page, lab, { name: "notebook", outputs, trusted: false, theme, ...narrow });
            assert.deepEqual(await page.evaluate(PICTURES), { svg: 0, png: figures.length });
            const text = await page.evaluate<string>("document.body.innerText");
            assert.match(text, /quadratic kappa/);
            assert.deepEqual(await page.evaluate(OVERFLOW), []);
          });
          for (const trusted of [true, false]) {
            await t.step(`${theme}, trusted ${trusted}: a table fits a narrow window`, async () => {
              await show(page, lab, {
                ...{ name: "table", outputs: await table(), trusted, theme },
                ...narrow,
              });
              assert.ok(await page.evaluate<number>("document.querySelectorAll('tr').length") > 10);
              assert.deepEqual(await page.evaluate(OVERFLOW), []);
              assert.deepEqual(await page.evaluate(FAINT), []);
            });
          }
        }
        await t.step("a figure above the cap is a smaller picture and a link", async () => {
          const file = join(lab, "whole.svg");
          const large = await largeFigure(file, 100_000);
          for (const trusted of [true, false]) {
            await show(page, lab, { name: "large", outputs: large, trusted, theme: "light" });
            assert.deepEqual(await page.evaluate(PICTURES), { svg: 0, png: 1 });
            await access(file);
            const link = await page.evaluate<string>(
              "document.querySelector('a')?.getAttribute('href')",
            );
            assert.equal(resolve(decodeURI(link)), file);
          }
        });
        assert.deepEqual(page.complaints, []);
      });
    } finally {
      for (const folder of [lab, project]) await rm(folder, { recursive: true, force: true });
    }
  },
);
