import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { type Candidate, ClassSketch } from "../../src/sampling/class_sketch.ts";

const candidate = (id: string, priority: number, index = 0): Candidate => ({
  index,
  id,
  class: 0,
  predicted: null,
  priority,
  key: 0,
  score: null,
});
const ids = (sketch: ClassSketch) => sketch.candidates.map(({ id }) => id);

Deno.test("ClassSketch keeps the lowest priorities and no more than its capacity", () => {
  const sketch = new ClassSketch(3);
  const priorities = new SeededRandom(1).shuffle(Array.from({ length: 100 }, (_, i) => i));
  for (const priority of priorities) {
    sketch.offer(candidate(`id ${priority}`, priority));
    assert.ok(sketch.candidates.length <= 3);
  }
  assert.deepEqual(ids(sketch), ["id 0", "id 1", "id 2"]);
});

Deno.test("ClassSketch breaks ties by id, never by order", () => {
  for (const order of [["c", "a", "b"], ["b", "c", "a"], ["a", "b", "c"]]) {
    const sketch = new ClassSketch(2);
    for (const id of order) sketch.offer(candidate(id, 7));
    assert.deepEqual(ids(sketch), ["a", "b"]);
  }
});

Deno.test("ClassSketch keeps an id once, with the lowest index", () => {
  const sketch = new ClassSketch(3);
  for (const index of [5, 2, 9]) sketch.offer(candidate("a", 1, index));
  assert.deepEqual(sketch.candidates.map(({ index }) => index), [2]);
});

Deno.test("ClassSketch sorts by key before priority, and what has no key comes last", () => {
  const sketch = new ClassSketch(3);
  const keys: [string, number | null][] = [["none", null], ["high", Infinity], ["low", -Infinity], [
    "middle",
    0.5,
  ]];
  keys.forEach(([id, key], i) => sketch.offer({ ...candidate(id, 9 - i), key }));
  assert.deepEqual(ids(sketch), ["low", "middle", "high"]);
});

Deno.test("ClassSketch does not let rows of one id crowd out the others, in any order", () => {
  const rows = [0.1, 0.2, 0.3, 0.4].map((key) => ({ ...candidate("a", 1), key, score: key }));
  rows.push({ ...candidate("b", 2), key: 0.8, score: 0.8 });
  for (let seed = 0; seed < 20; seed++) {
    const sketch = new ClassSketch(2);
    for (const row of new SeededRandom(seed).shuffle([...rows])) sketch.offer(row);
    assert.deepEqual(sketch.candidates.map(({ id, key }) => [id, key]), [["a", 0.1], ["b", 0.8]]);
  }
});
