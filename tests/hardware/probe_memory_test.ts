import assert from "node:assert/strict";
import { probeHardware } from "../../src/hardware/mod.ts";
import { denied, emptyMachine, fixture, missing } from "./_fake_sources.ts";

const KIB = 1024;

async function memoryOf(meminfo: string | Error) {
  const { memory } = await probeHardware({
    sources: emptyMachine({
      readText: (path) =>
        path !== "/proc/meminfo"
          ? Promise.reject(missing(path))
          : meminfo instanceof Error
          ? Promise.reject(meminfo)
          : Promise.resolve(fixture(`meminfo/${meminfo}.txt`)),
      totalMemory: () => 16316412 * KIB,
      freeMemory: () => 884080 * KIB,
    }),
  });
  return memory.availableBytes;
}

Deno.test("probeHardware() takes MemAvailable where Linux tells it", async () => {
  assert.deepEqual(await memoryOf("whole"), {
    status: "ok",
    value: 12288000 * KIB,
    reason: "MemAvailable",
  });
});

for (
  const [name, meminfo, reason] of [
    ["decimals by comma and another unit", "comma_decimals", /says "MemAvailable: .*1024,5 MiB"/],
    ["a garbled file", "garbled", /says "nothing of MemAvailable"/],
    ["a kernel too old to tell", "old_kernel", /says "nothing of MemAvailable"/],
    ["a file that may not be read", denied("/proc/meminfo"), /\(Permission denied/],
    ["a system without it", missing("/proc/meminfo"), /would give back$/],
  ] as const
) {
  Deno.test(`probeHardware() takes free memory for available with ${name}, and says so`, async () => {
    const available = await memoryOf(meminfo);
    assert.equal(available.value, 884080 * KIB);
    assert.match(available.reason, reason);
  });
}

Deno.test("probeHardware() believes no available memory that is more than there is", async () => {
  const available = await memoryOf("contradictory");
  assert.equal(available.status, "unknown");
  assert.match(available.reason, /MemAvailable says 102399998976 bytes, more than/);
});

for (
  const [file, status, value] of [
    ["wsl1", "ok", "WSL1"],
    ["wsl2", "ok", "WSL2"],
    ["wsl2_early", "ok", "WSL2"],
    ["debian", "absent", undefined],
    ["empty", "unknown", undefined],
  ] as const
) {
  Deno.test(`probeHardware() says "${value ?? status}" of the kernel of ${file}`, async () => {
    const { wsl } = await probeHardware({
      sources: emptyMachine({
        readText: (path) =>
          path === "/proc/sys/kernel/osrelease"
            ? Promise.resolve(fixture(`osrelease/${file}.txt`))
            : Promise.reject(missing(path)),
      }),
    });
    assert.deepEqual([wsl.status, wsl.value], [status, value]);
  });
}
