import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { evenly, LIMITS } from "../../src/report/limits.ts";
import { saveReport } from "../../src/report/save_report.ts";
import { thinPoints } from "../../src/report/thin_points.ts";
import { inRoot, PLAIN, sampleRun } from "./_sample_run.ts";

Deno.test("thinPoints() keeps the ends, every peak and every gap", () => {
  const points = Array.from({ length: 10_000 }, (_, i) => ({ x: i + 1, value: Math.sin(i / 900) }));
  points[5003] = { x: 5004, value: 40 };
  points[7007] = { x: 7008, value: -40 };
  points[8000] = { x: 8001, value: NaN };
  const pieces = thinPoints(points, 800);
  assert.equal(pieces.length, 2);
  const kept = pieces.flat();
  assert.ok(kept.length <= 900, String(kept.length));
  assert.deepEqual([kept[0].x, kept.at(-1)!.x], [1, 10_000]);
  assert.ok(kept.some(({ value }) => value === 40) && kept.some(({ value }) => value === -40));
  assert.ok(kept.every(({ x }, i) => i === 0 || x > kept[i - 1].x));
});

Deno.test("thinPoints() leaves short lines as they are", () => {
  assert.deepEqual(thinPoints([], 8), []);
  assert.deepEqual(thinPoints([{ x: 1, value: NaN }], 8), []);
  const one = [{ x: 1, value: 2 }];
  assert.deepEqual(thinPoints(one, 8), [one]);
});

Deno.test("evenly() keeps both ends", () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  assert.deepEqual(evenly(items, 4), [0, 33, 66, 99]);
  assert.deepEqual(evenly([1, 2], 4), [1, 2]);
});

Deno.test("saveReport() of a run of 10,000 epochs stays small and says what it left out", () =>
  inRoot(async (root) => {
    const run = await sampleRun(root, {
      epochs: 2,
      before: async (run) => {
        for (let from = 3; from <= 10_000; from += 2000) {
          await run.appendMetrics(
            Array.from({ length: 2000 }, (_, i) => from + i).flatMap((epoch) =>
              ["train", "val"].map((split) => ({
                ...{ stage: "classical", epoch, split, head: "ensemble" },
                loss: epoch === 7777 && split === "val" ? 0.000123 : 2 / Math.sqrt(epoch),
                accuracy: 0.5,
              }))
            ),
          );
        }
      },
    });
    const html = await readFile(await saveReport(run.folder), "utf8");
    assert.ok(html.length < 2_500_000, String(html.length));
    assert.match(html, /Lines are thinned to about 800 points/);
    assert.match(html, /The table holds [\d,]+ of [\d,]+ rows/);
    const { rows } = JSON.parse(/id="metrics-table-rows">(.*)<\/script>/.exec(html)![1]);
    assert.ok(rows.length <= LIMITS.metricsRows && rows.length > LIMITS.metricsRows / 2);
    // The best epoch is never among those that are left out.
    assert.ok(rows.some((row: unknown[]) => row[1] === 7777));
    const path = Math.max(...[...html.matchAll(/ d="([^"]*)"/g)].map(([, d]) => d.length));
    assert.ok(path < 20_000, String(path));
  }));

Deno.test("saveReport() of many explained images carries some of them and leads to the others", () =>
  inRoot(async (root) => {
    const ids = Array.from({ length: 30 }, (_, i) => `img_${i}`);
    const run = await sampleRun(root, { epochs: 1, pictureSize: 120, names: { ...PLAIN, ids } });
    const html = await readFile(await saveReport(run.folder), "utf8");
    const carried = html.match(/src="data:image\/png/g)?.length ?? 0;
    const linked = html.match(/src="\.\.\/reports\/visualizations/g)?.length ?? 0;
    assert.equal(carried + linked, 120);
    assert.ok(html.length < 2 * LIMITS.thumbnailCharacters);
    assert.ok(carried > 20 && linked > 20, `${carried} carried, ${linked} linked`);
    assert.match(html, new RegExp(`${linked} pictures are not in this page`));
    assert.match(html, /60 explained images/);
  }));
