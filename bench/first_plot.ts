// The first plot of somebody who brings labels and maps of their own: picks, panel, SVG and PNG, in
// a process of its own. Nothing here needs TensorFlow.js, so nothing here may load it.
import { plotCamPanel } from "@qsight/qsight/plots";
import { pickClassDiverse } from "@qsight/qsight/sampling";

const CLASSES = ["no DR", "mild", "moderate", "severe", "proliferative"];
const ROWS = 500, SIDE = 64;

const yTrue = Array.from({ length: ROWS }, (_, row) => row % CLASSES.length);
const yPred = yTrue.map((label, row) => row % 7 === 0 ? (label + 1) % CLASSES.length : label);
const ids = yTrue.map((_, row) => `${row}.png`);
const picks = pickClassDiverse({ yTrue, yPred, ids, classes: CLASSES, perClass: 2, seed: 1 });
const pixels = Array.from({ length: SIDE * SIDE }, (_, i) => [i % SIDE, Math.floor(i / SIDE)]);
const cams = picks.picks.map(({ index }) => ({
  map: Float32Array.from(pixels, ([x, y]) => Math.exp(-((x - index % SIDE) ** 2 + y ** 2) / 500)),
  width: SIDE,
  height: SIDE,
  status: "ok" as const,
  diagnosis: "",
  image: {
    width: SIDE,
    height: SIDE,
    data: Uint8Array.from(pixels.flatMap(([x, y]) => [3 * x, 2 * y, (x * y + index) % 64])),
  },
}));
const figure = plotCamPanel(cams, { picks, classes: CLASSES });
const png = await figure.png();
console.log(JSON.stringify({ maps: cams.length, svg: figure.svg.length, png: png.length }));
