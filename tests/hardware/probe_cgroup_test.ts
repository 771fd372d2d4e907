import assert from "node:assert/strict";
import { probeHardware } from "../../src/hardware/mod.ts";
import { cgroupFiles, denied, emptyMachine } from "./_fake_sources.ts";

async function limits(readText: (path: string) => Promise<string>) {
  const sources = emptyMachine({ readText, logicalCpus: () => 8 });
  const { cpu, memory } = await probeHardware({ sources });
  return { cpu: cpu.cgroupLimit, memory: memory.cgroupLimitBytes, usable: cpu.usable };
}

Deno.test("probeHardware() reads the limits of control groups version 2", async () => {
  const { cpu, memory, usable } = await limits(cgroupFiles("v2_limited"));
  assert.equal(cpu.value, 1.5);
  assert.equal(memory.value, 2 * 2 ** 30);
  assert.equal(usable, 1);
});

Deno.test("probeHardware() takes the least limit among a control group and its parents", async () => {
  const { cpu, memory, usable } = await limits(cgroupFiles("v2_nested"));
  assert.equal(cpu.value, 2);
  assert.equal(memory.value, 4 * 2 ** 30);
  assert.equal(usable, 2);
});

Deno.test("probeHardware() reads the limits of control groups version 1", async () => {
  const { cpu, memory, usable } = await limits(cgroupFiles("v1_limited"));
  assert.equal(cpu.value, 0.5);
  assert.equal(memory.value, 2 ** 30);
  assert.equal(usable, 1, "half a processor still is one worker");
});

for (const fixture of ["v2_max", "v1_unlimited"]) {
  Deno.test(`probeHardware() takes "no limit" for absent, not for a number (${fixture})`, async () => {
    const { cpu, memory, usable } = await limits(cgroupFiles(fixture));
    assert.equal(cpu.status, "absent");
    assert.equal(memory.status, "absent");
    assert.equal(usable, 8);
  });
}

Deno.test("probeHardware() tells a system without control groups from one that denies them", async () => {
  const none = await limits(emptyMachine().readText);
  assert.equal(none.cpu.status, "absent");
  const refused = await limits((path) => Promise.reject(denied(path)));
  assert.equal(refused.cpu.status, "unknown");
  assert.match(refused.memory.reason, /Permission denied/);
});

for (const name of ["v2_broken", "v1_broken"]) {
  Deno.test(`probeHardware() does not take a broken limit file for no limit (${name})`, async () => {
    const broken = await limits(cgroupFiles(name));
    assert.equal(broken.cpu.status, "unknown");
    assert.match(broken.cpu.reason, /holds no cpu limit that can be read/);
    assert.equal(broken.memory.status, "unknown");
    assert.equal(broken.usable, 8);
  });
}
