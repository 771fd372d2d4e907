import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";
import type { StreamStrategy } from "../../src/sampling/measures.ts";
import {
  streamingClassDiverse,
  type StreamingOptions,
} from "../../src/sampling/streaming_class_diverse.ts";

const random = new SeededRandom(11);
const yTrue = Array.from({ length: 500 }, () => random.integer(5) - (random.next() < 0.05 ? 9 : 0));
const yPred = yTrue.map(() => random.integer(5));
const ids = yTrue.map((_, i) => `id_${i % 450}`); // 50 of them stand twice, often under two classes
const scores = yTrue.map((_, i) => i % 40 === 0 ? NaN : random.integer(30)); // many are equal
const probabilities = yTrue.map((_, i) =>
  [0, 1, 2, 3, 4].map((c) => i % 50 === 0 ? NaN : (c === i % 5 ? 0.6 : 0.1) + (i % 7) / 100)
);
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

type Columns = { yTrue: number[]; yPred: number[]; ids: string[] };
const rankings: [StreamStrategy | StreamStrategy[], object][] = [
  ["hardest", { scores }],
  ["hardest", { probabilities }],
  ["boundary", { probabilities }],
  ["typical", { scores }],
  ["typical", { probabilities }],
  [["typical", "hardest", "boundary", "random"], { probabilities }],
];
for (const [strategy, numbers] of rankings) {
  for (const quota of ["class", "cell", "distance"] as const) {
    const options = { strategy, quota, total: 23, seed: 4, classes: 5 };
    const columns = { yTrue, yPred, ids, ...numbers };
    const part = (from: number, to: number) =>
      Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [name, column.slice(from, to)]),
      ) as Columns;

    Deno.test(`streamingClassDiverse() ${strategy} of ${Object.keys(numbers)} by ${quota} equals arrays, batched or merged`, () => {
      const whole = pickClassDiverse({ ...columns, ...options });
      assert.ok(whole.unscored > 0 && whole.picks.length === 23);
      for (const size of [1, 7, 64]) {
        const stream = streamingClassDiverse(options);
        for (let at = 0; at < yTrue.length; at += size) stream.push(part(at, at + size));
        assert.deepEqual(stream.picks(), whole, `batches of ${size}`);
      }
      const shard = (from: number, to: number) =>
        streamingClassDiverse({ ...options, offset: from }).push(part(from, to));
      assert.deepEqual(shard(0, 123).merge(shard(123, 500)).picks(), whole);
      assert.deepEqual(shard(123, 500).merge(shard(0, 123)).picks(), whole);
    });
  }
}

Deno.test("streamingClassDiverse() typical is the same in any order of more rows than its sample", () => {
  const rows = Array.from({ length: 5000 }, (_, i) => ({ id: `${i}`, score: (i * 7919) % 5000 }));
  const pick = (order: typeof rows, size: number) => {
    const stream = streamingClassDiverse({ classes: 1, seed: 2, strategy: "typical" });
    for (let at = 0; at < order.length; at += size) {
      const part = order.slice(at, at + size);
      stream.push({
        yTrue: part.map(() => 0),
        ids: part.map(({ id }) => id),
        scores: part.map(({ score }) => score),
      });
    }
    return stream.picks().picks.map(({ id, score, why }) => ({ id, score, why }));
  };
  const first = pick(rows, 5000);
  assert.deepEqual(pick(rows.toReversed(), 64), first);
  assert.deepEqual(pick(new SeededRandom(1).shuffle([...rows]), 7), first);
});

Deno.test("streamingClassDiverse() says that diverse and embeddings need all rows", () => {
  const open = (strategy: unknown) =>
    streamingClassDiverse({ classes: 2, seed: 1, strategy } as StreamingOptions);
  const message = /a stream does not keep.*call pickClassDiverse\(\)/;
  assert.throws(() => open("diverse"), { name: "RangeError", message });
  assert.throws(() => open(["typical", "diverse"]), { name: "RangeError", message });
  const batch = { yTrue: [0], embeddings: [[1]] };
  assert.throws(() => open("random").push(batch), { name: "RangeError", message });
});

Deno.test("streamingClassDiverse() refuses batches that are ranked by different numbers", () => {
  const open = () => streamingClassDiverse({ classes: 2, seed: 1, strategy: "hardest" });
  const byScore = open().push({ yTrue: [0], ids: ["a"], scores: [1] });
  const byTruth = open().push({ yTrue: [0], ids: ["b"], probabilities: [[0.5, 0.5]] });
  const message = /ranked by p\(true\) and those before by score.*same columns in every batch/;
  assert.throws(() => byScore.push({ yTrue: [0], probabilities: [[0.5, 0.5]] }), message);
  assert.throws(() => byScore.merge(byTruth), message);
  assert.throws(() => open().push({ yTrue: [0] }), /found no scores or probabilities/);
  assert.equal(byScore.merge(open()).push({ yTrue: [] }).picks().picks.length, 1);
  assert.equal(open().merge(byScore).picks().picks[0].id, "a");
});

Deno.test("streamingClassDiverse() merge() refuses another strategy, quota or cap", () => {
  const open = (options: object) =>
    streamingClassDiverse({ classes: 2, seed: 1, ...options } as StreamingOptions);
  for (const other of [{ strategy: "hardest" }, { quota: "cell" }, { maxRows: 9 }]) {
    assert.throws(() => open({}).merge(open(other)), /same classes, limits and seed, strategy/);
  }
});

Deno.test("streamingClassDiverse() stops looking at maxRows and counts the rest", () => {
  const stream = streamingClassDiverse({ classes: 3, seed: 1, maxRows: 5 });
  for (let i = 0; i < 4 && stream.scanned < 5; i++) stream.push({ yTrue: [0, 1] });
  assert.equal(stream.scanned, 5);
  stream.push({ yTrue: [2, 2] });
  const { scanned, unscanned, missing } = stream.picks();
  assert.deepEqual([scanned, unscanned, missing], [5, 3, [2]]);
});
