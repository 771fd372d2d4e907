import assert from "node:assert/strict";
import { inVersionRange } from "../../../src/hardware/compatibility/version_range.ts";

for (
  const [version, range, inside] of [
    ["1.2.3", "*", true],
    ["1.2.3", "1.2.3", true],
    ["1.2.3", "=1.2.3", true],
    ["v1.2.3", "1.2.3", true],
    ["1.2", "1.2.0", true],
    ["1.2.4", "1.2.3", false],
    ["0.10.0", ">=0.9.0", true],
    ["0.9.10", ">=0.9.9 <0.10.0", true],
    ["0.10.0", ">=0.9.9 <0.10.0", false],
    ["22.11.0", "<20.19.0 || >=21.0.0 <22.12.0", true],
    ["20.19.0", "<20.19.0 || >=21.0.0 <22.12.0", false],
    ["22.12.0", "<20.19.0 || >=21.0.0 <22.12.0", false],
    ["2.0.0-rc.1", ">=2.0.0", false],
    ["2.0.0rc1", "<2.0.0", true],
    ["1.13.0a0+git", "<1.13.0", true],
    ["2.7.1+cu126", "2.7.1", true],
    ["4", "<=4.0.0", true],
    ["535.104.05", ">450", true],
  ] as const
) {
  Deno.test(`inVersionRange() says that ${version} is ${inside ? "" : "not "}in ${range}`, () => {
    assert.equal(inVersionRange(version, range), inside);
  });
}

Deno.test("inVersionRange() names what it cannot read", () => {
  assert.throws(() => inVersionRange("1.2.3", "^1.2"), /"\^1\.2" in the range "\^1\.2" is none of/);
  assert.throws(() => inVersionRange("1.2.3", ">= 1.2"), RangeError);
  assert.throws(() => inVersionRange("latest", "*"), /"latest" is no version/);
});
