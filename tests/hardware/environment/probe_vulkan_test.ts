import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type CommandResult, probeEnvironment } from "../../../src/hardware/mod.ts";
import { answerWith, emptyEnvironment, fixture } from "../_fake_sources.ts";

const ICD = fileURLToPath(new URL("../../../fixtures/hardware/icd/", import.meta.url));
const NOT_INSTALLED: CommandResult = { status: "absent", code: null, stdout: "", stderr: "" };

/** Vulkan with the ICD files of those names, named by the loader's variable. */
async function vulkanOf(names: readonly string[], answer: CommandResult = NOT_INSTALLED) {
  const named = names.map((name) => `${ICD}${name}_icd.json`).join(":");
  const { vulkan } = await probeEnvironment({
    sources: emptyEnvironment({
      variable: (name) => name === "VK_ICD_FILENAMES" ? named : undefined,
      readText: (path) => Deno.readTextFile(path),
      run: ([program]) => Promise.resolve(program === "vulkaninfo" ? answer : NOT_INSTALLED),
    }),
  });
  return vulkan;
}

Deno.test("probeEnvironment() reads Vulkan's drivers, and its devices where vulkaninfo is", async () => {
  const driver = {
    file: `${ICD}lvp_icd.json`,
    library: "/usr/lib/x86_64-linux-gnu/libvulkan_lvp.so",
    apiVersion: "1.1.230",
  };
  const without = await vulkanOf(["lvp"]);
  assert.deepEqual(without.value?.drivers, [driver]);
  assert.deepEqual(without.value?.devices, {
    status: "absent",
    reason: "vulkaninfo is not installed",
  });
  const { value } = await vulkanOf(["lvp"], answerWith("vulkaninfo/llvmpipe.txt"));
  assert.deepEqual(value?.devices.value, ["llvmpipe (LLVM 15.0.6, 256 bits)"]);
});

Deno.test("probeEnvironment() names broken ICD files beside good ones, and alone is unknown with them", async () => {
  const { value, reason } = await vulkanOf(["lvp", "torn", "no_library", "gone"]);
  assert.equal(value?.drivers.length, 1);
  assert.equal(value?.broken.length, 3);
  assert.match(value?.broken[1].reason ?? "", /no ICD\.library_path/);
  assert.match(reason, /3 broken/);
  const alone = await vulkanOf(["torn"]);
  assert.equal(alone.status, "unknown");
  assert.match(alone.reason, /No ICD file can be used: .*torn_icd\.json/);
});

for (
  const [what, answer, status, reason] of [
    ["lists none", answerWith("vulkaninfo/no_device.txt"), "absent", /lists no device/],
    ["prints garbage", answerWith("vulkaninfo/garbage.txt"), "unknown", /unknown form/],
    [
      "hangs",
      answerWith("vulkaninfo/garbage.txt", { status: "timeout", code: null }),
      "unknown",
      /did not answer/,
    ],
    [
      "fails",
      answerWith("vulkaninfo/garbage.txt", { status: "failed", code: 1 }),
      "unknown",
      /failed: Could not get the surface/,
    ],
  ] as [string, CommandResult, string, RegExp][]
) {
  Deno.test(`probeEnvironment() says "${status}" of devices where vulkaninfo ${what}, and keeps the drivers`, async () => {
    const { value, reason: whole } = await vulkanOf(["lvp"], answer);
    assert.equal(value?.devices.status, status);
    assert.match(value?.devices.reason ?? "", reason);
    assert.match(whole, /^1 ICD files; vulkaninfo/);
  });
}

Deno.test("probeEnvironment() looks into the loader's folders, and says so when nothing is there", async () => {
  const none = await probeEnvironment({ sources: emptyEnvironment() });
  assert.equal(none.vulkan.status, "absent");
  assert.match(none.vulkan.reason, /\/usr\/share\/vulkan\/icd\.d.*vulkaninfo is not installed/);
  const { vulkan } = await probeEnvironment({
    sources: emptyEnvironment({
      listFolder: (path) =>
        Promise.resolve(path === "/usr/share/vulkan/icd.d" ? ["lvp_icd.json", "README"] : []),
      readText: () => Promise.resolve(fixture("icd/lvp_icd.json")),
    }),
  });
  assert.equal(vulkan.value?.drivers[0].file, "/usr/share/vulkan/icd.d/lvp_icd.json");
});

Deno.test("probeEnvironment() does not take Windows' registry for no driver", async () => {
  const { vulkan } = await probeEnvironment({ sources: emptyEnvironment({ os: () => "win32" }) });
  assert.equal(vulkan.status, "unknown");
});
