import assert from "node:assert/strict";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { copiesNote, coreCopies } from "../../src/tensors/core_copies.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { lastJson, runBundledInNode, runScript } from "./_run_script.ts";
import { withSecondCopy } from "./_second_copy.ts";

/** Builds a model with the other copy and uses it with ours; `order` says which is loaded first. */
function script(folder: string, order: "other first" | "ours first"): string {
  return `
    import { createRequire } from "node:module";
    const other = () => createRequire(${JSON.stringify(`${folder}/here.js`)})("@tensorflow/tfjs");
    let theirs = ${order === "other first" ? "other()" : "undefined"};
    const { coreCopies, openTensors, runLayers } = await import("SRC/mod.ts");
    const alone = (await openTensors({ require: "wasm" })).report;
    theirs ??= other();
    const { tf, report } = await openTensors();
    const model = theirs.sequential({ layers: [
      theirs.layers.conv2d({ inputShape: [6, 6, 1], filters: 2, kernelSize: 3, activation: "relu",
        kernelInitializer: "ones", name: "conv" }),
      theirs.layers.flatten(),
      theirs.layers.dense({ units: 2, kernelInitializer: "ones", name: "answer" }),
    ] });
    const x = tf.ones([1, 6, 6, 1]);
    const predicted = Array.from(model.predict(x).dataSync());
    const { outputs, captured } = runLayers(model, x, { capture: ["conv"] });
    const ran = [Array.from(outputs[0].dataSync()), captured.conv.shape];
    const optimizer = tf.train.sgd(1e-4);
    const losses = [0, 1, 2].map(() => {
      const cost = optimizer.minimize(() => model.apply(x, { training: true }).sum(), true);
      return cost.dataSync()[0];
    });
    console.log("\\n" + JSON.stringify({
      alone: alone.copies.length, why: report.why, copies: report.copies, predicted, losses,
      counted: coreCopies().length, backend: theirs.getBackend(), ran,
    }));
  `;
}

Deno.test("coreCopies() finds one copy where there is one, and the report says nothing of it", async () => {
  const { report } = await openTensors({ require: "wasm" });
  const [copy, ...more] = coreCopies();
  assert.deepEqual(more, []);
  assert.equal(copy.version, "4.22.0");
  assert.match(copy.path, /tfjs-core.dist.tf-core\.node\.js$/);
  assert.deepEqual(report.copies, []);
  assert.ok(!report.why.includes("copies"));
});

Deno.test("copiesNote() says whether versions differ", () => {
  const [a, b] = [{ path: "/a", version: "4.22.0" }, { path: "/b", version: "4.21.0" }];
  assert.equal(copiesNote([a]), undefined);
  assert.match(copiesNote([a, b]) ?? "", /2 copies.*4\.22\.0 in \/a and 4\.21\.0 in \/b.*differ/);
  assert.match(copiesNote([a, { ...b, version: "4.22.0" }]) ?? "", /share one engine.*import maps/);
});

function assertBothWork(stdout: string, stderr: string, folder: string) {
  const seen = lastJson({ stdout, stderr });
  assert.equal(seen.counted, 2);
  assert.equal(seen.copies.length, 2);
  assert.ok(seen.copies.some(({ path }: { path: string }) => path.includes(folder)), seen.why);
  assert.match(seen.why, /2 copies of @tensorflow\/tfjs-core are loaded: 4\.22\.0 in .* and 4\.22/);
  assert.equal(seen.backend, "wasm", "the engine is shared");
  assert.deepEqual(seen.predicted, [288, 288]);
  assert.deepEqual(seen.ran, [[288, 288], [1, 4, 4, 2]]);
  assert.ok(seen.losses[2] < seen.losses[0], `no learning: ${seen.losses}`);
  return seen;
}

Deno.test("a model made by a copy that was loaded before works, and both copies are named", async () => {
  await withSecondCopy(async (folder) => {
    const { stdout, stderr } = await runScript(script(folder, "other first"));
    const seen = assertBothWork(stdout, stderr, folder);
    assert.equal(seen.alone, 2);
    assert.ok(!/already registered/.test(stdout + stderr), "ours is loaded in silence");
  });
});

Deno.test("openTensors() names a copy that was loaded after it", async () => {
  await withSecondCopy(async (folder) => {
    const { stdout, stderr } = await runScript(script(folder, "ours first"));
    const seen = assertBothWork(stdout, stderr, folder);
    assert.equal(seen.alone, 0);
    assert.match(stdout + stderr, /The kernel '.*' for backend '.*' is already registered/);
  });
});

testOrSkip("two copies are found in Node too", missingProgram("node"), async () => {
  await withSecondCopy(async (folder) => {
    const { stdout, stderr } = await runBundledInNode(script(folder, "other first"));
    assertBothWork(stdout, stderr, folder);
  });
});
