import assert from "node:assert/strict";
import { plotQueue } from "../../src/plots/plot_queue.ts";

const call = (caller: string, asked: number, entered: number, left: number) => ({
  ...{ caller, asked, entered, left },
});

Deno.test("plotQueue() counts how many are inside at once; who leaves makes room at once", () => {
  const inTurn = [call("a", 0, 0, 2), call("b", 0, 2, 3), call("c", 1, 3, 4)];
  assert.match(plotQueue(inTurn).text, /at most 1 inside at once · none failed/);
  const crowd = [call("a", 0, 0, 2), call("b", 0, 1, 3), {
    ...call("c", 1, 1.5, 1.6),
    failed: true,
  }];
  const { text } = plotQueue(crowd);
  assert.match(text, /at most 3 inside at once · 1 failed/);
  assert.match(text, /^c +0\.50 +0\.10 +failed$/m);
});

Deno.test("plotQueue() says that nobody called, and draws calls that took no time", () => {
  assert.match(plotQueue([]).svg, /nobody called/);
  assert.ok(!/NaN|Infinity/.test(plotQueue([call("a", 1, 1, 1)]).svg));
});

Deno.test("plotQueue() refuses times in the wrong order", () => {
  assert.throws(() => plotQueue([call("a", 1, 0, 2)]), /a asked at 1, entered at 0/);
  assert.throws(() => plotQueue([call("a", 0, 2, 1)]), RangeError);
  assert.throws(() => plotQueue([call("a", 0, NaN, 1)]), RangeError);
});
