// Notebook 01 as people meet it: in a real browser, on a real Jupyter server, with the Deno kernel.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import {
  type BrowserPage,
  keepScreenshot,
  missingBrowser,
  SCREENSHOTS,
  withBrowser,
} from "./_browser.ts";
import { CODE_CELLS, complaints, inProjectFolder, openNotebook } from "./_classic_notebook.ts";
import { ROOT, runCell, settled, until } from "./_classic_notebook.ts";
import { missingNotebook, withNotebookServer } from "./_notebook_server.ts";

/** A copy of the notebook below the project, whose package it then finds; with these parameters. */
async function copyNotebook(folder: string, parameters: string): Promise<void> {
  const notebook = JSON.parse(
    await readFile(join(ROOT, "notebooks/01_train_hybrid.ipynb"), "utf8"),
  );
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    Object.assign(cell, { outputs: [], execution_count: null });
    if (cell.metadata.tags?.includes("parameters")) cell.source = parameters;
  }
  notebook.metadata.kernelspec = { name: "deno", display_name: "Deno", language: "typescript" };
  await writeFile(join(folder, "01.ipynb"), JSON.stringify(notebook));
}

/** Runs all cells and waits for the last. */
async function runAll(page: BrowserPage): Promise<void> {
  await page.evaluate("Jupyter.notebook.execute_all_cells()");
  await settled(page);
}

interface Shown {
  readonly kind: string;
  readonly types: readonly string[];
  readonly text: string;
}

/** The outputs of each code cell, as the page holds them. */
async function outputs(page: BrowserPage): Promise<readonly (readonly Shown[])[]> {
  return await page.evaluate(`${CODE_CELLS}.map((cell) => cell.output_area.outputs.map((out) => ({
    kind: out.output_type,
    types: Object.keys(out.data ?? {}),
    text: out.text ?? out.evalue ?? String(out.data?.["text/plain"] ?? ""),
  })))`);
}

/** A screenshot of each window full, for a person to look at, where a folder is named. */
async function look(page: BrowserPage, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  const pages = await page.evaluate<number>(
    `Math.ceil(document.querySelector("#site").scrollHeight / 700)`,
  );
  for (let i = 0; i < pages; i++) {
    await page.evaluate(`document.querySelector("#site").scrollTo(0, ${i * 700})`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await keepScreenshot(page, `${name}_${i}`);
  }
}

/** Until the new kernel is there: the page is connected to the old one a moment longer. */
async function restart(page: BrowserPage): Promise<void> {
  await page.evaluate(
    "new Promise((done, failed) => Jupyter.notebook.kernel.restart(done, failed)).then(() => true)",
  );
  await until(page, "Jupyter.notebook.kernel.is_connected()");
}

testOrSkip(
  "notebook 01 in a browser: all is shown, Stop keeps variables, restart works",
  missingBrowser ?? missingNotebook,
  (t) =>
    inProjectFolder((folder) =>
      withNotebookServer(folder, (address) =>
        withBrowser(async (page) => {
          await page.look({ width: 1280, scheme: "light" });

          await t.step("Run All shows every figure whole and every table unbroken", async () => {
            await copyNotebook(
              folder,
              'let data = "synthetic", out = "runs", seed = 0, epochs: number | null = 2, quick = true;',
            );
            await openNotebook(page, address("01.ipynb"));
            await runAll(page);
            const cells = await outputs(page);
            const all = cells.flat();
            assert.deepEqual(all.filter(({ kind }) => kind === "error"), []);
            const figures = all.filter(({ types }) => types.includes("image/png"));
            assert.ok(figures.length >= 6, `${figures.length} figures`);
            for (const { types } of figures) {
              assert.deepEqual([...types].sort(), ["image/png", "image/svg+xml", "text/plain"]);
            }
            const drawn = await page.evaluate<{ width: number; room: number }[]>(`
              [...document.querySelectorAll(".output_svg svg, .output_png img")].map((picture) => {
                const { width } = picture.getBoundingClientRect();
                return { width, room: picture.closest(".output_subarea").clientWidth };
              })`);
            assert.equal(drawn.length, figures.length);
            for (const { width, room } of drawn) {
              assert.ok(width > 250 && width <= room, `${width} px in ${room} px`);
            }
            // A line of a table that is wrapped is twice as high as it has lines.
            const broken = await page.evaluate<string[]>(`
              [...document.querySelectorAll(".output_stream pre")].filter((pre) => {
                const lines = pre.textContent.trimEnd().split("\\n").length;
                const height = parseFloat(getComputedStyle(pre).lineHeight);
                return pre.textContent.includes("----") && pre.clientHeight > (lines + 1) * height;
              }).map((pre) => pre.textContent)`);
            assert.deepEqual(broken, []);
            const overflow = await page.evaluate<number>(
              `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
            );
            assert.equal(overflow, 0);
          });

          await t.step("the line of the training is one line, updated in place", async () => {
            const training = (await outputs(page))
              .find((cell) => cell.some(({ text }) => /rows in \d+ s/.test(text)))!;
            const lines = training.filter(({ kind }) => kind === "display_data");
            assert.equal(lines.length, 1);
            assert.match(lines[0].text, /ensemble/);
          });

          await t.step("a reader who does not trust it sees the pictures, and no SVG", async () => {
            await page.evaluate("Jupyter.notebook.save_notebook()");
            await until(page, "!Jupyter.notebook.dirty");
            await look(page, "notebook");
            // What this server signed it trusts, whatever its name: a reader's has another key.
            const saved = JSON.parse(await readFile(join(folder, "01.ipynb"), "utf8"));
            saved.cells.push({ cell_type: "markdown", id: "changed", metadata: {}, source: "" });
            await writeFile(join(folder, "received.ipynb"), JSON.stringify(saved));
            await openNotebook(page, address("received.ipynb"));
            const count = await page.evaluate<{ svg: number; png: number; figures: number }>(`({
              svg: document.querySelectorAll(".output_svg svg").length,
              png: [...document.querySelectorAll(".output_png img")].filter((img) => img.width > 250).length,
              figures: ${CODE_CELLS}.flatMap((cell) => cell.output_area.outputs)
                .filter((out) => out.data?.["image/png"]).length,
            })`);
            assert.ok(count.figures >= 6);
            assert.deepEqual([count.svg, count.png], [0, count.figures]);
            await look(page, "untrusted");
          });

          await t.step(
            "Stop ends a training, its variables stay, and the next cell runs",
            async () => {
              await copyNotebook(
                folder,
                'let data = "synthetic", out = "runs", seed = 0, epochs: number | null = 2000, quick = true;',
              );
              await openNotebook(page, address("01.ipynb"));
              await restart(page);
              await page.evaluate("Jupyter.notebook.execute_all_cells()");
              await until(
                page,
                `document.querySelector("#notebook-container").textContent.includes("epoch 3/")`,
              );
              await page.click(`button[data-jupyter-action="jupyter-notebook:interrupt-kernel"]`);
              await settled(page);
              const printed = await runCell(
                page,
                "console.log(result.stopped?.by, result.history.length > 0, qs.parameterCounts(model).length)",
              );
              assert.match(printed, /^interrupt true [1-9]/);
              await look(page, "stopped");
            },
          );

          await t.step("a restarted kernel knows nothing and runs cells", async () => {
            await restart(page);
            assert.match(await runCell(page, "console.log(typeof model, 6 * 7)"), /undefined 42/);
          });

          assert.deepEqual(complaints(page), []);
        }))
    ),
);
