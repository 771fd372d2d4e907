import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { sincosAt } from "../../src/quantum/sincos.ts";

Deno.test("sincosAt() agrees with Math to the last digits in every quadrant and far out", () => {
  const random = new SeededRandom("sincos");
  const cosine = new Float64Array(1), sine = new Float64Array(1);
  const edges = [0, Math.PI / 4, Math.PI / 2, Math.PI, -Math.PI, 1e6, -1e6, 1e7, 1e-300];
  for (const size of [1, 10, 1e3, 1e6, 1e9]) {
    for (let k = 0; k < 2000; k++) edges.push(random.uniform(-size, size));
  }
  for (const angle of edges) {
    sincosAt(angle, cosine, sine, 0);
    assert.ok(Math.abs(cosine[0] - Math.cos(angle)) < 3e-16, `cos ${angle}`);
    assert.ok(Math.abs(sine[0] - Math.sin(angle)) < 3e-16, `sin ${angle}`);
  }
});
