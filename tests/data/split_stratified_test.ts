import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { splitStratified } from "../../src/data/mod.ts";
import { parseCsv } from "../../src/data/parse_csv.ts";

const LABELS = Array.from({ length: 100 }, (_, i) => i < 60 ? 0 : i < 90 ? 1 : 2);

Deno.test("splitStratified() keeps class shares and loses nothing", () => {
  const { train, val } = splitStratified(LABELS, { valFraction: 0.2, seed: 4 });
  assert.deepEqual([...train, ...val].sort((a, b) => a - b), LABELS.map((_, i) => i));
  assert.deepEqual([0, 1, 2].map((k) => val.filter((i) => LABELS[i] === k).length), [12, 6, 2]);
});

Deno.test("splitStratified() is a function of the seed", () => {
  const [a, b, c] = [1, 1, 2].map((seed) => splitStratified(LABELS, { seed }));
  assert.deepEqual(a, b);
  assert.notDeepEqual(a, c);
});

Deno.test("splitStratified() keeps one of each class in train, and one in val where it can", () => {
  const high = splitStratified([0, 0, 0, 1, 1, 2], { valFraction: 0.95 });
  assert.deepEqual(new Set(high.train.map((i) => [0, 0, 0, 1, 1, 2][i])), new Set([0, 1, 2]));
  const low = splitStratified([0, 0, 0, 1, 1, 2], { valFraction: 0.01 });
  assert.deepEqual(low.val.length, 2);
});

Deno.test("splitStratified() groups stay together", () => {
  const groups = LABELS.map((_, i) => `patient ${i % 10 + 10 * Math.floor(i / 30)}`);
  const { train, val } = splitStratified(LABELS, { groups, valFraction: 0.3, seed: 1 });
  const known = new Set(train.map((i) => groups[i]));
  assert.ok(val.length > 10);
  assert.deepEqual(val.filter((i) => known.has(groups[i])), []);
});

Deno.test("splitStratified() keeps every class in train and no group in both, for any groups", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = new SeededRandom(`groups/${seed}`);
    const count = 6 + random.integer(40), patients = 2 + random.integer(12);
    const labels = Array.from({ length: count }, () => random.integer(5));
    const groups = labels.map(() => `p${random.integer(patients)}`);
    const { train, val } = splitStratified(labels, { groups, valFraction: 0.3, seed });
    assert.deepEqual([...train, ...val].sort((a, b) => a - b), [...labels.keys()]);
    assert.deepEqual(new Set(train.map((i) => labels[i])), new Set(labels), `seed ${seed}`);
    const known = new Set(train.map((i) => groups[i]));
    assert.deepEqual(val.filter((i) => known.has(groups[i])), []);
  }
});

Deno.test("splitStratified() moves as many groups back as it needs for a class", () => {
  // Class 0 is only with patients that count as class 1 or 2: by their highest label it may vanish.
  const labels = [0, 1, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2], groups = [..."aabbcdefghij"];
  for (let seed = 0; seed < 50; seed++) {
    const { train, val } = splitStratified(labels, { groups, valFraction: 0.5, seed });
    for (const side of [train, val]) {
      assert.deepEqual(new Set(side.map((i) => labels[i])), new Set([0, 1, 2]), `seed ${seed}`);
    }
    const patients = new Set(val.map((i) => groups[i]));
    assert.equal(patients.size, 5);
  }
});

Deno.test("splitStratified() gives a class of one group to train", () => {
  const labels = [0, 1, 0, 1, 1, 1], groups = [..."aaabcd"];
  for (let seed = 0; seed < 20; seed++) {
    const { train, val } = splitStratified(labels, { groups, valFraction: 0.5, seed });
    assert.ok([0, 1, 2].every((i) => train.includes(i)));
    assert.ok(val.length > 0);
  }
});

Deno.test("splitStratified() refuses bad labels, fractions and groups", () => {
  assert.throws(() => splitStratified([0, -1]), /label -1 at position 1/);
  assert.throws(() => splitStratified([0, 0.5]), RangeError);
  assert.throws(() => splitStratified([0, NaN]), RangeError);
  assert.throws(() => splitStratified([0, 1], { valFraction: 0 }), RangeError);
  assert.throws(() => splitStratified([0, 1], { valFraction: NaN }), RangeError);
  assert.throws(() => splitStratified([0, 1], { groups: ["a"] }), /1 groups for 2 labels/);
  assert.throws(() => splitStratified([0, 1], { valfraction: 0.1 } as never), /"valFraction"/);
});

Deno.test("parseCsv() quotes, empty cells, line ends and a byte order mark", () => {
  const text = '\uFEFFa,b,c\r\n1,"x, ""y""",\n\n,,3';
  assert.deepEqual(parseCsv(text), [["a", "b", "c"], ["1", 'x, "y"', ""], ["", "", "3"]]);
});
