import assert from "node:assert/strict";
import { readManifest, readMetrics, verifyRun } from "../../src/runs/mod.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { inRoot } from "./_temporary_root.ts";

const SCRIPT = `
  import { probeHardware } from "./hardware/mod.ts";
  import { openRun } from "./runs/mod.ts";
  const run = await openRun({ root: process.argv[2], seed: 1, config: { from: "node" } });
  await run.appendMetrics([{ stage: "a", epoch: 1, split: "val", head: "h", loss: 0.5 }]);
  await run.save("reports/ä.txt", "text");
  await run.finish({ usable: (await probeHardware()).cpu.usable });
  console.log(run.folder);
`;

testOrSkip(
  "a run written by Node reads back in Deno",
  missingProgram("node"),
  () =>
    inRoot(async (root) => {
      const esbuild = await import("esbuild");
      // Below the project, so that Node finds the packages.
      const project = new URL("../../", import.meta.url).pathname;
      await Deno.mkdir(`${project}node_modules/.cache`, { recursive: true });
      const folder = await Deno.makeTempDir({ dir: `${project}node_modules/.cache` });
      try {
        await esbuild.build({
          stdin: { contents: SCRIPT, resolveDir: `${project}src` },
          bundle: true,
          format: "esm",
          platform: "node",
          packages: "external",
          logLevel: "silent",
          outfile: `${folder}/bundle.mjs`,
        });
        const { success, stdout } = await new Deno.Command("node", {
          args: [`${folder}/bundle.mjs`, root],
          stderr: "inherit",
        }).output();
        assert.ok(success);
        const run = new TextDecoder().decode(stdout).trim();
        const { versions, facts, config } = await readManifest(run);
        assert.match(versions.node, /^\d+\./);
        assert.deepEqual(config, { from: "node" });
        assert.ok(facts.usable as number >= 1);
        assert.equal((await readMetrics(run))[0].loss, 0.5);
        assert.deepEqual(await verifyRun(run), []);
      } finally {
        await esbuild.stop();
        await Deno.remove(folder, { recursive: true });
      }
    }),
);
