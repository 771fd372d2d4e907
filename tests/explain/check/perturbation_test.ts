import assert from "node:assert/strict";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import {
  confidenceChange,
  deletionCurve,
  type FloatImage,
  insertionCurve,
  road,
} from "../../../src/explain/check/mod.ts";

const SIDE = 12;

/** A noisy image whose upper left quadrant is bright. */
function quadrant(seed = 3): FloatImage {
  const random = new SeededRandom(seed);
  const data = Float32Array.from({ length: SIDE * SIDE * 2 }, (_, i) => {
    const pixel = i >> 1;
    return inQuadrant(pixel) ? random.uniform(0.7, 1) : random.uniform(0, 0.3);
  });
  return { data, height: SIDE, width: SIDE, channels: 2 };
}

function inQuadrant(pixel: number): boolean {
  return pixel % SIDE < SIDE / 2 && pixel < SIDE * SIDE / 2;
}

/** A model that answers with the mean of the quadrant. */
const score = (images: readonly Float32Array[]) =>
  images.map((image) => {
    const inside = [...image].filter((_, i) => inQuadrant(i >> 1));
    return inside.reduce((a, b) => a + b, 0) / inside.length;
  });

const perfect = Float32Array.from({ length: SIDE * SIDE }, (_, i) => inQuadrant(i) ? 1 : 0);

function blind(seed: number): Float32Array {
  const random = new SeededRandom(seed);
  return Float32Array.from(perfect, () => random.next());
}

Deno.test("deletionCurve() and insertionCurve() have the areas counted by hand", async () => {
  const image = { data: Float32Array.of(4, 2, 1, 1), height: 2, width: 2, channels: 1 };
  const sum = (images: readonly Float32Array[]) => images.map((x) => x.reduce((a, b) => a + b, 0));
  const map = Float32Array.of(4, 3, 2, 1);
  const zero = await deletionCurve(image, map, { score: sum, steps: 4, baseline: "zero" });
  assert.deepEqual(zero, { scores: [8, 4, 2, 1, 0], auc: (4 + 4 + 2 + 1) / 4 });
  const mean = await deletionCurve(image, map, { score: sum, steps: 2 });
  assert.deepEqual(mean.scores, [8, 6, 8]);
  const insertion = await insertionCurve(image, map, { score: sum, steps: 4 });
  assert.equal(insertion.scores.at(-1), 8);
  assert.ok(insertion.scores[1] > insertion.scores[0]);
});

Deno.test("the map of the quadrant that the model reads beats random maps by every measure", async () => {
  const image = quadrant();
  const measure = async (map: Float32Array) => ({
    deletion: -(await deletionCurve(image, map, { score })).auc,
    insertion: (await insertionCurve(image, map, { score })).auc,
    road: (await road(image, map, { score, seed: 1 })).combined,
    drop: -(await confidenceChange(image, map, { score })).drop,
  });
  const best = await measure(perfect);
  for (let seed = 0; seed < 10; seed++) {
    const random = await measure(blind(seed));
    for (const name of ["deletion", "insertion", "road", "drop"] as const) {
      assert.ok(best[name] > random[name], `${name}: ${best[name]} not above ${random[name]}`);
    }
    assert.ok(Math.abs(random.road) < 0.05, `ROAD of a random map is ${random.road}`);
  }
  assert.ok(best.road > 0.15, `ROAD of the right map is ${best.road}`);
});

Deno.test("road() of the opposite map is the opposite", async () => {
  const image = quadrant(), options = { score, noise: 0 };
  const map = blind(1);
  const forth = await road(image, map, options);
  const back = await road(image, map.map((value) => -value), options);
  assert.ok(Math.abs(forth.combined + back.combined) < 1e-6);
  assert.deepEqual(forth.morf, back.lerf);
});

Deno.test("ties are broken as asked", async () => {
  const image = { data: Float32Array.of(1, 0, 0, 0), height: 2, width: 2, channels: 1 };
  const first = (images: readonly Float32Array[]) => images.map((x) => x[0]);
  const flat = new Float32Array(4), options = { score: first, steps: 4, baseline: "zero" } as const;
  const byPosition = await deletionCurve(image, flat, options);
  const last = await deletionCurve(image, flat, { ...options, ties: [0, 1, 2, 3] });
  assert.deepEqual(byPosition.scores, [1, 0, 0, 0, 0]);
  assert.deepEqual(last.scores, [1, 1, 1, 1, 0]);
});

Deno.test("confidenceChange() counts what is lost, and a rise as no drop", async () => {
  const image = { data: Float32Array.of(0.8, 0.4), height: 1, width: 2, channels: 1 };
  const first = (images: readonly Float32Array[]) => images.map((x) => x[0]);
  const rest = (images: readonly Float32Array[]) => images.map((x) => 1 - x[1]);
  const lost = await confidenceChange(image, Float32Array.of(0.25, 1), { score: first });
  assert.deepEqual([lost.drop, lost.increased], [0.75, false]);
  const risen = await confidenceChange(image, Float32Array.of(1, 0), { score: rest });
  assert.deepEqual([risen.drop, risen.increased], [0, true]);
  const never = await confidenceChange(image, Float32Array.of(1, 0), { score: () => [0, 0] });
  assert.equal(never.drop, 0);
});

Deno.test("the measures leave image and map alone and repeat with the seed", async () => {
  const image = quadrant(), map = blind(2);
  const before = [image.data.slice(), map.slice()];
  const noisy = (seed: number) => road(image, map, { score, seed, noise: 0.1 });
  assert.deepEqual(await noisy(1), await noisy(1));
  assert.notDeepEqual(await noisy(1), await noisy(2));
  await deletionCurve(image, map, { score });
  await insertionCurve(image, map, { score });
  await confidenceChange(image, map, { score });
  assert.deepEqual([image.data, map], before);
});

Deno.test("the measures name what is wrong", async () => {
  const image = quadrant();
  const nothing = { score: () => [NaN] };
  const wrong: [() => Promise<unknown>, RegExp][] = [
    [() => deletionCurve(image, perfect.slice(1), { score }), /a map of 143 numbers.*resizeMap/],
    [() => deletionCurve(image, perfect, { score, steps: 0 }), /found steps 0/],
    [() => deletionCurve(image, perfect, { score, base: 1 } as never), /unknown option "base"/],
    [
      () => deletionCurve(image, perfect, { score, baseline: "grey" as never }),
      /wanted "mean" or "zero"/,
    ],
    [() => insertionCurve(image, perfect, { score: () => [1] }), /1 numbers for 21 images/],
    [() => road(image, perfect.map(() => NaN), { score }), /found NaN in the map at 0/],
    [() => road(image, perfect, { score, percentiles: [0] }), /found percentiles \[0\]/],
    [() => road({ ...image, channels: 3 }, perfect, { score }), /an image of 12 x 12 x 3/],
    [() => confidenceChange(image, perfect, nothing), /returned 1 numbers.*one of them NaN/],
  ];
  for (const [call, message] of wrong) await assert.rejects(call, { message });
});
