// Every command that a document shows is run by a test, or it is said here why not.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { COMMANDS } from "../src/cli/usage.ts";
import { inFolder, qsight } from "./cli/_call.ts";
import { documentCommands } from "./_tools/document_commands.ts";
import { shellScript } from "./_tools/shell_script.ts";
import { missingProgram, testOrSkip } from "./_tools/test_or_skip.ts";
import { writeFiles } from "./runner/suite/_suite.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/**
 * Recipes have a test of their own, docs/compatibility.md is made from data whose remedies are held
 * by tests/hardware, and CHANGELOG.md and DEBUGGING.md tell what was: nobody follows their commands.
 */
const DOCUMENTS = [
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "FEATURES.md"],
  ...["docs/permissions.md", "docs/six_tasks.md", "docs/what_runs_where.md"],
  ...["bench/README.md", "notebooks/README.md"],
  ...["trained_model/README.md", "trained_model/retinamnist-hybrid/README.md"],
];

/** Tests that run a command, or what it stands for, and a text in them that shows it. */
const RUN: Readonly<Record<string, readonly [path: string, text: string]>> = {
  ".ci/run": ["tests/ci_run_test.ts", ".ci/run"],
  "deno add": ["tests/e2e/package_test.ts", '"deno", "add"'],
  "deno add npm:@qsight/qsight": ["tests/e2e/package_test.ts", '"deno", "add"'],
  "deno publish --dry-run": ["tests/e2e/publish_test.ts", '"publish", "--dry-run"'],
  "deno run -A --no-config --node-modules-dir=none src/cli/main.ts doctor": [
    "tests/cli/doctor_test.ts",
    "--no-config",
  ],
  "deno task check": [".ci/run", "deno task check"],
  "deno task demo": [".ci/run", "deno task demo"],
  "deno task demo --data my_images --epochs 40": ["tests/cli/demo_test.ts", '"--epochs"'],
  "deno task demo --data retinamnist.npz": ["tests/cli/demo_test.ts", ".npz"],
  "deno task demo --seed 7 --out runs": ["tests/cli/demo_test.ts", '"--out"'],
  "deno task docs": ["tests/api_reference_test.ts", "writeApiReference"],
  "deno task docs:compatibility": [
    "tests/hardware/compatibility/compatibility_page_test.ts",
    "renderCompatibilityPage",
  ],
  "deno task e2e": [".ci/run", "deno task e2e"],
  "deno task build:npm": ["tests/e2e/package_test.ts", "pack"],
  "deno task build:tslab": ["tests/e2e/tslab_notebooks_test.ts", "tslab"],
  "deno task build:wasm": ["tests/tensors/wasm_backend_test.ts", "TARGETS"],
  "deno task install:node": ["tests/e2e/install_native_test.ts", "qsight install node"],
  "deno task qsight data check": ["tests/cli/data_check_test.ts", '"check"'],
  "deno task qsight data check SPEC": ["tests/cli/data_check_test.ts", '"check"'],
  "deno task qsight data fetch NAME": ["tests/cli/data_fetch_test.ts", '"fetch"'],
  "deno task qsight doctor": [".ci/run", "deno task qsight doctor --strict"],
  "deno task qsight predict": ["tests/cli/predict_test.ts", '"predict"'],
  "deno task qsight predict IMAGE": ["tests/cli/predict_test.ts", '"predict"'],
  "deno task qsight run notebooks/01_train_hybrid.ipynb -o out.ipynb": [
    "tests/notebooks_test.ts",
    "runs from first to last cell",
  ],
  "deno task qsight run NB -p NAME VALUE -o OUT": ["tests/cli/run_test.ts", '"-p"'],
  "deno task qsight runs list": ["tests/cli/runs_test.ts", '"list"'],
  "deno task qsight test notebooks/": ["tests/notebooks_test.ts", "notebooks"],
  "deno task qsight test notebooks/tslab/*.ipynb": ["tests/e2e/tslab_notebooks_test.ts", "tslab"],
  "deno task qsight train": ["tests/cli/train_test.ts", '"train"'],
  "deno task qsight train --data SPEC": ["tests/cli/train_test.ts", '"train"'],
  "deno task test": [".ci/run", "deno task test"],
  "deno test": ["deno.json", "deno test"],
  "deno test --doc": ["deno.json", "deno test -A --doc"],
  "deno test -A --doc src/stages": ["deno.json", "deno test -A --doc"],
  "deno test -A tests/stages": ["deno.json", "tests/stages"],
  "node --test": ["tests/runner/suite/notebook_test_test.ts", "--test"],
  "npm install": ["tests/e2e/package_test.ts", '"npm", "install"'],
  "npm install @qsight/qsight": ["tests/e2e/package_test.ts", '"npm", "install"'],
  "npx qsight": ["tests/e2e/package_test.ts", '"npx", "qsight"'],
};

/** Commands that no test runs, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "QSIGHT_TEST_SEED=7 deno task test": "the whole suite once more; the seed alone differs",
  "apt-get install libdnnl2": "changes the system; .ci/run installs it among others",
  "deno bench": "named as the reason of a cost, not to be run",
  "deno jupyter --install": "writes into the home folder; tests/e2e writes the same kernel spec",
  "deno task bench": "measures for an hour; types are checked by deno task check",
  "deno task docs:panel": "trains for a minute; the picture is looked at, and its link is tested",
  "deno task release:retinamnist": "needs real photographs and trains for minutes",
  "deno task soak": "hours; the same checks run with small counts",
  "npm publish --access public out/qsight-qsight-VERSION.tgz": "publishes",
};

/** Commands of which the longest of each kind is run below, as it stands in the document. */
const HERE = [
  "deno run -A npm:@qsight/qsight",
  "deno task qsight init",
  "deno task qsight init --dir D",
  "deno task qsight init --dir my_project",
  "deno task qsight test",
  "deno task qsight test 'notebooks/*.ipynb'",
  "deno task qsight test 'notebooks/**/*.ipynb' 'recipes/*.md' --jobs 2 --cache --html report.html",
  "deno run -A npm:@qsight/qsight test 'notebooks/*.ipynb' --junit report.xml",
];

/** Kinds of commands that differ in a word only. */
const KINDS = [
  // Not run: they measure, for minutes to hours. Their types are checked.
  /^deno task bench:\w+( |$)/,
  // tests/e2e/package_test.ts installs these, tests/named_versions_test.ts holds the versions.
  /^npm install @tensorflow\/tfjs@/,
  // tests/cli/permissions_test.ts takes both from the page.
  /^deno run --no-prompt --allow-/,
];

function known(command: string): boolean {
  return command in RUN || command in NOT_RUN || HERE.includes(command) ||
    KINDS.some((kind) => kind.test(command));
}

const found = DOCUMENTS.flatMap((path) =>
  documentCommands(read(path)).map((command) => ({ path, command }))
);

Deno.test("every command of every document is run by a test, or it is said why not", () => {
  assert.ok(found.length > 80, `only ${found.length} commands`);
  const unknown = found.filter(({ command }) => !known(command))
    .map(({ path, command }) => `${path}: ${command}`);
  assert.deepEqual(unknown, []);
  const shown = new Set(found.map(({ command }) => command));
  const stale = [...Object.keys(RUN), ...Object.keys(NOT_RUN), ...HERE]
    .filter((command) => !shown.has(command));
  assert.deepEqual(stale, [], "no document shows these any more");
});

Deno.test("the tests that are said to run a command are there, and do", () => {
  for (const [command, [path, text]] of Object.entries(RUN)) {
    assert.ok(existsSync(join(ROOT, path)) && read(path).includes(text), `${command}: ${path}`);
  }
});

Deno.test("tasks, subcommands and options in documents exist", async () => {
  const { tasks } = JSON.parse(read("deno.json")) as { tasks: Record<string, unknown> };
  for (const { path, command } of found) {
    const task = /^(?:\w+=\S+ )?deno task ([\w:]+)/.exec(command)?.[1];
    if (task !== undefined) assert.ok(task in tasks, `${path}: ${command}`);
    const own = /(?:deno task qsight|npm:@qsight\/qsight|main\.ts) (\w+)(.*)$/.exec(command);
    if (own === null) continue;
    assert.ok(Object.hasOwn(COMMANDS, own[1]), `${path}: ${command}`);
    const { stdout } = await qsight([own[1], "--help"]);
    for (const [option] of own[2].matchAll(/(?<= )--?[a-z][\w-]*/g)) {
      assert.match(stdout, new RegExp(`(?<![\\w-])${option}(?![\\w-])`), `${path}: ${command}`);
    }
  }
});

Deno.test("commands are found in blocks, tables and sentences, and nothing else is", () => {
  const page =
    "a `deno task\nx` and `qsight y`, `noun deno`\n\n```sh\n# no\nnpx -y deno@2.9.6 task z " +
    "\\\n  --a   # why\n```\n\n```ts\n`deno task no`\n```\n";
  assert.deepEqual(documentCommands(page), [
    "deno task z --a",
    "deno task x",
    "deno task qsight y",
  ]);
});

const NO_BASH = missingProgram("bash");
const command = (start: string) => HERE.find((one) => one.startsWith(start))!;

testOrSkip(
  "commands of the README and of docs/six_tasks.md run as they stand there",
  NO_BASH,
  () =>
    inFolder(async (cwd) => {
      const init = command("deno task qsight init --dir my_project");
      const made = await shellScript(cwd, init);
      assert.equal(made.code, 0, made.shown);
      assert.ok(existsSync(join(cwd, "my_project", "qsight.jsonc")), made.shown);
      await writeFiles(cwd, { "notebooks/a.ipynb": ["1 + 1"], "notebooks/deep/b.ipynb": ["2"] });
      await Deno.mkdir(join(cwd, "recipes"));
      await Deno.writeTextFile(join(cwd, "recipes", "c.md"), "# C\n\n```ts\n3;\n```\n");
      const whole = await shellScript(cwd, command("deno task qsight test 'notebooks/**"));
      assert.equal(whole.code, 0, whole.shown);
      assert.match(whole.shown, /3 passed/);
      assert.ok(existsSync(join(cwd, "report.html")));
      const flat = await shellScript(cwd, command("deno run -A npm:@qsight/qsight test"));
      assert.equal(flat.code, 0, flat.shown);
      assert.match(await Deno.readTextFile(join(cwd, "report.xml")), /notebooks\/a\.ipynb/);
    }),
);
