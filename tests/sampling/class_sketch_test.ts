import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { type Candidate, ClassSketch } from "../../src/sampling/class_sketch.ts";

const candidate = (id: string, priority: number, index = 0): Candidate => ({
  index,
  id,
  class: 0,
  predicted: null,
  priority,
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
