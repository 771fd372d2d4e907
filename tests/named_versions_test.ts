// action.yml, its script and the README name versions that stand elsewhere too.
import assert from "node:assert/strict";
import { OPTIONAL_PACKAGES } from "../src/_internal/optional_packages.ts";
import { QSIGHT_VERSION } from "../src/runs/qsight_version.ts";

const read = (path: string) => Deno.readTextFile(new URL(`../${path}`, import.meta.url));

Deno.test("the action installs the packages and versions of this clone", async () => {
  const { imports } = JSON.parse(await read("deno.json")) as { imports: Record<string, string> };
  const script = await read(".github/test_notebooks.sh");
  const config = JSON.parse(/<<'JSON'\n([\s\S]*?)^JSON$/m.exec(script)![1]);
  const names = Object.keys(config.imports);
  assert.ok(names.includes("@babel/parser"));
  for (const name of names) assert.equal(config.imports[name], imports[name]);
  const action = await read("action.yml");
  assert.ok(action.includes(`default: "${QSIGHT_VERSION}"`));
  const deno = /DENO_VERSION=(\S+)/.exec(await read(".ci/run"))![1];
  assert.ok(action.includes(`default: "${deno}"`));
});

Deno.test("the action hands inputs to its script as variables, never as text of the shell", async () => {
  const [action, script] = await Promise.all([
    read("action.yml"),
    read(".github/test_notebooks.sh"),
  ]);
  const runs = Array.from(action.matchAll(/^ +run: (.*)$/gm), ([, line]) => line);
  assert.deepEqual(runs, ['bash "$GITHUB_ACTION_PATH/.github/test_notebooks.sh"']);
  const handed = action.match(/QSIGHT_ACTION_\w+/g)!;
  for (const name of handed) assert.ok(script.includes(name), name);
});

Deno.test("the README installs packages in the versions that were tested", async () => {
  const text = await read("README.md");
  const named = Object.entries(OPTIONAL_PACKAGES).filter(([name]) => text.includes(`${name}@`));
  assert.ok(named.length > 5);
  for (const [name, version] of named) {
    const found = text.matchAll(new RegExp(`${name}@([\\d.]+\\d)`, "g"));
    for (const [, other] of found) assert.equal(other, version, name);
  }
  assert.ok(text.includes(`qsight-qsight-${QSIGHT_VERSION}.tgz`));
});
