// The commands that recipes show are run as they stand there, or it is said why not.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { inFolder } from "./cli/_call.ts";
import { shellScript } from "./_tools/shell_script.ts";
import { missingProgram, testOrSkip } from "./_tools/test_or_skip.ts";
import { writeFiles } from "./runner/suite/_suite.ts";

const RECIPES = fileURLToPath(new URL("../notebooks/recipes/", import.meta.url));

/** Recipes whose commands other tests run, and which. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "check_this_machine.md": "tests/cli/doctor_test.ts",
  "run_on_a_gateway.md": "tests/e2e/remote_test.ts, on a server of its own",
};

/** The blocks of a language in a recipe. */
function blocks(name: string, language: string): string[] {
  const text = readFileSync(join(RECIPES, name), "utf8");
  return [...text.matchAll(new RegExp("^```" + language + "\\n([\\s\\S]*?)^```$", "gm"))]
    .map(([, block]) => block);
}

const NO_BASH = missingProgram("bash"), NO_MAKE = missingProgram("make");
const NOTEBOOK = { "notebooks/a.ipynb": ["1 + 1"] };

Deno.test("every recipe with commands has them run here, or elsewhere", () => {
  const named = readdirSync(RECIPES).filter((name) =>
    ["sh", "yaml", "make"].some((language) => blocks(name, language).length > 0)
  ).sort();
  const here = [
    "begin_a_project.md",
    "test_notebooks_in_ci.md",
    "test_notebooks_in_gitlab.md",
    "test_notebooks_with_make.md",
  ];
  assert.deepEqual(named, [...here, ...Object.keys(ELSEWHERE)].sort());
});

testOrSkip(
  "begin_a_project.md makes a project, and leaves it alone the second time",
  NO_BASH,
  () =>
    inFolder(async (cwd) => {
      const [block] = blocks("begin_a_project.md", "sh");
      const { code, shown } = await shellScript(cwd, block);
      assert.equal(code, 0, shown);
      assert.match(shown, /kept|unchanged|as it is/i);
    }),
);

testOrSkip(
  "test_notebooks_in_ci.md: the command of the job tests its part",
  NO_BASH,
  () =>
    inFolder(async (cwd) => {
      await writeFiles(cwd, {
        ...NOTEBOOK,
        "notebooks/b.ipynb": ["2"],
        "notebooks/c.ipynb": ["3"],
      });
      const [block] = blocks("test_notebooks_in_ci.md", "yaml");
      const { steps, strategy } = parse(block) as {
        strategy: { matrix: { part: number[] } };
        steps: { run?: string }[];
      };
      const command = steps.find(({ run }) => run !== undefined)!.run!;
      const suites = [];
      for (const part of strategy.matrix.part) {
        const { code, shown } = await shellScript(
          cwd,
          command.replace("${{ matrix.part }}", `${part}`),
        );
        assert.equal(code, 0, shown);
        const report = await readFile(join(cwd, "report.xml"), "utf8");
        suites.push(
          ...Array.from(report.matchAll(/<testsuite name="([^"]+)"/g), ([, name]) => name),
        );
      }
      assert.deepEqual(suites.sort(), ["a", "b", "c"].map((name) => `notebooks/${name}.ipynb`));
    }),
);

testOrSkip(
  "test_notebooks_in_gitlab.md: the script tests its part, and leaves the report",
  NO_BASH,
  () =>
    inFolder(async (cwd) => {
      await writeFiles(cwd, NOTEBOOK);
      const [block] = blocks("test_notebooks_in_gitlab.md", "yaml");
      const { notebooks } = parse(block) as {
        notebooks: { parallel: number; script: string[]; artifacts: { paths: string[] } };
      };
      const [, command] = notebooks.script;
      // npx would bring the same Deno from the registry.
      const local = command.replace("npx -y deno@2.9.6", "deno");
      const { code, shown } = await shellScript(cwd, local, {
        CI_NODE_INDEX: "1",
        CI_NODE_TOTAL: "1",
      });
      assert.equal(code, 0, shown);
      for (const path of notebooks.artifacts.paths) {
        assert.ok((await readFile(join(cwd, path))).length);
      }
    }),
);

testOrSkip(
  "test_notebooks_with_make.md: both targets run",
  NO_MAKE ?? NO_BASH,
  () =>
    inFolder(async (cwd) => {
      await writeFiles(cwd, NOTEBOOK);
      await writeFile(join(cwd, "Makefile"), blocks("test_notebooks_with_make.md", "make")[0]);
      const [dry] = blocks("test_notebooks_with_make.md", "sh");
      assert.match((await shellScript(cwd, dry)).shown, /deno task qsight test/);
      const { code, shown } = await shellScript(cwd, "make notebooks && make accept");
      assert.equal(code, 0, shown);
      await writeFiles(cwd, { "notebooks/b.ipynb": ["throw new Error('no')"] });
      assert.notEqual((await shellScript(cwd, "make notebooks")).code, 0);
    }),
);
