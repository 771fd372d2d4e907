import assert from "node:assert/strict";
import { satisfiesRange } from "../../src/doctor/dependencies/semver_range.ts";

Deno.test("satisfiesRange() reads ranges as npm does", () => {
  const cases: readonly (readonly [range: string, inside: string[], outside: string[]])[] = [
    ["*", ["0.0.1", "9.9.9"], ["1.0.0-beta.1"]],
    ["", ["1.2.3"], []],
    ["1.2.3", ["1.2.3"], ["1.2.4", "1.2.3-rc.1"]],
    ["^1.2.3", ["1.2.3", "1.9.0"], ["1.2.2", "2.0.0", "2.0.0-rc.1"]],
    ["^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0", "0.2.2"]],
    ["^0.0.3", ["0.0.3"], ["0.0.4"]],
    ["^1.x", ["1.0.0", "1.9.9"], ["2.0.0"]],
    ["^0", ["0.9.9"], ["1.0.0"]],
    ["~1.2.3", ["1.2.9"], ["1.3.0"]],
    ["~1", ["1.9.0"], ["2.0.0"]],
    ["1.x", ["1.0.0", "1.7.2"], ["2.0.0"]],
    ["1.2", ["1.2.9"], ["1.3.0"]],
    [">=1.2 <3", ["1.2.0", "2.9.9"], ["1.1.9", "3.0.0"]],
    [">= 1.2.0", ["1.2.0"], ["1.1.0"]],
    [">1.2", ["1.3.0"], ["1.2.5"]],
    ["<=1.2", ["1.2.9"], ["1.3.0"]],
    ["1.0.0 - 2.1", ["1.0.0", "2.1.9"], ["0.9.9", "2.2.0"]],
    ["^1 || ^3.1", ["1.5.0", "3.1.0"], ["2.0.0", "3.0.9"]],
    ["^1.2.3-beta.2", ["1.2.3-beta.3", "1.2.3", "1.9.0"], ["1.2.3-beta.1", "1.2.4-beta.9"]],
    ["v1.2.3", ["1.2.3", "v1.2.3"], ["1.2.2"]],
  ];
  for (const [range, inside, outside] of cases) {
    for (const version of inside) {
      assert.equal(satisfiesRange(version, range), true, `${version} in ${range}`);
    }
    for (const version of outside) {
      assert.equal(satisfiesRange(version, range), false, `${version} not in ${range}`);
    }
  }
});

Deno.test("satisfiesRange() orders versions before a release", () => {
  const order = [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
  ];
  for (let i = 1; i < order.length; i++) {
    assert.equal(satisfiesRange(order[i], `>${order[i - 1]}`), true, order[i]);
    assert.equal(satisfiesRange(order[i - 1], `>${order[i]}`), false, order[i]);
  }
});

Deno.test("satisfiesRange() does not guess what is no range", () => {
  for (const range of ["latest", "github:a/b", "file:../x", "workspace:*", "1.2.3.4"]) {
    assert.equal(satisfiesRange("1.2.3", range), undefined, range);
  }
  assert.equal(satisfiesRange("none", "^1"), undefined);
});
