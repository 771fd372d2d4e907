import assert from "node:assert/strict";
import { encodePng } from "../../../src/images/encode_png.ts";
import { exportTensorboard, type Run } from "../../../src/runs/mod.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { filesIn, inRoot, smallRun } from "../_temporary_root.ts";
import { decodeEvents, doubleBits, eventFile, floatBits, missingReader } from "./_read_events.ts";

const missing = missingReader();
const png = encodePng({ width: 2, height: 2, channels: 1, data: Uint8Array.of(0, 80, 160, 240) });
const started = Date.parse("2026-01-31T12:34:56.789Z") / 1000;
const config = {
  rate: 0.5,
  classes: ["a", "b"],
  stages: [{ name: "Stage one", logAlias: "one" }, { name: "two", logAlias: "two" }],
};

/** Two stages of two epochs and one; pictures of two of them and of the whole. */
async function trainedRun(root: string): Promise<Run> {
  const run = await smallRun(root, { config });
  const places = [["Stage one", 1, "one"], ["Stage one", 2, "one"], ["two", 1, "two"]] as const;
  for (const [i, [stage, epoch, alias]] of places.entries()) {
    await run.appendMetrics(
      ["train", "val"].flatMap((split) =>
        ["classical_a", "ensemble"].map((head) => ({
          ...{ stage, epoch, split, head },
          loss: epoch === 2 ? NaN : 1 / (i + 1),
          accuracy: i / 4,
          kappa: null,
        }))
      ),
    );
    await run.appendTimings([{ stage, epoch, seconds: 10 * (i + 1) }]);
    if (epoch === 2) continue;
    await run.save(`reports/visualizations/${alias}/epoch_0${epoch}/gradcam/panel.png`, png);
  }
  await run.save("reports/history.png", png);
  await run.save("reports/broken.png", "no picture");
  return run;
}

testOrSkip(
  "exportTensorboard() gives each split and head a folder, and counts epochs through",
  missing,
  () =>
    inRoot(async (root) => {
      const run = await trainedRun(root);
      const { folder, epochs, scalars, images, skipped } = await exportTensorboard(run.folder);
      assert.equal(folder, `${run.folder}/reports/tensorboard`);
      // Of 12 rows with two numbers each; the metric without a value has no point.
      assert.deepEqual({ epochs, scalars, images }, { epochs: 3, scalars: 24, images: 3 });
      assert.deepEqual(skipped.map(({ path }) => path), ["reports/broken.png"]);
      assert.deepEqual(foldersIn(folder), [
        "",
        "train/classical_a",
        "train/ensemble",
        "val/classical_a",
        "val/ensemble",
      ]);
      const [, ...events] = await decodeEvents(eventFile(`${folder}/val/ensemble`));
      assert.deepEqual(events.map(stepOf), [1, 2, 3]);
      assert.ok(events[0].includes('1: "accuracy"') && events[0].includes('1: "loss"'), events[0]);
      assert.ok(events[0].includes(`2: ${floatBits(1)}`), events[0]);
      assert.ok(events[1].includes("0x7fc00000"), "NaN is shown as NaN");
      assert.ok(!events.join("").includes("kappa"));
      // Start, then 10, 20 and 30 seconds.
      const times = events.map((event) => /^1: (\S+)/.exec(event)![1]);
      assert.deepEqual(times, [10, 30, 60].map((seconds) => doubleBits(started + seconds)));
    }),
);

testOrSkip(
  "exportTensorboard() puts figures of all stages on one slider",
  missing,
  () =>
    inRoot(async (root) => {
      const run = await trainedRun(root);
      await run.finish({});
      const { folder } = await exportTensorboard(run.folder);
      const events = await decodeEvents(eventFile(folder));
      const panels = events.filter((event) => event.includes('1: "gradcam/panel"'));
      assert.deepEqual(panels.map(stepOf), [1, 3]);
      const [history] = events.filter((event) => event.includes('1: "history"'));
      assert.equal(stepOf(history), 3);
      const [text] = events.filter((event) => event.includes('1: "config"'));
      assert.match(text, /```json\\n\{\\n {2}\\"classes\\": \[/);
      const [hparams] = events.filter((event) => event.includes("_hparams_/session_start_info"));
      assert.match(hparams, /1: "rate"/);
      assert.match(hparams, /1: "classes"\n +2 \{\n +3: "a, b"/);
      assert.match(hparams, /1: "stages\.0\.name"/);
      assert.match(events.join(""), /_hparams_\/session_end_info[\s\S]*4 \{\n +1: 1\n/);
    }),
);

Deno.test("exportTensorboard() gives the same bytes for the same run, also over an older export", () =>
  inRoot(async (root) => {
    const run = await trainedRun(root);
    const { folder } = await exportTensorboard(run.folder);
    const first = contents(folder);
    await exportTensorboard(run.folder);
    assert.deepEqual(contents(folder), first);
    const { folder: other } = await exportTensorboard(run.folder, { out: `${root}/logs` });
    assert.equal(other, `${root}/logs/${run.id}`);
    assert.deepEqual(contents(other), first);
    await run.appendMetrics([{ stage: "two", epoch: 2, split: "val", head: "x", loss: 1 }]);
    await exportTensorboard(run.folder);
    assert.notDeepEqual(contents(folder), first);
    assert.deepEqual(foldersIn(folder).includes("val/x"), true);
  }));

Deno.test("exportTensorboard() names the synthetic images of a run", () =>
  inRoot(async (root) => {
    const run = await smallRun(root, { synthetic: true });
    await run.finish({});
    const { folder } = await exportTensorboard(run.folder);
    assert.match(
      new TextDecoder().decode(Deno.readFileSync(eventFile(folder))),
      /synthetic images/,
    );
  }));

Deno.test("exportTensorboard() writes over event files only", () =>
  inRoot(async (root) => {
    const run = await trainedRun(root);
    await Deno.mkdir(`${root}/logs/${run.id}/notes`, { recursive: true });
    await Deno.writeTextFile(`${root}/logs/${run.id}/notes/mine.txt`, "mine");
    await assert.rejects(
      exportTensorboard(run.folder, { out: `${root}/logs` }),
      /found notes\/mine\.txt in .*wanted a folder with event files only/,
    );
    assert.deepEqual(filesIn(`${root}/logs`), [`${run.id}/notes/mine.txt`]);
    await assert.rejects(exportTensorboard(`${root}/none`), /no folder .*wanted a run folder/);
    await assert.rejects(exportTensorboard(root), /no config\.json in/);
    await assert.rejects(
      exportTensorboard(run.folder, { outt: "x" } as never),
      /Did you mean "out"/,
    );
  }));

function stepOf(event: string): number {
  return Number(/^2: (\d+)$/m.exec(event)?.[1]);
}

function foldersIn(folder: string): string[] {
  return [...new Set(filesIn(folder).map((path) => path.replace(/\/?[^/]*$/, "")))].sort();
}

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    filesIn(folder).map((path) => [path, Deno.readFileSync(`${folder}/${path}`).join()]),
  );
}
