import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigFileError } from "../../../src/training/config/config_file.ts";
import {
  effectiveValues,
  mergeConfig,
  readConfigLayers,
  type ReadLayersOptions,
} from "../../../src/training/config/config_layers.ts";
import { completeConfig } from "../../../src/training/config/train_config.ts";

/** Runs the test in a folder with a configuration and one below it. */
async function withConfig(
  text: string | undefined,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    await mkdir(join(folder, "deep", "er"), { recursive: true });
    if (text !== undefined) await writeFile(join(folder, "qsight.jsonc"), text);
    await test(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function batchSize(options: ReadLayersOptions): Promise<unknown> {
  const { fit } = mergeConfig(await readConfigLayers(options));
  return (fit as { batchSize?: unknown }).batchSize;
}

Deno.test("a flag wins over the environment, that over the file, and that over the defaults", async () => {
  const env = { QSIGHT_SET: "fit.batchSize=16" }, sets = ["fit.batchSize=32"];
  await withConfig(undefined, async (cwd) => {
    assert.equal(await batchSize({ cwd }), undefined);
    assert.equal(await batchSize({ cwd, env }), 16);
  });
  await withConfig('{ "fit": { "batchSize": 8 } }', async (cwd) => {
    assert.equal(await batchSize({ cwd }), 8);
    assert.equal(await batchSize({ cwd, env }), 16);
    assert.equal(await batchSize({ cwd, sets }), 32);
    assert.equal(await batchSize({ cwd, env, sets }), 32);
  });
});

Deno.test("the file is that of the flag, else of the environment, else the nearest above", async () => {
  await withConfig('{ "fit": { "batchSize": 8 } }', async (folder) => {
    const cwd = join(folder, "deep", "er");
    await writeFile(join(folder, "env.json"), '{ "fit": { "batchSize": 9 } }');
    await writeFile(join(cwd, "flag.json"), '{ "fit": { "batchSize": 10 } }');
    const env = { QSIGHT_CONFIG: join(folder, "env.json") };
    const found = await readConfigLayers({ cwd });
    assert.deepEqual([found.file, found.namedBy], [join(folder, "qsight.jsonc"), "default"]);
    assert.equal(await batchSize({ cwd, env }), 9);
    assert.equal(await batchSize({ cwd, env, file: "flag.json" }), 10);
    assert.equal((await readConfigLayers({ cwd, env: { QSIGHT_CONFIG: "" } })).namedBy, "default");
    await writeFile(join(folder, "deep", "qsight.json"), '{ "fit": { "batchSize": 11 } }');
    assert.equal(await batchSize({ cwd }), 11);
  });
});

Deno.test("effectiveValues() tells the source of each value, and what it replaces", async () => {
  const text = `{ // comments may stand here
    "fit": { "batchSize": 8, "loss": "corn", },
    "stages": { "plan": "default", "learningRateScale": 50 }, // what is a default anyway
  }`;
  await withConfig(text, async (cwd) => {
    const env = { QSIGHT_SET: "fit.batchSize=16; fit.augment=false" };
    const layers = await readConfigLayers({ cwd, env, sets: ["fit.batchSize=32"] });
    const values = new Map(effectiveValues(layers).map(({ key, ...rest }) => [key, rest]));
    assert.deepEqual(values.get("fit.batchSize"), {
      value: 32,
      source: "flag",
      overrides: { source: "environment", value: 16 },
    });
    assert.deepEqual(values.get("fit.augment"), { value: false, source: "environment" });
    assert.deepEqual(values.get("fit.loss"), { value: "corn", source: "file" });
    assert.equal(values.get("stages")?.source, "file");
  });
  await withConfig(undefined, async (cwd) => {
    const [stages] = effectiveValues(await readConfigLayers({ cwd }));
    assert.deepEqual([stages.key, stages.source], ["stages", "default"]);
  });
});

Deno.test("readConfigLayers() says of a file that cannot be used what it is", async () => {
  await withConfig("[]", async (cwd) => {
    await assert.rejects(readConfigLayers({ cwd }), /qsight\.jsonc: found \[\], wanted an object/);
    const missing = readConfigLayers({ cwd, file: "none.json" });
    await assert.rejects(missing, ConfigFileError);
    await assert.rejects(missing, /found no such file/);
    await assert.rejects(readConfigLayers({ cwd, file: "deep" }), /is a folder/);
  });
});

Deno.test("completeConfig() names unknown keys of each section", () => {
  assert.throws(() => completeConfig({ fitt: {} }), /unknown option "fitt"\. Did you mean "fit"/);
  assert.throws(() => completeConfig({ data: { imagesize: 8 } }), /Did you mean "imageSize"/);
  assert.throws(() => completeConfig({ retention: { keeplast: 1 } }), /Did you mean "keepLast"/);
  assert.equal(completeConfig({ stages: "quantum_only" }).stages.length, 2);
});
