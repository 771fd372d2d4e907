// The npm package as people get it: from a registry, into an empty project of Node and one of Deno.
import assert from "node:assert/strict";
import { copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/_internal/run_command.ts";
import { QSIGHT_VERSION } from "../../src/runs/qsight_version.ts";
import { OPTIONAL_PACKAGES } from "../../src/_internal/optional_packages.ts";
import { SMALL } from "../cli/_small_training.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { withPackageRegistry } from "./_package_registry.ts";
import { inProject, type Project } from "./_project.ts";
import { bytesBelow } from "../_tools/bytes_below.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FIXTURES = join(ROOT, "fixtures", "package");
const RECIPES = join(ROOT, "notebooks", "recipes");
const QUIET = ["--no-audit", "--no-fund", "--no-update-notifier"];
/** Most bytes that QSight and all that comes along with it may have. */
const MOST_BYTES = 10_000_000;

/** A package and the version that it was tested with. */
const exact = (name: keyof typeof OPTIONAL_PACKAGES) => `${name}@${OPTIONAL_PACKAGES[name]}`;
const named = (...names: (keyof typeof OPTIONAL_PACKAGES)[]) => names.map(exact);
const EXPLAIN = named(
  ...["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm", "@observablehq/plot"] as const,
  ...["linkedom", "fast-png"] as const,
);

/** Everything but what only a GPU, another kernel or a server would need. */
const MOST = named(
  ...Object.keys(OPTIONAL_PACKAGES).filter((name) => !/webgpu|tslab|polars|koffi/.test(name)) as (
    keyof typeof OPTIONAL_PACKAGES
  )[],
);

/** A notebook of one cell for Deno's kernel. */
function notebookOf(source: string): string {
  const cell = { cell_type: "code", id: "a", metadata: {}, outputs: [], execution_count: null };
  return JSON.stringify({
    ...{ nbformat: 4, nbformat_minor: 5, metadata: {} },
    cells: [{ ...cell, source }],
  });
}

/** TypeScript blocks of a document. */
async function blocks(document: string): Promise<string[]> {
  const text = await readFile(join(ROOT, document), "utf8");
  return Array.from(text.matchAll(/^```ts\n([\s\S]*?)^```$/gm), ([, code]) => code);
}

/** JavaScript that Node 20 runs. */
async function javaScript(code: string): Promise<string> {
  const esbuild = await import("esbuild");
  try {
    return (await esbuild.transform(code, { loader: "ts", format: "esm", target: "node20" })).code;
  } finally {
    await esbuild.stop();
  }
}

const LEAVES = `for (const leaf of ["stages", "sampler_lock", "sampling", "metrics", "hardware"]) {
  const names = Object.keys(await import("@qsight/qsight/" + leaf));
  console.log(leaf, names.length > 0);
}`;

async function checkLeaves(t: Deno.TestContext, project: Project) {
  await project.write("package.json", '{ "private": true, "type": "module" }');
  await t.step("npm installs QSight and zod, in under 10 MB, and leaf rooms run", async () => {
    await project.out("npm", "install", "@qsight/qsight", ...QUIET);
    const modules = join(project.folder, "node_modules");
    const packages = (await readdir(modules)).filter((name) => !name.startsWith("."));
    assert.deepEqual(packages, ["@qsight", "zod"]);
    const bytes = await bytesBelow(modules);
    assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
    assert.equal((await project.node(LEAVES)).match(/true/g)?.length, 5);
    assert.match(await project.out("npx", "qsight", "--help"), /^Usage: qsight/);
  });
  await t.step("a package that is absent is named, with how to install it", async () => {
    const said = await project.node(`
      const tried = async (work) => { try { await work(); } catch (e) { console.log(e.message); } };
      const { openTensors } = await import("@qsight/qsight/tensors");
      const { toDataFrame } = await import("@qsight/qsight/tables");
      await tried(() => openTensors());
      await tried(() => toDataFrame([{ a: 1 }]));
      await tried(() => import("@qsight/qsight/plots"));`);
    assert.ok(said.includes(`npm install ${exact("@tensorflow/tfjs")}`), said);
    assert.ok(said.includes(`npm install ${exact("nodejs-polars")}`), said);
    assert.match(said, /Cannot find package '(?:fast-png|linkedom|@observablehq\/plot)'/);
  });
}

async function checkNode(t: Deno.TestContext, project: Project) {
  await t.step("sharp and resvg are named where they are missing", async () => {
    await project.out("npm", "install", ...EXPLAIN, ...QUIET);
    const said = await project.node(`
      import { decodeImage, encodePng, renderPng } from "@qsight/qsight/images";
      const png = encodePng({ width: 1, height: 1, data: Uint8Array.of(9, 8, 7), channels: 3 });
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>';
      for (const work of [() => decodeImage(png), () => renderPng(svg)]) {
        await work().catch((error) => console.log(error.message));
      }`);
    assert.ok(said.includes(`npm install ${exact("sharp")}`), said);
    assert.ok(said.includes(`npm install ${exact("@resvg/resvg-js")}`), said);
  });
  await t.step(
    "notebooks run without the package that reads their types, and it is named",
    async () => {
      await project.write("one.ipynb", notebookOf("console.log(6 * 7)"));
      const { code, stdout, stderr } = await project.run("npx", "qsight", "test", "one.ipynb");
      assert.equal(code, 0, stdout + stderr);
      assert.ok(stdout.includes(`npm install ${exact("@babel/parser")}`), stdout);
    },
  );
  await t.step("the examples of the README run in Node", async () => {
    await project.out("npm", "install", ...MOST, ...QUIET);
    const examples = await blocks("README.md");
    assert.ok(examples.length > 0);
    for (const code of examples) {
      await project.write("example.mjs", await javaScript(code));
      await project.out("node", "example.mjs");
    }
  });
  await t.step("two threads of the quantum engine give the same bytes in Node", async () => {
    await copyFile(join(FIXTURES, "quantum_workers.mjs"), join(project.folder, "workers.mjs"));
    assert.equal(await project.out("node", "workers.mjs"), "plain online\n");
  });
  await t.step("two replicas train in Node as one does", async () => {
    await copyFile(join(FIXTURES, "training_replicas.mjs"), join(project.folder, "replicas.mjs"));
    assert.equal(await project.out("node", "replicas.mjs"), "the losses of one model\n");
  });
  await t.step("qsight trains in Node", async () => {
    await project.out("npx", "qsight", "train", ...SMALL, "--out", "runs");
    assert.match(await project.out("npx", "qsight", "runs", "list", "--root", "runs"), /ensemble/);
  });
}

async function checkDeno(t: Deno.TestContext, project: Project) {
  await project.write("deno.json", '{ "nodeModulesDir": "auto" }');
  await t.step("types come with the package", async () => {
    const packages = ["@qsight/qsight", ...MOST, exact("nodejs-polars")].map((name) =>
      `npm:${name}`
    );
    await project.out("deno", "add", "--quiet", ...packages);
    const rooms = Object.keys(JSON.parse(await readFile(join(ROOT, "deno.json"), "utf8")).exports);
    const lines = rooms.map((path, i) =>
      `export * as room${i} from "@qsight/qsight${path.slice(1)}";`
    );
    await project.write("types.ts", lines.join("\n"));
    await project.out("deno", "check", "types.ts");
    const wrong = 'import { samplerLock } from "@qsight/qsight/sampler_lock";\n' +
      "export const lock: number = samplerLock;";
    await project.write("wrong.ts", wrong);
    assert.match((await project.run("deno", "check", "wrong.ts")).stderr, /TS2322/);
  });
  await t.step("the README and every recipe run in Deno", async () => {
    const names = (await readdir(RECIPES)).filter((name) => name.endsWith(".md"));
    await mkdir(join(project.folder, "recipes"));
    for (const name of names) {
      await copyFile(join(RECIPES, name), join(project.folder, "recipes", name));
    }
    await copyFile(join(ROOT, "README.md"), join(project.folder, "README.md"));
    const run = ["test", "-A", "--doc", "--no-check", "--quiet", "README.md", "recipes/"];
    const said = await project.out("deno", ...run);
    for (const name of ["README.md", ...names]) {
      const document = name === "README.md" ? name : `notebooks/recipes/${name}`;
      const count = (await blocks(document)).length;
      assert.equal(said.split(`${name}#`).length > 1, count > 0, name);
    }
    assert.doesNotMatch(said, /ignored \(/);
  });
  await t.step("threads of the engine and of a training start in Deno", async () => {
    for (const [name, said] of [["quantum_workers", /online/], ["training_replicas", /losses/]]) {
      await copyFile(join(FIXTURES, `${name}.mjs`), join(project.folder, `${name}.mjs`));
      assert.match(await project.out("deno", "run", "-A", `${name}.mjs`), said as RegExp);
    }
  });
  await t.step("the action of action.yml tests the notebooks of a project", async () => {
    await mkdir(join(project.folder, "nb"));
    const lock = 'import { samplerLock } from "@qsight/qsight/sampler_lock"; samplerLock();';
    for (const [name, source] of Object.entries({ lock, fault: "throw new Error('wrong')" })) {
      const cell = { cell_type: "code", id: "a", metadata: {}, outputs: [], execution_count: null };
      const notebook = {
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {},
        cells: [{ ...cell, source }],
      };
      await project.write(`nb/${name}.ipynb`, JSON.stringify(notebook));
    }
    const action = (notebooks: string) =>
      project.runWith({
        QSIGHT_ACTION_NOTEBOOKS: notebooks,
        QSIGHT_ACTION_OPTIONS: "--timeout\n300",
        QSIGHT_ACTION_VERSION: QSIGHT_VERSION,
        GITHUB_OUTPUT: join(project.folder, "output"),
        GITHUB_STEP_SUMMARY: join(project.folder, "summary"),
      }, ["bash", join(ROOT, ".github", "test_notebooks.sh")]);
    const { code, stdout, stderr } = await action("nb/lock.ipynb\n\nnb/fault.ipynb");
    assert.equal(code, 1, stdout + stderr);
    assert.equal(await readFile(join(project.folder, "output"), "utf8"), "passed=1\nfailed=1\n");
    assert.match(await readFile(join(project.folder, "summary"), "utf8"), /1 passed, 1 failed/);
    const reports = await readdir(join(project.folder, "qsight-report"));
    assert.deepEqual(reports.sort(), ["junit.xml", "report.html", "report.json"]);
    assert.equal((await action("nb/lock.ipynb")).code, 0);
    assert.equal((await action("nothing/*.ipynb")).code, 5);
    assert.equal((await action(" \n")).code, 4);
  });
}

const missingNetwork = async () => {
  const missing = missingProgram("npm") ?? missingProgram("tar");
  if (missing !== undefined) return missing;
  const { status } = await runCommand(["npm", "view", "zod", "version"], { timeout: 60_000 });
  return status === "ok" ? undefined : "the npm registry cannot be reached";
};

testOrSkip(
  "the npm package runs in an empty project of Node and of Deno",
  await missingNetwork(),
  (t) =>
    withPackageRegistry(async (registry) => {
      await inProject(registry, async (project) => {
        await checkLeaves(t, project);
        await checkNode(t, project);
      });
      await inProject(registry, (project) => checkDeno(t, project));
    }),
);
