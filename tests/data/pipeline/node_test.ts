import assert from "node:assert/strict";
import { join } from "node:path";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { withNodeBundle } from "../../_tools/node_bundle.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { png, withFiles } from "../_files.ts";

const SCRIPT = `
  import assert from "node:assert/strict";
  const { batches, listImages, openBatches, syntheticFundus } = await import(process.argv[2]);
  const all = async (set, options) => {
    const found = [];
    for await (const batch of openBatches(set, options)) found.push(batch);
    return found;
  };
  const set = syntheticFundus({ count: 11, size: 24, seed: 2 });
  const options = { batchSize: 4, seed: 7, epoch: 3, augment: true };
  for (const workers of [0, 2]) {
    assert.deepEqual(await all(set, { ...options, workers }), [...batches(set, options)]);
  }
  const files = await listImages(process.argv[3], { imageSize: 16 });
  const [read, ahead] = [await all(files, options), await all(files, { ...options, workers: 2 })];
  assert.deepEqual(ahead, read);
  console.log(read.map(({ y }) => y.length).join());
`;

testOrSkip(
  "openBatches() in Node: the bytes of batches() from memory and from files, and no thread left",
  missingProgram("node"),
  () =>
    withFiles(
      { "0_a/x.png": png(1), "0_a/y.png": png(2), "1_b/z.png": png(3) },
      (images) =>
        withNodeBundle("tests/data/pipeline/_node_entry.ts", async ({ folder, module }) => {
          const script = join(folder, "script.mjs");
          await Deno.writeTextFile(script, SCRIPT);
          const args = [script, module, images];
          const { code, stdout, stderr } = await runCommand(["node", ...args], {
            timeout: 120_000,
          });
          assert.deepEqual([code, stdout.trim()], [0, "3"], stderr);
        }, { packages: "external", threads: ["src/data/pipeline/batch_worker.ts"] }),
    ),
);
