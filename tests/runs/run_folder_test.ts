import assert from "node:assert/strict";
import { jupyterDisplay } from "../../src/_internal/figure.ts";
import { type Figure, type MetricsRow, readMetrics, verifyRun } from "../../src/runs/mod.ts";
import { filesIn, inRoot, smallRun } from "./_temporary_root.ts";

const PNG = Uint8Array.of(137, 80, 78, 71);

function figure(over: Partial<Figure> = {}): Figure {
  return {
    kind: "figure",
    name: "confusion_matrix",
    svg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    text: "3 of 4 right",
    data: { counts: [[2, 1], [0, 1]] },
    width: 100,
    height: 80,
    png: () => Promise.resolve(PNG),
    [jupyterDisplay]: () => Promise.resolve({}),
    ...over,
  };
}

const row = (over: Partial<MetricsRow> = {}): MetricsRow => ({
  stage: "classical",
  epoch: 1,
  split: "val",
  head: "quantum",
  ...over,
});

Deno.test("save() writes nothing outside the run folder, whatever the path", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    const paths: [string, string][] = [
      ["../../escape.txt", "escape.txt"],
      ["/etc/passwd", "etc/passwd"],
      ["a/../../b.txt", "a/b.txt"],
      ["..\\..\\windows.txt", "_.._windows.txt"],
      ["C:\\autoexec.bat", "C__autoexec.bat"],
      ["stage one/epoch 1.txt", "stage_one/epoch_1.txt"],
      ["reports/Größe 漢字.txt", "reports/Größe_漢字.txt"],
      ["aux.txt", "_aux.txt"],
      ["com1/x", "_com1/x"],
      [".hidden", "hidden"],
      ["ends.", "ends"],
      ["null\0byte", "null_byte"],
      ["what?*", "what__"],
    ];
    for (const [path, expected] of paths) {
      assert.equal(await run.save(path, path), `${run.folder}/${expected}`);
      assert.equal(await Deno.readTextFile(`${run.folder}/${expected}`), path);
    }
    const names = Array.from(Deno.readDirSync(root), (entry) => entry.name);
    assert.deepEqual(names.sort(), [`.${run.id}.open`, run.id]);
    await run.finish();
    assert.deepEqual(await verifyRun(run.folder), []);
  }));

Deno.test("save() cuts names of 300 characters and keeps them apart", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    const long = ["x".repeat(300), "x".repeat(299) + "y", "漢".repeat(300)];
    const files = [];
    for (const name of long) files.push(await run.save(`${name}.json`, name));
    assert.equal(new Set(files).size, 3);
    for (const [i, file] of files.entries()) {
      assert.equal(await Deno.readTextFile(file), long[i]);
      assert.match(file, /-[0-9a-f]{8}\.json$/);
    }
  }));

Deno.test("save() refuses a second name that would be the same file", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await run.save("stage a/x.txt", "1");
    await run.save("stage a/x.txt", "2");
    await assert.rejects(run.save("stage_a/x.txt", "3"), /same file.*rename/);
    await assert.rejects(run.save("STAGE a/X.txt", "3"), /same file.*rename/);
    assert.equal(await Deno.readTextFile(`${run.folder}/stage_a/x.txt`), "2");
  }));

Deno.test("save() refuses the files that the run writes itself, and paths without a name", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    for (const path of ["manifest.json", "metrics.jsonl", "./Timings.jsonl"]) {
      await assert.rejects(run.save(path, "x"), RangeError);
    }
    for (const path of ["", ".", "../..", "/"]) {
      await assert.rejects(run.save(path, "x"), TypeError);
    }
    await run.save("reports/manifest.json", "another one is fine");
  }));

Deno.test("save() does not follow a link out of the run folder", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await Deno.mkdir(`${root}/outside`);
    await Deno.symlink(`${root}/outside`, `${run.folder}/reports`);
    await assert.rejects(run.save("reports/deep/x.txt", "x"), /is a link/);
    assert.deepEqual(filesIn(`${root}/outside`), []);
    await run.save("checkpoints/x.txt", "a failed write does not hold up the next");
  }));

Deno.test("saveJson() turns NaN and infinities into null with a note, here and in the manifest", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await run.saveJson("losses", { loss: [1, NaN], worst: -Infinity });
    await run.saveJson("list.json", [Infinity]);
    assert.deepEqual(JSON.parse(await Deno.readTextFile(`${run.folder}/losses.json`)), {
      loss: [1, null],
      worst: null,
      nonFinite: { "/loss/1": "NaN", "/worst": "-Infinity" },
    });
    assert.deepEqual(JSON.parse(await Deno.readTextFile(`${run.folder}/list.json`)), [null]);
    assert.deepEqual((await run.finish()).notes, [
      "losses.json /loss/1: NaN written as null",
      "losses.json /worst: -Infinity written as null",
      "list.json /0: Infinity written as null",
    ]);
  }));

Deno.test("saveFigure() leaves svg, png and the numbers, all whole when it resolves", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    const stem = "reports/visualizations/classical/epoch_01/confusion_matrix";
    await run.saveFigure(stem, figure());
    assert.equal(await Deno.readTextFile(`${run.folder}/${stem}.svg`), figure().svg);
    assert.deepEqual(await Deno.readFile(`${run.folder}/${stem}.png`), PNG);
    const saved = JSON.parse(await Deno.readTextFile(`${run.folder}/${stem}.json`));
    assert.deepEqual(saved, {
      schema: "qsight.figure/1",
      name: "confusion_matrix",
      width: 100,
      height: 80,
      text: "3 of 4 right",
      synthetic: false,
      data: { counts: [[2, 1], [0, 1]] },
    });
  }));

Deno.test("saveFigure() of a synthetic run says so beside the numbers and in the manifest", () =>
  inRoot(async (root) => {
    const run = await smallRun(root, { synthetic: true });
    await run.saveFigure("a", figure({ data: [1, 2] }));
    const saved = JSON.parse(await Deno.readTextFile(`${run.folder}/a.json`));
    assert.equal(saved.synthetic, true);
    assert.deepEqual(saved.data, [1, 2]);
    assert.equal((await run.finish()).synthetic, true);
  }));

Deno.test("saveFigure() keeps numbers and svg when the pixels cannot be rendered", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    const broken = figure({ png: () => Promise.reject(new Error("no renderer")) });
    await assert.rejects(run.saveFigure("a", broken), /no renderer/);
    assert.deepEqual(filesIn(run.folder), ["a.json", "a.svg", "config.json"]);
  }));

Deno.test("onSaved hears of a file only when it is whole on disk", () =>
  inRoot(async (root) => {
    const heard: [string, string][] = [];
    const run = await smallRun(root, {
      onSaved: ({ path, file }) => {
        heard.push([path, Deno.readTextFileSync(file)]);
      },
    });
    const long = "x".repeat(1_000_000);
    await run.save("long.txt", long);
    await run.saveFigure("a", figure());
    await run.finish();
    assert.deepEqual(heard.map(([path]) => path), [
      "config.json",
      "long.txt",
      "a.json",
      "a.svg",
      "a.png",
      "history.json",
      "manifest.json",
    ]);
    assert.equal(heard[1][1], long);
  }));

for (
  const [name, onSaved] of [
    ["throws", () => {
      throw new Error("upload refused");
    }],
    ["rejects", () => Promise.reject(new Error("upload refused"))],
    ["hangs", () => new Promise<void>(() => {})],
    ["is not there", undefined],
  ] as const
) {
  Deno.test(`a run leaves all files when the listener ${name}`, () =>
    inRoot(async (root) => {
      const run = await smallRun(root, { onSaved });
      await run.saveFigure("reports/a", figure());
      await run.appendMetrics([row({ loss: 1 })]);
      const { files, notes } = await run.finish();
      const expected = ["config.json", "history.json", "metrics.jsonl"];
      expected.push("reports/a.json", "reports/a.png", "reports/a.svg");
      assert.deepEqual(files.map(({ path }) => path), expected);
      assert.deepEqual(await verifyRun(run.folder), []);
      assert.equal(notes.some((note) => /upload refused/.test(note)), /throws|rejects/.test(name));
    }));
}

Deno.test("appendMetrics() of the same training gives the same bytes", () =>
  inRoot(async (root) => {
    const train = async (time: string, order: (a: string, b: string) => number) => {
      const run = await smallRun(root, { now: new Date(time) });
      for (let epoch = 1; epoch <= 3; epoch++) {
        const values = { loss: 1 / epoch, accuracy: 0.1 * epoch, head: "quantum", split: "val" };
        const entries = Object.entries({ ...values, stage: "classical", epoch });
        entries.sort(([a], [b]) => order(a, b));
        await run.appendMetrics([Object.fromEntries(entries) as unknown as MetricsRow]);
      }
      await run.finish();
      const read = (name: string) => Deno.readTextFile(`${run.folder}/${name}`);
      return [await read("metrics.jsonl"), await read("history.json")];
    };
    const first = await train("2026-01-01T00:00:00Z", (a, b) => a < b ? -1 : 1);
    const second = await train("2026-02-02T00:00:00Z", (a, b) => a < b ? 1 : -1);
    assert.deepEqual(first, second);
    assert.match(first[0], /^{"stage":"classical","epoch":1,"split":"val","head":"quantum",/);
  }));

Deno.test("appendMetrics() writes NaN as null with a note in the row", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await run.appendMetrics([row({ loss: NaN, accuracy: 0.5 })]);
    const expected = { ...row({ loss: null, accuracy: 0.5 }), nonFinite: { "/loss": "NaN" } };
    assert.deepEqual(await readMetrics(run.folder), [expected]);
  }));

Deno.test("appendMetrics() calls that overlap keep their order", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    const epochs = Array.from({ length: 30 }, (_, i) => i + 1);
    await Promise.all(epochs.map((epoch) => run.appendMetrics([row({ epoch })])));
    assert.deepEqual((await readMetrics(run.folder)).map(({ epoch }) => epoch), epochs);
  }));

Deno.test("appendMetrics() refuses rows without their keys, and writes none of them", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    const wrong: [object, RegExp][] = [
      [{ ...row(), stage: undefined }, /name under "stage", found undefined/],
      [{ ...row(), head: 2 }, /name under "head", found 2/],
      [{ ...row(), epoch: 0.5 }, /whole number under "epoch", found 0.5/],
      [{ ...row(), matrix: [[1]] }, /object under "matrix".*saveJson/],
    ];
    for (const [bad, message] of wrong) {
      await assert.rejects(run.appendMetrics([row(), bad as MetricsRow]), message);
    }
    assert.deepEqual(await readMetrics(run.folder), []);
  }));

Deno.test("adopt() tells the listener of files of other code, in the order of the calls", () =>
  inRoot(async (root) => {
    const heard: string[] = [];
    const run = await smallRun(root, { onSaved: ({ path }) => void heard.push(path) });
    await Deno.mkdir(`${run.folder}/model/deep`, { recursive: true });
    for (const name of ["weights.bin", "model.json", "deep/card.md", ".x.tmp"]) {
      await Deno.writeTextFile(`${run.folder}/model/${name}`, name);
    }
    const [, adopted, one] = await Promise.all([
      run.save("before.txt", "x".repeat(500_000)),
      run.adopt("model"),
      run.adopt(`${run.folder}/model/weights.bin`),
      run.save("after.txt", "x"),
    ]);
    const files = ["model/deep/card.md", "model/model.json", "model/weights.bin"];
    assert.deepEqual([adopted, one], [files, files.slice(2)]);
    const order = ["config.json", "before.txt", ...files, ...files.slice(2), "after.txt"];
    assert.deepEqual(heard, order);
    await assert.rejects(run.save("Model/weights.bin", "x"), /same file.*rename/);
    const { files: listed } = await run.finish();
    assert.ok(files.every((file) => listed.some(({ path }) => path === file)));
    await assert.rejects(run.adopt("model"), /has ended/);
  }));

Deno.test("adopt() refuses what is not there, not inside, linked, or the run's own", () =>
  inRoot(async (root) => {
    const heard: string[] = [];
    const run = await smallRun(root, { onSaved: ({ path }) => void heard.push(path) });
    await Deno.mkdir(`${root}/outside`);
    await Deno.writeTextFile(`${root}/outside/x.txt`, "x");
    await Deno.symlink(`${root}/outside`, `${run.folder}/linked`);
    await Deno.symlink(`${root}/outside/x.txt`, `${run.folder}/x.txt`);
    await Deno.mkdir(`${run.folder}/empty`);
    await run.appendMetrics([row()]);
    const wrong: [string, RegExp][] = [
      ["../outside/x.txt", /names nothing inside/],
      [`${root}/outside/x.txt`, /names nothing inside/],
      [".", /names nothing inside/],
      ["linked/x.txt", /is a link/],
      ["x.txt", /found a link/],
      ["gone.txt", /found nothing at/],
      ["empty", /no file in it/],
      ["metrics.jsonl", /writes metrics\.jsonl itself/],
    ];
    for (const [path, message] of wrong) {
      await assert.rejects(run.adopt(path), { name: "RangeError", message });
    }
    assert.deepEqual(heard, ["config.json", "metrics.jsonl"]);
    await run.save("after.txt", "a refused file does not hold up the next");
  }));

Deno.test("finish() can be called again after the disk refused the manifest or latest", () =>
  inRoot(async (root) => {
    for (const place of ["manifest.json", "../latest"]) {
      const heard: string[] = [];
      const run = await smallRun(root, { onSaved: ({ path }) => void heard.push(path) });
      await run.appendMetrics([row({ loss: 2 })]);
      // A folder that is not empty stands where the file should go.
      await Deno.remove(`${root}/latest`).catch(() => {});
      await Deno.mkdir(`${run.folder}/${place}/full`, { recursive: true });
      await assert.rejects(run.finish(), { code: "EISDIR" }, place);
      assert.ok(!heard.includes("manifest.json"));
      await Deno.remove(`${run.folder}/${place}`, { recursive: true });
      await run.appendMetrics([row({ epoch: 2, loss: 1 })]);
      await run.finish();
      const history = JSON.parse(await Deno.readTextFile(`${run.folder}/history.json`));
      assert.match(JSON.stringify(history), /\[2,1\]/, "the rows that came between are in");
      assert.deepEqual(await verifyRun(run.folder), []);
      assert.deepEqual(heard.slice(-2), ["history.json", "manifest.json"]);
      await assert.rejects(run.finish(), /has ended/);
    }
  }));

Deno.test("finish() can be called again after its clock failed", () =>
  inRoot(async (root) => {
    let calls = 0;
    const now = new Date("2026-01-31T12:34:56.789Z");
    const run = await smallRun(root, {
      now: () => {
        if (++calls === 2) throw new Error("no clock");
        return now;
      },
    });
    await assert.rejects(run.finish(), /no clock/);
    assert.equal((await run.finish()).status, "finished");
  }));

Deno.test("finish() ends a run once, also when called twice at once", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    const ends = await Promise.allSettled([run.finish(), run.finish()]);
    assert.deepEqual(ends.map(({ status }) => status), ["fulfilled", "rejected"]);
  }));

Deno.test("a run that has ended takes no more files", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await run.finish();
    for (
      const call of [() => run.save("a", "b"), () => run.appendMetrics([]), () => run.finish()]
    ) {
      await assert.rejects(async () => await call(), /has ended: open another run/);
    }
  }));
