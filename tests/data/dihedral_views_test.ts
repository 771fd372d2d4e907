import assert from "node:assert/strict";
import { dihedralView, VIEWS } from "../../src/data/dihedral_views.ts";

const side = 3, count = 2;
const x = Float32Array.from({ length: count * side * side * 3 }, (_, i) => i);

Deno.test("the eight views are different and hold the same pixels, channels together", () => {
  const views = Array.from({ length: VIEWS }, (_, view) => dihedralView(x, { count, side, view }));
  assert.equal(new Set(views.map((view) => view.join())).size, VIEWS);
  for (const view of views) {
    assert.deepEqual(view.toSorted(), x);
    for (let i = 0; i < view.length; i += 3) assert.deepEqual(view[i + 1] - view[i], 1);
    // No pixel goes into another image.
    assert.ok(view.subarray(0, 27).every((value) => value < 27));
  }
  assert.equal(views[0], x);
});

Deno.test("a turn four times, and a mirror image twice, are the image", () => {
  let turned: Float32Array = x;
  for (let i = 0; i < 4; i++) turned = dihedralView(turned, { count, side, view: 1 });
  assert.deepEqual(turned, x);
  const mirrored = dihedralView(x, { count, side, view: 4 });
  assert.deepEqual([mirrored[0], mirrored[6]], [6, 0]);
  assert.deepEqual(dihedralView(mirrored, { count, side, view: 4 }), x);
});
