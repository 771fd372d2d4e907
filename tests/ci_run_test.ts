// The script that decides whether a change lands must not take a failure for a success.
import assert from "node:assert/strict";
import { missingProgram, testOrSkip } from "./_tools/test_or_skip.ts";

const SCRIPT = new URL("../.ci/run", import.meta.url).pathname;

/** Sources the script, runs some of its steps and gives its exit code and last line. */
async function ci(
  steps: string,
  env: Record<string, string> = {},
): Promise<{ code: number; last: string; all: string }> {
  const { code, stdout } = await new Deno.Command("bash", {
    // With a name of its own as $0 the script knows that it is only sourced.
    args: ["-c", `source "$1"; ${steps}`, "ci-run-test", SCRIPT],
    env,
    stdin: "null",
    stderr: "inherit",
  }).output();
  const all = new TextDecoder().decode(stdout);
  return { code, last: all.trimEnd().split("\n").at(-1) ?? "", all };
}

const CASES: [string, string, number, string][] = [
  ["sums up steps", "step a true; step b true", 0, "2 passed, 0 failed, 0 skipped"],
  ["goes on after a failed step", "step a false; step b true", 1, "1 passed, 1 failed, 0 skipped"],
  [
    "adds up all summary lines of a test run",
    "tests t printf 'ok | 2 passed (3 steps) | 0 failed (1s)\\nok | 4 passed | 0 failed (2s)\\n'",
    0,
    "6 passed, 0 failed, 0 skipped",
  ],
  [
    "counts failed tests",
    "fake() { echo 'FAILED | 3 passed | 2 failed (1 step) (1s)'; return 1; }; tests t fake",
    1,
    "3 passed, 2 failed, 0 skipped",
  ],
  [
    "counts a test run that dies before its tests",
    "tests t false",
    1,
    "0 passed, 1 failed, 0 skipped",
  ],
  ["counts a test run without tests", "tests t true", 1, "0 passed, 1 failed, 0 skipped"],
  [
    "lets tests that need a GPU be skipped",
    "tests t printf 'x (skipped: no GPU) ... ignored (0ms)\\nok | 1 passed | 0 failed | 1 ignored (1s)\\n'",
    0,
    "1 passed, 0 failed, 1 skipped",
  ],
  [
    "fails when any other test is skipped",
    "tests t printf 'x (skipped: no jupyter) ... ignored (0ms)\\nok | 1 passed | 0 failed | 1 ignored (1s)\\n'",
    1,
    "1 passed, 1 failed, 1 skipped",
  ],
  [
    "counts an error outside all steps",
    "step a true; no_such_command",
    1,
    "1 passed, 1 failed, 0 skipped",
  ],
];

for (const [name, steps, code, last] of CASES) {
  testOrSkip(`.ci/run ${name}`, missingProgram("bash"), async () => {
    const result = await ci(steps);
    assert.deepEqual({ code: result.code, last: result.last }, { code, last }, result.all);
  });
}

testOrSkip(
  ".ci/run lets tests on real photographs be skipped only where there are none",
  missingProgram("bash"),
  async () => {
    const steps =
      "tests t printf 'x (skipped: a.npz is not in the data folder) ... ignored (0ms)\\n" +
      "ok | 1 passed | 0 failed | 1 ignored (1s)\\n'";
    assert.equal((await ci(steps, { QSIGHT_DATA: "/nowhere" })).code, 0);
    assert.equal((await ci(steps, { QSIGHT_DATA: "/" })).code, 1);
  },
);
