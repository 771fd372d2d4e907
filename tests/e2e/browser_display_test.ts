// What a notebook cell shows beside figures, in a real browser: a link to what is too large, tables
// in a narrow window, a line that is updated in place, and a stop button that comes too late.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
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
import { runCell, until } from "./_classic_notebook.ts";
import { missingNotebook, withNotebookServer } from "./_notebook_server.ts";

const EMPTY = JSON.stringify({
  ...{ nbformat: 4, nbformat_minor: 5, cells: [] },
  metadata: { kernelspec: { name: "deno", display_name: "Deno", language: "typescript" } },
});

/** The output area of the last cell. */
const LAST = `${CODE_CELLS}.at(-1).output_area.element[0]`;

async function look(page: BrowserPage, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  await page.evaluate(`${LAST}.scrollIntoView({ block: "center" })`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await keepScreenshot(page, name);
}

testOrSkip(
  "a notebook in a browser links to what is too large, keeps tables narrow and its line in place",
  missingBrowser ?? missingNotebook,
  (t) =>
    inProjectFolder((folder) =>
      withNotebookServer(folder, (address) =>
        withBrowser(async (page) => {
          await page.look({ width: 1280, scheme: "light" });
          await writeFile(join(folder, "display.ipynb"), EMPTY);
          await openNotebook(page, address("display.ipynb"));
          assert.equal(
            await runCell(
              page,
              `import * as qs from "@qsight/qsight";
import { runDoctor } from "@qsight/qsight/doctor";
import { toDataFrame } from "@qsight/qsight/tables";
console.log("ready")`,
            ),
            "ready\n",
          );

          await t.step(
            "a figure above the cap is a smaller picture and a link that opens",
            async () => {
              await runCell(
                page,
                `const matrix = Array.from({ length: 20 }, (_, t) =>
  Array.from({ length: 20 }, (_, p) => t * p));
await qs.show(qs.plotConfusionMatrix(matrix), { maxBytes: 100_000 });`,
              );
              await until(
                page,
                `${LAST}.querySelector("svg") ?? ${LAST}.querySelector("img")?.complete`,
              );
              assert.equal(await page.evaluate(`${LAST}.querySelectorAll("svg").length`), 0);
              assert.ok(await page.evaluate<number>(`${LAST}.querySelector("img").width`) > 250);
              const sent = await page.evaluate<number>(
                `JSON.stringify(${CODE_CELLS}.at(-1).output_area.toJSON()).length`,
              );
              assert.ok(sent <= 101_000, `${sent} bytes in the notebook`);
              assert.match(
                await page.evaluate(`${LAST}.textContent`),
                /the whole is \d+ kB, in figures/,
              );
              const whole = await page.evaluate<{ status: number; text: string }>(
                `fetch(${LAST}.querySelector("a").href).then(async (answer) =>
                ({ status: answer.status, text: await answer.text() }))`,
              );
              assert.equal(whole.status, 200);
              assert.match(whole.text, /^(<\?xml[^>]*>\s*)?<svg[\s>]/);
              await look(page, "capped");
            },
          );

          await t.step("tables of HTML are not wider than a window of 700 px", async () => {
            await page.look({ width: 700, scheme: "light" });
            for (
              const [name, source] of [
                ["doctor", "await qs.show(await runDoctor({ build: false }));"],
                [
                  "data_frame",
                  `await toDataFrame([{ stage: "classical", epoch: 1, split: "val", head: "classical_a", loss: 1.25, accuracy: 0.5 }])`,
                ],
              ]
            ) {
              await runCell(page, source);
              await until(page, `${LAST}.querySelector("table")`);
              const widths = await page.evaluate<{ table: number; room: number; page: number }>(`({
                table: ${LAST}.querySelector("table").getBoundingClientRect().width,
                room: ${LAST}.querySelector("table").closest(".output_subarea").clientWidth,
                page: document.documentElement.scrollWidth - document.documentElement.clientWidth,
              })`);
              await look(page, name);
              assert.ok(widths.table <= widths.room, `${name}: ${JSON.stringify(widths)}`);
              assert.equal(widths.page, 0, name);
            }
            await page.look({ width: 1280, scheme: "light" });
          });

          await t.step("a line that is updated is one line at every moment", async () => {
            await page.evaluate(`window.seen = { most: 0, texts: new Set() };
              new MutationObserver(() => {
                const shown = [...${LAST}.querySelectorAll(".output_subarea")]
                  .filter((area) => area.textContent.includes("step "));
                seen.most = Math.max(seen.most, shown.length);
                for (const area of shown) seen.texts.add(area.textContent.trim());
              }).observe(document.body, { childList: true, subtree: true, characterData: true })`);
            await runCell(
              page,
              `const line = qs.openStatusLine({ interval: 20 });
for (let i = 1; i <= 30; i++) {
  line.update(\`step \${i}/30\`);
  await new Promise((resolve) => setTimeout(resolve, 30));
}
await line.close();`,
            );
            await until(page, `${LAST}.textContent.includes("step 30/30")`);
            assert.equal(await page.evaluate("seen.most"), 1);
            const texts = await page.evaluate<number>("seen.texts.size");
            assert.ok(texts >= 3, `${texts} texts seen: the line was not updated as it went`);
          });

          await t.step(
            "Stop pressed when the training is over leaves the kernel alone",
            async () => {
              await runCell(
                page,
                `await qs.openTensors({ prefer: ["wasm", "cpu"] });
const splits = await qs.loadData("synthetic", { seed: 0, count: 40, imageSize: 32 });
const { simulator } = await qs.openSampler();
const model = qs.hybridModel({ classes: splits.classes, imageSize: 32, filters: [4, 8], simulator, seed: 0 });
const stages = qs.defineStages([{ name: "one", epochs: 1, train: ["classical_*"], heads: ["classical_a"] }]);
const result = await qs.fit(model, splits, { stages, seed: 0 });`,
              );
              assert.equal(await runCell(page, "console.log(result.history.length > 0)"), "true\n");
              for (let i = 0; i < 2; i++) {
                await page.click(`button[data-jupyter-action="jupyter-notebook:interrupt-kernel"]`);
              }
              // A kernel that the signal ends is started anew by the server, without the variable.
              await new Promise((resolve) => setTimeout(resolve, 1000));
              assert.equal(await runCell(page, "console.log(result.history.length > 0)"), "true\n");
            },
          );

          assert.deepEqual(complaints(page), []);
        }))
    ),
);
