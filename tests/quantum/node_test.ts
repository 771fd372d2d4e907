import assert from "node:assert/strict";
import { runCommand } from "../../src/_internal/run_command.ts";
import { withNodeBundle } from "../_tools/node_bundle.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";

testOrSkip(
  "samplers, noise and OpenQASM answer in Node what they answer in Deno, to the count",
  missingProgram("node"),
  () =>
    withNodeBundle("tests/quantum/_node_sampler.ts", async ({ module }) => {
      const run = async (...command: [string, ...string[]]) => {
        const { stdout, stderr } = await runCommand([...command, module], { timeout: 120_000 });
        assert.notEqual(stdout, "", stderr);
        return JSON.parse(stdout.trim().split("\n").at(-1)!);
      };
      const [node, deno] = [
        await run("node"),
        await run(Deno.execPath(), "run", "-A", "--no-check"),
      ];
      const { found, webgpu: _, ...answers } = node;
      const { found: __, webgpu: ___, ...wanted } = deno;
      assert.deepEqual(answers, wanted);
      // Node 20 refuses relaxed SIMD; a later Node may not.
      assert.ok(found.some((line: string) => /^wasm-\w+ chosen$/.test(line)), found.join());
      assert.equal(node.webgpu, "not there");
    }, { packages: "external" }),
);
