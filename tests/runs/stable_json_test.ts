import assert from "node:assert/strict";
import { stableJson } from "../../src/runs/stable_json.ts";

const text = (value: unknown) => stableJson(value, { indent: 0 }).text;

Deno.test("stableJson() gives equal values equal bytes, whatever the order of their keys", () => {
  assert.equal(text({ b: [{ d: 1, c: 2 }], a: 0 }), '{"a":0,"b":[{"c":2,"d":1}]}\n');
  assert.equal(text({ a: 0, b: [{ c: 2, d: 1 }] }), text({ b: [{ d: 1, c: 2 }], a: 0 }));
});

Deno.test("stableJson() puts the asked-for keys first", () => {
  const { text } = stableJson({ a: 1, z: 2, m: 3 }, { first: ["z", "none"], indent: 0 });
  assert.equal(text, '{"z":2,"a":1,"m":3}\n');
});

Deno.test("stableJson() writes typed arrays, dates, maps; leaves undefined out of objects", () => {
  const value = {
    a: Float32Array.of(1, 0.5),
    d: new Date(0),
    m: new Map([[1, "x"]]),
    u: undefined,
  };
  assert.equal(text(value), '{"a":[1,0.5],"d":"1970-01-01T00:00:00.000Z","m":{"1":"x"}}\n');
  assert.equal(text([undefined]), "[null]\n");
});

Deno.test("stableJson() notes each number that JSON cannot hold", () => {
  const { text, nonFinite } = stableJson({ a: { b: [NaN, Infinity] } }, { indent: 0 });
  assert.deepEqual(nonFinite, { "/a/b/0": "NaN", "/a/b/1": "Infinity" });
  assert.deepEqual(JSON.parse(text), { a: { b: [null, null] }, nonFinite });
  assert.deepEqual(stableJson({ a: 1 }).nonFinite, {});
});

Deno.test("stableJson() names the place of what it cannot write", () => {
  assert.throws(() => text({ a: [() => 0] }), /"\/a\/0" is a function/);
  assert.throws(() => text({ a: 1n }), /"\/a" is a bigint/);
  const shared = { x: 1 };
  assert.equal(text([shared, shared]), '[{"x":1},{"x":1}]\n', "twice is no circle");
});
