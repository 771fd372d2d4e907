import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findNativePackage, NATIVE_FOLDER } from "../../../src/tensors/native/native_package.ts";
import { withNativePackages } from "./_native_package.ts";

Deno.test("findNativePackage() finds what the user or the install task put into node_modules", async () => {
  await withNativePackages({ "tfjs-node": { code: "" } }, async (project) => {
    const deep = join(project, "notebooks", "mine");
    const found = findNativePackage("tfjs-node", [deep]);
    const folder = join(project, "node_modules", "@tensorflow", "tfjs-node");
    assert.deepEqual(found, { folder, version: "4.22.0" });
    assert.equal(findNativePackage("tfjs-node-gpu", [deep]), undefined);

    const modules = join(project, "node_modules", NATIVE_FOLDER, "tfjs-node-gpu");
    const gpu = join(modules, "node_modules", "@tensorflow", "tfjs-node-gpu");
    await mkdir(gpu, { recursive: true });
    await writeFile(join(gpu, "package.json"), "no JSON");
    assert.deepEqual(findNativePackage("tfjs-node-gpu", ["/", deep]), {
      folder: gpu,
      version: "unknown",
    });
  });
});
