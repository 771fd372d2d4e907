import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";
import { streamingClassDiverse } from "../../src/sampling/streaming_class_diverse.ts";

const random = new SeededRandom(11);
const yTrue = Array.from({ length: 500 }, () => random.integer(5) - (random.next() < 0.05 ? 9 : 0));
const yPred = yTrue.map(() => random.integer(5));
const ids = yTrue.map((_, i) => `id_${i % 450}`); // 50 of them stand twice, often under two classes
const limits = [{ perClass: 3 }, { total: 17 }, { perClass: 2, total: 9 }, { total: 400 }];

for (const limit of limits) {
  const options = { ...limit, seed: 4, classes: 5 };
  const name = JSON.stringify(limit);

  Deno.test(`streamingClassDiverse() picks the same for every batch size, ${name}`, () => {
    const whole = pickClassDiverse({ yTrue, yPred, ids, ...options });
    for (const size of [1, 7, 64]) {
      const stream = streamingClassDiverse(options);
      for (let at = 0; at < yTrue.length; at += size) {
        const part = <T>(column: T[]) => column.slice(at, at + size);
        stream.push({ yTrue: part(yTrue), yPred: part(yPred), ids: part(ids) });
      }
      assert.deepEqual(stream.picks(), whole, `batches of ${size}`);
    }
  });

  Deno.test(`streamingClassDiverse() merge() equals one long stream, ${name}`, () => {
    const whole = pickClassDiverse({ yTrue, yPred, ids, ...options });
    const part = (from: number, to: number) =>
      streamingClassDiverse({ ...options, offset: from }).push({
        yTrue: yTrue.slice(from, to),
        yPred: yPred.slice(from, to),
        ids: ids.slice(from, to),
      });
    assert.deepEqual(part(0, 123).merge(part(123, 500)).picks(), whole);
    assert.deepEqual(part(123, 500).merge(part(0, 123)).picks(), whole);
  });
}

Deno.test("streamingClassDiverse() finds a class that appears in the last batch only", () => {
  const stream = streamingClassDiverse({ classes: 2, perClass: 1, seed: 1 });
  for (let i = 0; i < 50; i++) stream.push({ yTrue: new Uint8Array(64) });
  stream.push({ yTrue: [1] });
  assert.deepEqual(stream.picks().picks.map((pick) => pick.class), [0, 1]);
  assert.equal(stream.picks().picks[1].index, 3200);
});

Deno.test("streamingClassDiverse() merge() refuses streams that do not belong together", () => {
  const open = (options: object) =>
    streamingClassDiverse({ classes: 2, seed: 1, ...options }).push({ yTrue: [0, 1] });
  assert.throws(() => open({}).merge(open({ seed: 2 })), /same classes, limits and seed/);
  assert.throws(() => open({}).merge(open({ total: 2 })), /same classes, limits and seed/);
  assert.throws(() => open({}).merge(open({ offset: 1 })), /Pass ids, or a different offset/);
  assert.equal(open({}).merge(open({ offset: 2 })).picks().picks.length, 4);
});

Deno.test("streamingClassDiverse() push() refuses a batch as a whole", () => {
  const stream = streamingClassDiverse({ classes: 2, seed: 1 });
  assert.throws(() => stream.push({ yTrue: [0, 2] }), /label 2 at row 1/);
  assert.throws(() => stream.push({ yTrue: [0], id: [1] } as never), /unknown option "id"/);
  assert.deepEqual(stream.picks().indices, []);
});
