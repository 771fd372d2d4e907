import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { installEnvironment } from "../../src/cli/install_native.ts";
import { checkNativeMachine } from "../../src/tensors/native/check_native_machine.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { inFolder, qsight } from "./_call.ts";

Deno.test("qsight install wants gpu or node, and explains itself", async () => {
  for (const args of [[], ["cuda"], ["gpu", "node"], ["toString"]]) {
    const { code, stderr } = await qsight(["install", ...args]);
    assert.equal(code, 4);
    assert.match(
      stderr,
      /wanted gpu or node, found.*\nUsage: qsight install gpu\|node \[--force\]/,
    );
  }
  const unknown = await qsight(["install", "gpu", "--forse"]);
  assert.equal(unknown.code, 4);
  assert.match(unknown.stderr, /"--forse"\. Did you mean "--force"/);
  const help = await qsight(["install", "--help"]);
  assert.match(help.stdout, /--force {2}install even.*TFJS_NODE_CDN_STORAGE.*Exit codes: 0/s);
});

const unmet = (await checkNativeMachine("tfjs-node-gpu")).filter(({ ok }) => !ok);

testOrSkip(
  "qsight install gpu says what the machine lacks, and leaves it at that",
  unmet.length > 0 ? undefined : "this machine has a GPU with all that it needs",
  () =>
    inFolder(async (folder) => {
      const { code, stdout, stderr } = await qsight(["install", "gpu"], { cwd: folder });
      assert.equal(code, 1);
      assert.match(stdout, /^@tensorflow\/tfjs-node-gpu 4\.22\.0 on this machine\n/);
      for (const { wanted, found, fix } of unmet) {
        assert.ok(stdout.includes(`  FAIL  ${wanted}: ${found}\n        ${fix}\n`), stdout);
      }
      assert.match(stderr, /Nothing was installed; --force/);
      assert.ok(!existsSync(join(folder, "node_modules")));
    }),
);

Deno.test("installEnvironment() lets a mirror of the library hold for the binding too", () => {
  const mirror = "npm_config_tfjs_binding_binary_host_mirror";
  const plain = installEnvironment({ HOME: "/h", GONE: undefined });
  assert.deepEqual(plain, { HOME: "/h", NO_COLOR: "1" });
  const both = installEnvironment({ TFJS_NODE_CDN_STORAGE: "https://m.example/tf" });
  assert.equal(both.TFJS_NODE_CDN_STORAGE, "https://m.example/tf/");
  assert.equal(both[mirror], "https://m.example/tf/tf-builds/pre-built-binary");
  const own = installEnvironment({
    CDN_STORAGE: "https://m.example/",
    [mirror]: "https://b.example",
  });
  assert.equal(own[mirror], "https://b.example");
  assert.equal(own.TFJS_NODE_CDN_STORAGE, "https://m.example/");
});
