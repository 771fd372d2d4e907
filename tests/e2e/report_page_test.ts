// The report pages in a real browser, opened from disk, where Debian's chromium is installed.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { encodePng } from "../../src/images/encode_png.ts";
import { saveComparison } from "../../src/report/save_comparison.ts";
import { saveReport } from "../../src/report/save_report.ts";
import type { Run } from "../../src/runs/run.ts";
import { inRoot, PLAIN, sampleRun } from "../report/_sample_run.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { type BrowserPage, missingBrowser, withBrowser } from "./_browser.ts";

const NASTY = {
  stages: ["classical", "ensemble"],
  heads: [`a" onclick="alert(1)`, "ensemble"],
  classes: ["<script>alert(1)</script>x", "</noscript><img src=x onerror=alert(1)>"],
  ids: [`id" onload="alert(1)`, "</script><script>alert(1)</script>", "\u202eid"],
  note: "<iframe src=javascript:alert(1)></iframe>",
};

/** Text that is shown now. */
const SHOWN = `document.querySelector("#matrix-panels > .shown h3").textContent`;

/** The least contrast of a text with what is behind it, and the text; of what can be seen. */
const CONTRAST = `(() => {
  const parts = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
  };
  let worst = { contrast: 21, text: "" };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
    if (text === "" || element.closest("script, noscript, svg, button:disabled") || !element.checkVisibility()) continue;
    const [a, b] = [light(parts(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < worst.contrast) worst = { contrast, text };
  }
  return worst;
})()`;

/** Ids that are wider than the window; tables and such scroll in boxes of their own. */
const TOO_WIDE = `document.documentElement.scrollWidth - document.documentElement.clientWidth`;

function quiet(page: BrowserPage): void {
  assert.deepEqual(page.complaints, []);
  const foreign = page.requests.filter((url) => !/^(file|data):/.test(url));
  assert.deepEqual(foreign, []);
}

/** Screenshots stay in a folder that is named, so that a person can look at them. */
async function look(page: BrowserPage, name: string): Promise<void> {
  const folder = join(Deno.env.get("TMPDIR") ?? "/tmp", "qsight-report-pages");
  await Deno.mkdir(folder, { recursive: true });
  for (const scheme of ["light", "dark"] as const) {
    for (const width of [1280, 400]) {
      await page.look({ width, scheme });
      const { contrast, text } = await page.evaluate<{ contrast: number; text: string }>(CONTRAST);
      assert.ok(contrast >= 4.5, `${name}, ${scheme}: "${text}" has contrast ${contrast}`);
      assert.ok(await page.evaluate<number>(TOO_WIDE) <= 0, `${name} is wider than ${width}`);
      await Deno.writeFile(
        join(folder, `${name}_${scheme}_${width}.png`),
        await page.screenshot(true),
      );
    }
  }
}

testOrSkip(
  "a report page works in Chromium with mouse and keyboard",
  missingBrowser,
  () =>
    inRoot(async (root) => {
      const run = await sampleRun(root, { epochs: 12 });
      const url = pathToFileURL(await saveReport(run.folder)).href;
      await withBrowser(async (page) => {
        await page.look({ width: 1280, scheme: "light" });
        await page.open(url);
        await pickersWork(page);
        await tablesWork(page);
        await galleryWorks(page);
        await look(page, "report");
        quiet(page);
      });
    }),
);

async function pickersWork(page: BrowserPage): Promise<void> {
  assert.equal(await page.evaluate(SHOWN), "ensemble, stage ensemble, epoch 12");
  const count = `document.querySelectorAll("#matrix-panels > .shown").length`;
  assert.equal(await page.evaluate(count), 1);
  await page.click(".picker .stage label:first-of-type span");
  assert.equal(await page.evaluate(SHOWN), "ensemble, stage classical, epoch 12");
  await page.click(".picker .head label:first-of-type span");
  assert.equal(await page.evaluate(SHOWN), "classical_a, stage classical, epoch 12");
  await page.press("ArrowRight");
  assert.equal(await page.evaluate(SHOWN), "ensemble, stage classical, epoch 12");
  await page.evaluate(`document.querySelector(".picker input[type=range]").focus()`);
  await page.press("ArrowLeft");
  await page.press("ArrowLeft");
  assert.equal(await page.evaluate(SHOWN), "ensemble, stage classical, epoch 10");
  const said = `document.querySelector(".picker input[type=range]").getAttribute("aria-valuetext")`;
  assert.equal(await page.evaluate(said), "epoch 10 (10 of 12)");
  assert.equal(await page.evaluate(count), 1);
  await page.press("Tab");
  const focused = await page.evaluate<{ name: string; outline: string }>(`(() => {
    const { name, nextElementSibling } = document.activeElement;
    return { name, outline: getComputedStyle(nextElementSibling).outlineStyle };
  })()`);
  assert.deepEqual(focused, { name: "matrix-head", outline: "solid" });
}

async function tablesWork(page: BrowserPage): Promise<void> {
  const column = (n: number) =>
    page.evaluate<string[]>(
      `Array.from(document.querySelectorAll("#metrics-table tbody tr"), (row) => row.cells[${n}].textContent)`,
    );
  const status = `document.querySelector("#metrics-table output").textContent`;
  assert.equal(await page.evaluate(status), "Rows 1–25 of 96");
  await page.click("#metrics-table th:nth-child(5) button");
  const rising = (await column(4)).map(Number);
  assert.deepEqual(rising, [...rising].sort((a, b) => a - b));
  assert.equal(await sortOf(page, 5), "ascending");
  // The button has the focus: Enter turns the order.
  await page.press("Enter", "\r");
  assert.equal(await sortOf(page, 5), "descending");
  const falling = (await column(4)).map(Number);
  assert.deepEqual(falling, [...falling].sort((a, b) => b - a));
  assert.ok(falling[0] > rising[24]);
  await page.click("#metrics-table th:nth-child(6) button");
  assert.equal(await sortOf(page, 5), "none");
  await page.click("#metrics-table input");
  await page.type("VAL classical_a");
  assert.match(await page.evaluate(status), /^Rows 1–24 of 24 \(96 without/);
  assert.deepEqual(new Set(await column(2)), new Set(["val"]));
  // What is not known comes last in either order.
  assert.deepEqual((await column(5)).slice(-2), ["–", "–"]);
  await page.type(" nosuchword");
  assert.match(await page.evaluate(status), /No row of 96/);
  await page.evaluate(`(() => { const input = document.querySelector("#metrics-table input");
    input.value = ""; input.dispatchEvent(new Event("input", { bubbles: true })); })()`);
  await page.click("#metrics-table .turn button:last-child");
  assert.equal(await page.evaluate(status), "Rows 26–50 of 96");
}

async function sortOf(page: BrowserPage, n: number): Promise<string> {
  return await page.evaluate(
    `document.querySelector("#metrics-table th:nth-child(${n})").getAttribute("aria-sort")`,
  );
}

async function galleryWorks(page: BrowserPage): Promise<void> {
  const cards = () =>
    page.evaluate<string[]>(
      `Array.from(document.querySelectorAll("#cam-panels > .shown .card.shown .name"), (name) => name.textContent)`,
    );
  assert.equal((await cards()).length, 3);
  await page.click(".gallery-filter input[type=checkbox]");
  assert.deepEqual((await cards()).map((name) => name.split(" ")[0]), ["img_2"]);
  await page.click(".gallery-filter input[type=checkbox]");
  await page.click(".gallery-filter input[type=search]");
  await page.type("img_3");
  assert.deepEqual((await cards()).map((name) => name.split(" ")[0]), ["img_3"]);
  const loaded = `Array.from(document.querySelectorAll(".card.shown img"))
    .every((image) => image.complete && image.naturalWidth > 0)`;
  assert.equal(await page.evaluate(loaded), true);
}

testOrSkip(
  "a report page runs nothing of nasty names, and its policy is in force",
  missingBrowser,
  () =>
    inRoot(async (root) => {
      const run = await sampleRun(root, { names: NASTY });
      const url = pathToFileURL(await saveReport(run.folder)).href;
      await withBrowser(async (page) => {
        await page.look({ width: 1280, scheme: "light" });
        await page.open(url);
        const rows =
          `Array.from(document.querySelectorAll("#confidence-table td:nth-child(4)"), (cell) => cell.textContent)`;
        assert.ok((await page.evaluate<string[]>(rows)).includes(NASTY.classes[0]));
        // Everything once: sorting and choosing makes markup of what was text before.
        await page.evaluate(
          `for (const one of document.querySelectorAll("button, input[type=radio]")) one.click()`,
        );
        await page.evaluate(
          `document.querySelectorAll("details").forEach((one) => { one.open = true; })`,
        );
        assert.equal(
          await page.evaluate(
            `document.querySelectorAll("iframe, [onclick], [onload], [onerror]").length`,
          ),
          0,
        );
        await look(page, "nasty");
        quiet(page);
        const blocked = await page.evaluate<string>(`new Promise((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective));
        const script = document.createElement("script");
        script.textContent = "document.title = 'run'";
        document.body.append(script);
      })`);
        assert.equal(blocked, "script-src-elem");
        assert.notEqual(await page.evaluate("document.title"), "run");
        const fetched = `fetch("http://127.0.0.1:9/").then(() => "fetched", () => "refused")`;
        assert.equal(await page.evaluate(fetched), "refused");
      });
    }),
);

testOrSkip(
  "a report page shows everything without a script",
  missingBrowser,
  () =>
    inRoot(async (root) => {
      const run = await sampleRun(root);
      const url = pathToFileURL(await saveReport(run.folder)).href;
      await withBrowser(async (page) => {
        await page.look({ width: 1280, scheme: "light" });
        await page.send("Emulation.setScriptExecutionDisabled", { value: true });
        await page.open(url);
        // The protocol still evaluates.
        const seen = (selector: string) =>
          page.evaluate<number>(`Array.from(document.querySelectorAll(${JSON.stringify(selector)}))
          .filter((one) => one.checkVisibility()).length`);
        assert.equal(await seen("table.matrix"), 12);
        assert.equal(await seen(".card img"), 12);
        assert.equal(await seen("#metrics-table tbody tr"), 24);
        assert.equal(await seen(".controls"), 0);
        quiet(page);
      });
    }),
);

testOrSkip(
  "a comparison page works in Chromium, and its links lead to the runs",
  missingBrowser,
  () =>
    inRoot(async (root) => {
      const runs = [await sampleRun(root), await sampleRun(root, { seed: 2, epochs: 5 })];
      for (const { folder } of runs) await saveReport(folder);
      const out = join(root, "comparison.html");
      await saveComparison(runs.map(({ folder }) => folder), { out });
      await withBrowser(async (page) => {
        await page.look({ width: 1280, scheme: "light" });
        await page.open(pathToFileURL(out).href);
        const shown = `document.querySelector("#curve-panels > .shown h3").textContent`;
        assert.equal(await page.evaluate(shown), "ensemble");
        await page.click(".picker .head label:first-of-type span");
        assert.equal(await page.evaluate(shown), PLAIN.heads[0]);
        await look(page, "comparison");
        quiet(page);
        await page.open(await page.evaluate(`document.querySelector("#runs td a").href`));
        assert.match(await page.evaluate("document.title"), new RegExp(runs[0].id));
        quiet(page);
      });
    }),
);

const EPOCHS = 5000, IMAGES = 1000;

/** A long training: 10,000 epochs and 2,000 explained images in two stages. */
async function longRun(run: Run): Promise<void> {
  const rows = PLAIN.stages.flatMap((stage) =>
    Array.from({ length: EPOCHS - 1 }, (_, i) => i + 2).flatMap((epoch) =>
      ["train", "val"].flatMap((split) =>
        PLAIN.heads.map((head) => ({
          ...{ stage, epoch, split, head },
          ...{ loss: 2 / epoch, accuracy: 1 - 1 / epoch, balancedAccuracy: Math.sin(epoch) },
        }))
      )
    )
  );
  await run.appendMetrics(rows);
  const random = new SeededRandom(1);
  const data = Uint8Array.from({ length: 96 * 96 * 3 }, () => random.integer(256));
  const png = encodePng({ width: 96, height: 96, channels: 3, data });
  for (const stage of PLAIN.stages) {
    const folder = join(run.folder, `reports/visualizations/${stage}/epoch_${EPOCHS}/gradcam`);
    await Deno.mkdir(folder, { recursive: true });
    const images = [];
    for (let i = 1; i <= IMAGES; i++) {
      const number = String(i).padStart(2, "0");
      await Deno.writeFile(join(folder, `${number}_original.png`), png);
      await Deno.writeFile(join(folder, `${number}_overlay.png`), png);
      images.push({ id: `image ${i}.`, trueClass: "mild", predictedClass: "mild", status: "ok" });
    }
    await Deno.writeTextFile(join(folder, "manifest.json"), JSON.stringify({ images }));
  }
}

testOrSkip(
  "the page of 10,000 epochs and 2,000 images opens and answers",
  missingBrowser,
  () =>
    inRoot(async (root) => {
      const run = await sampleRun(root, { epochs: 1, before: longRun });
      const url = pathToFileURL(await saveReport(run.folder)).href;
      await withBrowser(async (page) => {
        await page.look({ width: 1280, scheme: "light" });
        // On an idle machine it is below 3 s; a busy one may take its time.
        assert.ok(await page.open(url) < 30_000);
        const elements = await page.evaluate<number>(`document.querySelectorAll("*").length`);
        assert.ok(elements < 20_000, String(elements));
        const status = `document.querySelector(".gallery-filter output").textContent`;
        assert.equal(await page.evaluate(status), "Images 1–24 of 1000");
        await page.click(".gallery-filter input[type=search]");
        await page.type("image 999.");
        assert.equal(await page.evaluate(status), "Images 1–1 of 1");
        // This one is not in the page: it comes from its file.
        const image = `document.querySelector(".card.shown img")`;
        assert.match(await page.evaluate(`${image}.getAttribute("src")`), /^\.\.\/reports/);
        await page.evaluate(`${image}.decode()`);
        assert.ok(await page.evaluate<number>(`${image}.naturalWidth`) > 0);
        await page.click("#metrics-table th:nth-child(5) button");
        const least = `document.querySelector("#metrics-table tbody td:nth-child(2)").textContent`;
        assert.equal(await page.evaluate(least), "5,000");
        quiet(page);
      });
    }),
);
