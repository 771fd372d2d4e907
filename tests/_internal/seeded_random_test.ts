import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";

const draw = (random: SeededRandom, count: number) =>
  Array.from({ length: count }, () => random.uint32());

Deno.test("SeededRandom gives the sequence of the authors' C code for xoshiro128**", () => {
  // Printed by https://prng.di.unimi.it/xoshiro128starstar.c from the state 1, 2, 3, 4.
  // deno-fmt-ignore
  const expected = [
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
    4258142804,
  ];
  assert.deepEqual(draw(SeededRandom.fromState([1, 2, 3, 4]), 10), expected);
});

Deno.test("SeededRandom starts seed 1 where it always has", () => {
  // Computed apart from this code; a change would give every stored seed another meaning.
  // deno-fmt-ignore
  const expected = [715551322, 3991432777, 4152174672, 3077584683, 1586297812, 1667740009];
  assert.deepEqual(draw(new SeededRandom(1), 6), expected);
});

Deno.test("SeededRandom gives other seeds other sequences, text and number apart", () => {
  const firsts = [0, 1, 2, -1, 1.5, "1", "a", "b"].map((seed) => new SeededRandom(seed).uint32());
  assert.equal(new Set(firsts).size, firsts.length);
});

Deno.test("SeededRandom has more than 32 bits of seed: 200,000 keys give as many sequences", () => {
  const seen = new Set<string>();
  for (let i = 0; i < 200_000; i++) {
    const random = new SeededRandom(`augment/7/${i}`);
    seen.add(`${random.uint32()}/${random.uint32()}`);
  }
  assert.equal(seen.size, 200_000);
});

Deno.test("SeededRandom continues from a saved state, through JSON", () => {
  const random = new SeededRandom("state");
  draw(random, 17);
  const copy = SeededRandom.fromState(JSON.parse(JSON.stringify(random.state)));
  assert.deepEqual(draw(copy, 50), draw(random, 50));
});

Deno.test("SeededRandom fork() moves nothing and depends on label and position", () => {
  const random = new SeededRandom(3);
  const before = random.state;
  const a = draw(random.fork("a"), 20);
  assert.deepEqual(random.state, before);
  assert.deepEqual(draw(random.fork("a"), 20), a);
  assert.notDeepEqual(draw(random.fork("b"), 20), a);
  random.uint32();
  assert.notDeepEqual(draw(random.fork("a"), 20), a);
});

Deno.test("SeededRandom fork() is not correlated with its parent", () => {
  const random = new SeededRandom(4);
  const child = random.fork("child");
  const count = 20000;
  let product = 0;
  for (let i = 0; i < count; i++) product += (random.next() - 0.5) * (child.next() - 0.5);
  // Standard error of the correlation is 1/sqrt(count); five of them.
  assert.ok(Math.abs(product / count * 12) < 5 / Math.sqrt(count));
});

Deno.test("SeededRandom next() is uniform on [0, 1)", () => {
  const random = new SeededRandom(5);
  const bins = new Array(16).fill(0);
  const count = 64000;
  for (let i = 0; i < count; i++) {
    const value = random.next();
    assert.ok(value >= 0 && value < 1);
    bins[Math.floor(value * 16)]++;
  }
  const chiSquare = bins.reduce((sum, n) => sum + (n - count / 16) ** 2 / (count / 16), 0);
  // 15 degrees of freedom: 99.99 % of fair generators lie below 44.3, and above 1.6.
  assert.ok(chiSquare < 44.3 && chiSquare > 1.6, `chi-square ${chiSquare}`);
});

Deno.test("SeededRandom normal() has mean 0, variance 1 and normal tails", () => {
  const random = new SeededRandom(6);
  const count = 50000;
  const values = Array.from({ length: count }, () => random.normal());
  const mean = values.reduce((a, b) => a + b) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const outside = values.filter((value) => Math.abs(value) > 1.96).length / count;
  assert.ok(Math.abs(mean) < 0.02, `mean ${mean}`);
  assert.ok(Math.abs(variance - 1) < 0.03, `variance ${variance}`);
  assert.ok(Math.abs(outside - 0.05) < 0.005, `outside 1.96: ${outside}`);
});

Deno.test("SeededRandom integer() and uniform() keep to their bounds and reach them", () => {
  const random = new SeededRandom(7);
  const seen = new Set(Array.from({ length: 500 }, () => random.integer(7)));
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4, 5, 6]);
  for (let i = 0; i < 500; i++) {
    const value = random.uniform(-2, 3);
    assert.ok(value >= -2 && value < 3);
  }
});

Deno.test("SeededRandom shuffle() permutes a copy, every item to every place", () => {
  const random = new SeededRandom(8);
  const items = Object.freeze(["a", "b", "c", "d"]);
  const counts = new Map<string, number>();
  for (let i = 0; i < 4000; i++) {
    const shuffled = random.shuffle(items);
    assert.deepEqual([...shuffled].sort(), items);
    shuffled.forEach((item, place) => {
      counts.set(item + place, (counts.get(item + place) ?? 0) + 1);
    });
  }
  assert.equal(counts.size, 16);
  // 1000 expected, standard deviation 27.
  for (const [key, count] of counts) assert.ok(Math.abs(count - 1000) < 140, `${key}: ${count}`);
});
