import assert from "node:assert/strict";
import { camEntries, type CamLike } from "../../src/plots/cam_entries.ts";
import { plotCamPanel } from "../../src/plots/plot_cam_panel.ts";
import { syntheticFundus } from "../../src/data/synthetic_fundus.ts";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";
import { sampleCam } from "./sample_figures.ts";

const cams = (count: number): CamLike[] => Array.from({ length: count }, () => sampleCam());

Deno.test("camEntries() reads labels at the picked rows and orders by class, missing ones included", () => {
  const yTrue = [3, 0, 3, 1, 0], yPred = [3, 0, 1, 1, 1], ids = ["a", "b", "c", "d", "e"];
  const picks = pickClassDiverse({ yTrue, yPred, ids, classes: 5, perClass: 2, seed: 1 });
  const entries = camEntries(cams(5), {
    yTrue,
    yPred,
    picks,
    confidences: [0.1, 0.2, 0.3, 0.4, 0.5],
  });
  assert.deepEqual(entries.map((entry) => entry.yTrue), [0, 0, 1, 2, 3, 3, 4]);
  assert.deepEqual(entries.map((entry) => entry.cam === null), [
    false,
    false,
    false,
    true,
    false,
    false,
    true,
  ]);
  for (const { id, yTrue: label, yPred: predicted, confidence } of entries) {
    if (id === null) continue;
    const at = ids.indexOf(id);
    assert.deepEqual([label, predicted, confidence], [yTrue[at], yPred[at], (at + 1) / 10]);
  }
});

Deno.test("camEntries() falls back on what the maps know", () => {
  const [cam] = cams(1);
  const [known, unknown] = camEntries([{ ...cam, label: 2, predicted: 1 }, {
    ...cam,
    label: null,
    predicted: -1,
  }], {});
  assert.deepEqual([known.yTrue, known.yPred, unknown.yTrue, unknown.yPred], [2, 1, null, null]);
});

Deno.test("plotCamPanel() says nothing of true classes when none is known", () => {
  const figure = plotCamPanel(cams(2), { yPred: [1, 0], classes: ["healthy", "ill"] });
  assert.ok(!/true unknown/.test(figure.svg));
  const mixed = plotCamPanel(cams(2), { yTrue: [1, null], yPred: [1, 0] });
  assert.match(mixed.svg, /true unknown/);
});

Deno.test("camEntries() takes names of the maps, one for each", () => {
  const entries = camEntries(cams(2), { yTrue: [1, 0], ids: ["late.png", "early.png"] });
  assert.deepEqual(entries.map(({ id }) => id), ["early.png", "late.png"]);
  assert.throws(() => camEntries(cams(2), { ids: ["one.png"] }), {
    message: /ids has 1 rows, wanted 2/,
  });
});

Deno.test("camEntries() falls back on what the picks know", () => {
  const picks = pickClassDiverse({ yTrue: [1], yPred: [0], ids: ["x"], perClass: 1, seed: 1 });
  const [missing, entry] = camEntries(cams(1), { picks });
  assert.deepEqual([entry.yTrue, entry.yPred, entry.id, missing.cam], [1, 0, "x", null]);
});

Deno.test("camEntries() treats unlabelled rows as unknown and puts them last", () => {
  const entries = camEntries(cams(3), { yTrue: [-1, 1, NaN], yPred: [0, 1, 1] });
  assert.deepEqual(entries.map((entry) => entry.yTrue), [1, null, null]);
});

Deno.test("plotCamPanel() rejects maps and labels that do not fit together", () => {
  const picks = pickClassDiverse({ yTrue: [0, 1, 1], perClass: 1, seed: 1 });
  assert.throws(() => plotCamPanel(cams(3), { picks }), /3 maps for 2 picks/);
  assert.throws(() => plotCamPanel(cams(2), { picks, yTrue: [0] }), /yTrue has 1 rows, wanted/);
  assert.throws(() => plotCamPanel(cams(2), { yPred: [0] }), /yPred has 1 rows, wanted 2/);
  assert.throws(() => plotCamPanel([], { pick: picks } as never), /Did you mean "picks"/);
});

Deno.test("plotCamPanel() shows three images of each map and says right or wrong in words", () => {
  const { svg, text } = plotCamPanel(cams(2), {
    yTrue: [0, 1],
    yPred: [0, 0],
    confidences: [0.9, 0.55],
    classes: ["healthy", "ill"],
  });
  assert.equal(svg.match(/<image /g)?.length, 2 * 3 + 1); // and the bar of colours
  assert.ok(svg.includes("✓") && svg.includes("right: predicted healthy (90 %)"));
  assert.ok(svg.includes("✗") && svg.includes("wrong: predicted healthy (55 %)"));
  assert.match(text, /ill +healthy +0\.55 +wrong/);
});

Deno.test("plotCamPanel() replaces a map that failed by its diagnosis", () => {
  for (const status of ["zero", "nonfinite", "no_gradient", "wrong_shape"] as const) {
    const broken = { ...sampleCam(status), map: new Float32Array(64).fill(NaN) };
    const { svg, text } = plotCamPanel([broken], { yTrue: [0] });
    assert.equal(svg.match(/<image /g)?.length, 2); // the original and the bar
    assert.ok(svg.includes(`no map (${status})`) && svg.includes("The map is zero everywhere."));
    assert.ok(text.includes(status));
  }
});

Deno.test("plotCamPanel() has a tile for every missing class", () => {
  const picks = pickClassDiverse({
    yTrue: [0],
    classes: ["no DR", "mild", "severe"],
    perClass: 1,
    seed: 1,
  });
  const { svg } = plotCamPanel(cams(1), { picks, classes: ["no DR", "mild", "severe"] });
  assert.equal(svg.match(/>no sample</g)?.length, 2);
  assert.ok(svg.includes("there is no image of class severe"));
});

Deno.test("plotCamPanel() names the target where it is not the predicted class", () => {
  const options = { yTrue: [0], classes: ["healthy", "ill"] };
  assert.ok(plotCamPanel(cams(1), { ...options, yPred: [1] }).svg.includes("map for healthy"));
  assert.ok(!plotCamPanel(cams(1), { ...options, yPred: [0] }).svg.includes("map for"));
});

Deno.test("plotCamPanel() keeps 1 to 40 tiles readable: never too wide, never absurdly tall", () => {
  const sizes = [1, 2, 7, 12, 24, 40].map((count) => plotCamPanel(cams(count)));
  for (const { width, height } of sizes) {
    assert.ok(width <= 1180 && height <= 2000, `${width} x ${height}`);
  }
  assert.ok(sizes[0].width < 600 && sizes[1].width < 800);
  const tile = (svg: string) => Number(/<image [^>]*y="0" width="(\d+)"/.exec(svg)?.[1]);
  assert.deepEqual(sizes.map(({ svg }) => tile(svg)), [168, 112, 112, 112, 112, 88]);
});

Deno.test("plotCamPanel() of 40 large photographs stays below 3 MB", () => {
  const { images } = syntheticFundus({ count: 4, size: 320, seed: 2 });
  const size = 320 * 320, map = Float32Array.from({ length: size }, (_, i) => (i % 320) / 319);
  const photographs = Array.from({ length: 40 }, (_, i): CamLike => ({
    ...sampleCam(),
    map,
    width: 320,
    height: 320,
    image: {
      width: 320,
      height: 320,
      data: images.slice(i % 4 * size * 3, (i % 4 + 1) * size * 3),
    },
  }));
  const { svg } = plotCamPanel(photographs);
  assert.ok(svg.length > 500_000 && svg.length < 3_000_000, `${svg.length} characters`);
});

Deno.test("plotCamPanel() without images says so in the picture and in the text", () => {
  const { svg, text } = plotCamPanel([], { scale: "shared" });
  assert.ok(svg.includes(">no images: there is nothing to explain<") && !svg.includes("<image"));
  assert.match(text, /no images/);
});

Deno.test("plotCamPanel() cuts neither percentage nor verdict of a long class name", () => {
  const classes = [
    "no apparent retinopathy",
    `proliferative ${"diabetic retinopathy ".repeat(30)}`,
  ];
  const { svg } = plotCamPanel(cams(1), { yTrue: [0], yPred: [1], confidences: [0.44], classes });
  const words = [...svg.matchAll(/>([^<>]*)<\/text>/g)].map((match) => match[1]).join(" ");
  assert.match(words, /wrong: predicted proliferative diabetic .*… \(44 %\)/);
});

Deno.test("plotCamPanel() writes a long diagnosis in full below when its tile has no room", () => {
  const diagnosis = `the gradient does not reach "conv": ${"frozen layers, ".repeat(60)}thaw them`;
  const broken = { ...sampleCam("no_gradient"), diagnosis };
  const words = ({ svg }: { svg: string }) =>
    [...svg.matchAll(/>([^<>]*)<\/text>/g)].map((match) => match[1]).join(" ");
  assert.ok(words(plotCamPanel([broken])).includes("thaw them"));
  assert.ok(!words(plotCamPanel([{ ...broken, diagnosis: "short" }])).includes("no_gradient: "));
});

Deno.test("plotCamPanel() names method and peak, for each tile when methods differ", () => {
  const one = plotCamPanel([{ ...sampleCam(), method: "integrated_gradients", peak: 0.1234 }]);
  assert.match(one.text, /^1 image · method integrated gradients · head/m);
  assert.ok(one.svg.includes(">map for class 0 · peak 0.123<"));
  const two = plotCamPanel(["scorecam", "mine"].map((method) => ({ ...sampleCam(), method })));
  assert.match(two.text, /method Score-CAM, mine/);
  assert.ok(two.svg.includes(" · Score-CAM<") && two.svg.includes(" · mine<"));
});

Deno.test("plotCamPanel() shows a check as mark, word and reasons", () => {
  const check = { verdict: "doubtful" as const, reasons: ["as good as random maps", "few images"] };
  const { svg, text, data } = plotCamPanel(cams(1), { check });
  assert.ok(svg.includes(">✗<") && svg.includes(">check: doubtful<"));
  for (const reason of check.reasons) assert.ok(svg.includes(`>${reason}<`));
  assert.match(text, /✗ check: doubtful\n {2}- as good as random maps\n {2}- few images/);
  assert.deepEqual((data as { check: unknown }).check, check);
  assert.throws(
    () => plotCamPanel(cams(1), { check: { verdict: "good" as never, reasons: [] } }),
    /found verdict "good", wanted trustworthy, doubtful, undecided/,
  );
});

Deno.test("plotCamPanel() refuses columns that are no whole number", () => {
  for (const columns of [0, 1.5, NaN]) {
    assert.throws(() => plotCamPanel(cams(2), { columns }), /found columns/);
  }
});
