import assert from "node:assert/strict";
import {
  builtInSanitizeRules,
  type SanitizeRuleSet,
} from "../../../src/runner/compare/built_in_rules.ts";
import { sanitizeText } from "../../../src/runner/compare/sanitize_rules.ts";

const CASES: Readonly<Record<SanitizeRuleSet, readonly (readonly [string, string])[]>> = {
  times: [
    ["The time is: 15:28:30", "The time is: TIME"],
    ["at 9:05:01.123 or 23:59", "at TIME or TIME"],
    ["10:20 AM and 3:04:05 pm", "TIME and TIME"],
    ["15:28:30 GMT+0100, 15:28:30Z", "TIME, TIME"],
    ["1.23 ms ± 4.5 µs per loop", "DURATION ± DURATION per loop"],
    ["Wall time: 1min 20s, 3 seconds", "Wall time: DURATION DURATION, DURATION"],
    ["5e-3 s", "DURATION"],
    ["a 1:2 b 99:99 3 sheep x5s 1.2.3s", "a 1:2 b 99:99 3 sheep x5s 1.2.3s"],
    ["21/12/16 0x12", "21/12/16 0x12"],
  ],
  dates: [
    ["2016-12-21 and 2016/12/21", "DATE and DATE"],
    ["2016-12-21T15:28:30.5+01:00.", "DATE."],
    ["2016-12-21 15:28:30", "DATE"],
    ["Today's date is: 21/12/16", "Today's date is: DATE"],
    ["1-2-2016, 21.12.2016", "DATE, DATE"],
    ["Wed Dec 21 2016; 21 December 2016; Dec 21, 2016", "DATE; DATE; DATE"],
    ["Wed Dec 21 15:28:30 2016", "DATE"],
    ["numpy 1.24.3 on 3.11.12, 1/2, 12/2016", "numpy 1.24.3 on 3.11.12, 1/2, 12/2016"],
    ["12016-12-211", "12016-12-211"],
  ],
  addresses: [
    ["<Axes at 0x7f9ca8f058d0>", "<Axes at ADDRESS>"],
    ["0x7F9CA8F058D0", "ADDRESS"],
    ["0xff 0x12345z", "0xff 0x12345z"],
  ],
  paths: [
    ['File "/home/me/x.py", line 3', 'File "PATH/x.py", line 3'],
    ["file:///home/me/x.ts:1:2", "PATH/x.ts:1:2"],
    ["~/work/x and C:\\Users\\me\\x.py", "PATH/x and PATH/x.py"],
    ["https://example.org/a/b/c", "https://example.org/a/b/c"],
    ["a/b/c 21/12/16 1 / 2 </td> <br/>", "a/b/c 21/12/16 1 / 2 </td> <br/>"],
    ["./a/b ../a/b", "./a/b ../a/b"],
  ],
  uuids: [
    ["id 123e4567-e89b-12d3-a456-426614174000.", "id UUID."],
    ["123E4567E89B12D3A456426614174000", "UUID"],
    [
      `${"1".repeat(32)} ${"a".repeat(32)} ${"a1".repeat(20)}`,
      `${"1".repeat(32)} ${"a".repeat(32)} ${"a1".repeat(20)}`,
    ],
  ],
};

for (const [set, cases] of Object.entries(CASES)) {
  Deno.test(`builtInSanitizeRules() replaces ${set} and leaves what only looks like them`, () => {
    const rules = builtInSanitizeRules([set as SanitizeRuleSet]);
    for (const [text, expected] of cases) assert.equal(sanitizeText(text, rules), expected);
  });
}

Deno.test("builtInSanitizeRules() combines sets, a time at the end of a date included", () => {
  const rules = builtInSanitizeRules(["times", "dates", "paths", "uuids", "addresses"]);
  assert.equal(
    sanitizeText("2016-12-21 15:28:30 /var/log/2016/12/21/x at 15:28 0x7f9ca8f058d0", rules),
    "DATE PATH/x at TIME ADDRESS",
  );
  assert.deepEqual(builtInSanitizeRules([]), []);
});

Deno.test("builtInSanitizeRules() names an unknown set", () => {
  assert.throws(() => builtInSanitizeRules(["time" as never]), /unknown rule set "time".*"times"/);
});

Deno.test("builtInSanitizeRules() take megabytes", () => {
  const rules = builtInSanitizeRules(["times", "dates", "paths", "uuids", "addresses"]);
  for (const piece of ["a", "1", "/a", "1:", "0x1", "a1-", ".1", " "]) {
    const text = piece.repeat(1_000_000 / piece.length);
    assert.ok(sanitizeText(text, rules).length <= text.length);
  }
});
