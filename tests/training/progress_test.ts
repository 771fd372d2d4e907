import assert from "node:assert/strict";
import { cosineLearningRate } from "../../src/training/learning_rate.ts";
import {
  clockTime,
  progressBar,
  progressHtml,
  progressLine,
  TimeLeft,
} from "../../src/training/progress.ts";
import { showProgress } from "../../src/training/show_progress.ts";

Deno.test("progressLine() says stage, epoch, loss, pace and time left", () => {
  const line = progressLine({
    stage: "classical",
    stageNumber: 1,
    stages: 3,
    epoch: 2,
    epochs: 8,
    step: 5,
    steps: 12,
    loss: 1.2344,
    samplesPerSecond: 309.6,
    secondsLeft: 42.2,
  });
  assert.equal(
    line,
    "stage classical 1/3 · epoch 2/8 · batch 5/12 · loss 1.234 · 0:42 left · 310 img/s",
  );
});

Deno.test("clockTime() writes minutes and hours", () => {
  assert.deepEqual([0, 59.6, 725, 3723, -4].map(clockTime), [
    "0:00",
    "1:00",
    "12:05",
    "1:02:03",
    "0:00",
  ]);
});

Deno.test("TimeLeft times each stage by its own batches", () => {
  const left = new TimeLeft([4, 2]);
  assert.equal(left.seconds, 0);
  left.add(0, 3);
  assert.equal(left.seconds, 3 * 3 + 2 * 3);
  left.add(0, 3);
  left.add(0, 3);
  left.add(0, 3);
  left.add(1, 1);
  assert.equal(left.seconds, 1);
  assert.equal(left.stepsPerSecond(1), 1);
});

Deno.test("cosineLearningRate() warms up, peaks and ends at 0", () => {
  const rate = (step: number) => cosineLearningRate(step, { peak: 2, total: 10, warmup: 4 });
  assert.deepEqual([0, 1, 3, 4].map(rate), [0.5, 1, 2, 2]);
  assert.ok(Math.abs(rate(7) - 1) < 1e-12);
  assert.equal(rate(10), 0);
  assert.equal(cosineLearningRate(0, { peak: 2, total: 1, warmup: 0 }), 2);
});

Deno.test("progressLine() of a long training still shows the time left in 80 columns", () => {
  const line = progressLine({
    stage: "classical",
    stageNumber: 1,
    stages: 3,
    epoch: 100,
    epochs: 100,
    step: 10,
    steps: 34,
    loss: 11.2344,
    samplesPerSecond: 1309.6,
    secondsLeft: 4242,
  });
  assert.ok(line.indexOf("left") + 4 <= 79, line);
});

const WHERE = {
  stage: "quantum",
  stageNumber: 2,
  stages: 3,
  epoch: 3,
  epochs: 4,
  step: 2,
  steps: 4,
  loss: 1.2344,
  samplesPerSecond: 309.6,
  secondsLeft: 42.2,
};

Deno.test("progressBar() fills with the stage, and fits the terminal", () => {
  const line = progressBar(WHERE, { columns: 80 });
  assert.match(line, /^quantum 2\/3 ━+─+ 62% · epoch 3\/4 · loss 1\.234 · 0:42 left · 310 img\/s$/);
  const [bar] = /[━─]+/.exec(line)!;
  assert.equal(bar.replaceAll("─", "").length, Math.round(bar.length * 0.625));
  for (const columns of [80, 90, 100, 300]) {
    const { length } = progressBar(WHERE, { columns });
    assert.ok(length < columns && length < 100, `${columns} ${length}`);
  }
  assert.doesNotMatch(progressBar(WHERE, { columns: 60 }), /[━─]/);
  assert.doesNotMatch(progressBar({ ...WHERE, epoch: 4, step: 4 }), /─/);
  assert.throws(() => progressBar(WHERE, { colums: 3 } as never), /Did you mean "columns"/);
});

Deno.test("showProgress() draws a bar on a terminal and plain lines in a log", async () => {
  for (const isTTY of [true, false]) {
    let text = "";
    const shown = showProgress({ output: { write: (part) => text += part, isTTY, columns: 80 } });
    shown.update(WHERE);
    await shown.close();
    assert.equal(text.startsWith("\r") && text.includes("━"), isTTY, text);
    assert.equal(text === `${progressLine(WHERE)}\n`, !isTTY, text);
  }
  assert.throws(() => showProgress({ outptu: 1 } as never), /Did you mean "output"/);
});

Deno.test("progressHtml() has the bar of the browser, and the name of a stage is no markup", () => {
  const html = progressHtml({ ...WHERE, stage: "<b>" });
  assert.match(html, /<progress max="1" value="0\.625">.*stage &lt;b&gt; 2\/3 · epoch 3\/4/);
});

Deno.test("TimeLeft counts what epochs take besides their batches, the pace does not", () => {
  const left = new TimeLeft([4, 2]);
  left.add(0, 3);
  left.add(0, 3);
  left.addBesides(0, 2);
  assert.equal(left.seconds, 2 * 4 + 2 * 4);
  assert.equal(left.stepsPerSecond(0), 1 / 3);
  left.addBesides(0, -1);
  assert.equal(left.seconds, 16);
});
