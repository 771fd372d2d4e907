import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { withNodeBundle } from "../_tools/node_bundle.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";

testOrSkip(
  "the hardware room probes, compares and recommends in Node",
  missingProgram("node"),
  () =>
    withNodeBundle("src/hardware/mod.ts", async ({ folder, module }) => {
      const script = `import { compareEnvironments, probeEnvironment, probeHardware, recommend }
        from ${JSON.stringify(pathToFileURL(module).href)};
      const hardware = await probeHardware();
      const environment = await probeEnvironment({ folder: ${JSON.stringify(folder)} });
      console.log(JSON.stringify({ hardware, environment, workers: recommend(hardware).workers,
        differences: compareEnvironments(environment, environment) }));`;
      await Deno.writeTextFile(`${folder}/probe.mjs`, script);
      const { success, stdout } = await new Deno.Command("node", {
        args: [`${folder}/probe.mjs`],
        stderr: "inherit",
      }).output();
      assert.ok(success);
      const { hardware, environment, workers, differences } = JSON.parse(
        new TextDecoder().decode(stdout),
      );
      assert.deepEqual([hardware.runtime.name, environment.runtime.name], ["node", "node"]);
      assert.equal(environment.programs.node.value.version, hardware.runtime.version);
      assert.equal(environment.permissions.status, "absent");
      assert.match(environment.permissions.reason, /^Not Deno/);
      for (const probe of [environment.disk, environment.writable, environment.ports[0].free]) {
        assert.equal(probe.status, "ok", probe.reason);
      }
      assert.ok(workers >= 1);
      assert.deepEqual(differences, []);
    }),
);
