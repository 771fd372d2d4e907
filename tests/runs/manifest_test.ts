import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ManifestError, openRun, readManifest, verifyRun } from "../../src/runs/mod.ts";
import { QSIGHT_VERSION } from "../../src/runs/qsight_version.ts";
import { inRoot, noHardware, smallRun } from "./_temporary_root.ts";

Deno.test("finish() writes what the run was: seed, configuration, versions, machine, data", () =>
  inRoot(async (root) => {
    const run = await smallRun(root, { seed: 7, config: { epochs: 2 }, name: "probe" });
    await run.finish({
      backend: { asked: ["wasm"], chosen: "wasm", why: "fastest here" },
      data: { name: "synthetic", fingerprint: "abc" },
      lock: { acquisitions: 3 },
      versions: { tfjs: "4.22.0" },
      accuracy: 0.5,
    });
    const manifest = await readManifest(run.folder);
    assert.equal(manifest.schema, "qsight.run/1");
    assert.equal(manifest.kind, "run");
    assert.equal(manifest.status, "finished");
    assert.equal(manifest.id, run.id);
    assert.equal(manifest.seed, 7);
    assert.deepEqual(manifest.config, { epochs: 2 });
    assert.deepEqual(manifest.data, { name: "synthetic", fingerprint: "abc" });
    assert.deepEqual(manifest.lock, { acquisitions: 3 });
    assert.deepEqual(manifest.facts, { accuracy: 0.5 });
    assert.deepEqual(manifest.hardware, noHardware);
    assert.equal(manifest.versions.tfjs, "4.22.0");
    assert.equal(manifest.versions.qsight, QSIGHT_VERSION);
    const config = await Deno.readFile(`${run.folder}/config.json`);
    assert.equal(manifest.configSha256, createHash("sha256").update(config).digest("hex"));
  }));

Deno.test("finish() looks at the machine itself when it was not told", () =>
  inRoot(async (root) => {
    const run = await openRun({ root, seed: 1, config: {} });
    const { versions, hardware } = await run.finish();
    assert.equal(versions.deno, Deno.version.deno);
    assert.equal((hardware as { cpu: { usable: number } }).cpu.usable >= 1, true);
  }));

Deno.test("the version in manifests is the one of deno.json", async () => {
  const text = await Deno.readTextFile(new URL("../../deno.json", import.meta.url));
  assert.equal(JSON.parse(text).version, QSIGHT_VERSION);
});

Deno.test("finish() counts files that others wrote into the folder, and writes the manifest last", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await Deno.mkdir(`${run.folder}/model`);
    await Deno.writeTextFile(`${run.folder}/model/weights.bin`, "weights");
    const { files } = await run.finish();
    const weights = files.find(({ path }) => path === "model/weights.bin");
    assert.deepEqual(weights, {
      path: "model/weights.bin",
      bytes: 7,
      sha256: createHash("sha256").update("weights").digest("hex"),
    });
    const written = (await Deno.stat(run.manifestPath)).mtime as Date;
    for (const { path } of files) {
      assert.ok((await Deno.stat(`${run.folder}/${path}`)).mtime as Date <= written, path);
    }
  }));

Deno.test("finish() says whether the backend changed since the run before", () =>
  inRoot(async (root) => {
    const changes = [];
    for (const [i, chosen] of ["wasm", "wasm", "cpu", undefined, "cpu"].entries()) {
      const run = await smallRun(root, { now: new Date(Date.UTC(2026, 0, 1 + i)) });
      changes.push((await run.finish({ backend: { chosen } })).backendChanged);
    }
    assert.deepEqual(changes, [null, false, true, null, null]);
  }));

Deno.test("finish() with facts of the wrong form says which, and can be called again", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await assert.rejects(run.finish({ status: "perfect" }), /status/);
    await assert.rejects(run.finish({ versions: { tfjs: 4 } }), /versions\.tfjs/);
    assert.equal((await run.finish({ status: "interrupted" })).status, "interrupted");
    assert.deepEqual(await verifyRun(run.folder), []);
  }));

Deno.test("readManifest() of a folder without one says that the run has not ended", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await assert.rejects(readManifest(run.folder), (error: Error) => {
      return error instanceof ManifestError && /has not ended/.test(error.message);
    });
  }));

for (
  const [name, change, message] of [
    ["cut off", (text: string) => text.slice(0, 100), /not JSON/],
    ["of another schema", (text: string) => text.replace("qsight.run/1", "qsight.run/9"), /schema/],
    ["without a seed", (text: string) => text.replace('"seed"', '"sed"'), /seed/],
    [
      "whose files lie outside the folder",
      (text: string) => text.replace('"path": "config.json"', '"path": "../../config.json"'),
      /files\.0\.path: a path inside/,
    ],
    ["that is a list", () => "[]", /not a run manifest/],
  ] as const
) {
  Deno.test(`readManifest() refuses a manifest ${name}`, () =>
    inRoot(async (root) => {
      const run = await smallRun(root);
      await run.finish();
      const text = await Deno.readTextFile(run.manifestPath);
      assert.notEqual(change(text), text);
      await Deno.writeTextFile(run.manifestPath, change(text));
      await assert.rejects(readManifest(run.folder), (error: Error) => {
        return error instanceof ManifestError && message.test(error.message);
      });
      assert.equal((await verifyRun(run.folder))[0].path, "manifest.json");
    }));
}
