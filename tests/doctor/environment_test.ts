// Each check of the machine and its surroundings, where something is absent, short, hung or refused.
import assert from "node:assert/strict";
import type { EnvironmentSnapshot } from "../../src/hardware/environment/environment_snapshot.ts";
import { probeEnvironment } from "../../src/hardware/environment/probe_environment.ts";
import { absent, found, unknown } from "../../src/hardware/probe.ts";
import { probeHardware } from "../../src/hardware/probe_hardware.ts";
import type { HardwareSnapshot } from "../../src/hardware/snapshot.ts";
import { answer, emptyMachine } from "../hardware/_fake_sources.ts";
import { assertFinding, inProject } from "./_project.ts";

const GIB = 2 ** 30;

/** A machine on which all is well, and what is different on this one. */
async function machine(over: Partial<HardwareSnapshot> = {}): Promise<HardwareSnapshot> {
  const well = await probeHardware({
    sources: emptyMachine({
      logicalCpus: () => 4,
      totalMemory: () => 16 * GIB,
      freeMemory: () => 8 * GIB,
      validate: () => true,
      versions: () => ({ deno: "2.9.6", v8: "15" }),
      mayHaveGpuDevice: () => false,
    }),
  });
  return { ...well, ...over };
}

const NODE = found({ path: "/usr/bin/node", version: "20.20.2", hidden: [] }, "node --version");
const KERNEL = { displayName: "", language: "typescript", folder: "/k", program: "/x" };

/** Surroundings in which all is well, and what is different here. */
function surroundings(over: Partial<EnvironmentSnapshot> = {}): EnvironmentSnapshot {
  const granted = { read: "granted", write: "granted", run: "granted", env: "granted" } as const;
  return {
    runtime: { name: "deno", version: "2.9.6", v8: "15" },
    path: found([], ""),
    variables: found({}, ""),
    programs: { node: NODE } as EnvironmentSnapshot["programs"],
    kernels: absent("No kernel.json"),
    fonts: absent(""),
    vulkan: absent(""),
    permissions: found({ ...granted, net: "granted", sys: "granted", ffi: "granted" }, ""),
    disk: found({ folder: "/p", totalBytes: 100 * GIB, freeBytes: 50 * GIB }, ""),
    writable: found("/p", "A file was made"),
    ports: [{ port: 0, free: found(4711, "") }],
    milliseconds: 1,
    ...over,
  };
}

const LATE = unknown("No answer within 5000 ms");
const DENIED = unknown("Permission denied: Reading it needs --allow-sys");

Deno.test("on a machine on which all is well each check of the environment says so", async () => {
  await inProject({ "deno.json": {} }, async (folder) => {
    const scene = { hardware: await machine(), surroundings: surroundings(), env: {} };
    for (let code = 301; code <= 312; code++) {
      await assertFinding(`QD${code}`, folder, { status: "ok", found: /./, ...scene });
    }
  });
});

Deno.test("QD301 to QD305 see what the machine lacks", async () => {
  const gibibytes = (free: number) => ({
    totalBytes: found(16 * GIB, ""),
    availableBytes: found(8 * GIB, "MemAvailable"),
    cgroupLimitBytes: found(free * GIB, "Control group /x"),
  });
  const unseen = {
    totalBytes: LATE,
    availableBytes: LATE,
    cgroupLimitBytes: absent("no control group"),
  };
  const runtime = (version: string) => ({ name: "deno", version, v8: "" } as const);
  const assumed = (await machine()).cpu;
  const mismatch = await probeHardware({
    sources: emptyMachine({
      run: () => Promise.resolve(answer("failed", "driver_mismatch", 18)),
    }),
  });
  const hung = await probeHardware({
    sources: emptyMachine({ run: () => Promise.resolve(answer("timeout")) }),
  });
  const cases: readonly [
    string,
    Partial<HardwareSnapshot>,
    "failure" | "warning" | "skipped",
    RegExp,
  ][] = [
    ["QD301", { runtime: runtime("2.8.1") }, "failure", /Deno 2\.8\.1/],
    ["QD301", { runtime: runtime("3.0.0") }, "failure", /Deno 3\.0\.0/],
    [
      "QD302",
      { cpu: { ...assumed, reason: "Assumed 1: nothing could be read" } },
      "skipped",
      /Assumed/,
    ],
    ["QD303", { memory: gibibytes(1) }, "warning", /1\.0 GiB \(Control group/],
    ["QD303", { memory: gibibytes(0.25) }, "failure", /0\.3 GiB/],
    ["QD303", { memory: unseen }, "warning", /No answer/],
    ["QD303", { memory: { ...unseen, availableBytes: DENIED } }, "skipped", /--allow-sys/],
    ["QD304", { simd: { simd: false, relaxed: false } }, "failure", /tens of times slower/],
    ["QD305", { gpus: mismatch.gpus }, "warning", /driver gives no answer: .*[Mm]ismatch/],
    ["QD305", { gpus: hung.gpus }, "warning", /driver gives no answer/],
    ["QD305", { gpus: DENIED }, "skipped", /--allow-sys/],
  ];
  await inProject({ "deno.json": {} }, async (folder) => {
    for (const [code, over, status, found] of cases) {
      await assertFinding(code, folder, { status, found, hardware: await machine(over) });
    }
  });
});

Deno.test("QD306 to QD312 see what surrounds the process wrongly", async () => {
  const disk = (gib: number) => found({ folder: "/p", totalBytes: GIB, freeBytes: gib * GIB }, "");
  const node = (probe: EnvironmentSnapshot["programs"]["node"]) => ({
    programs: { node: probe } as EnvironmentSnapshot["programs"],
  });
  const version = (text: string) => node(found({ ...NODE.value!, version: text }, ""));
  const kernels = (...listed: { name: string; programExists: boolean }[]) =>
    found(
      { kernels: listed.map((kernel) => ({ ...KERNEL, ...kernel })), broken: [], folders: [] },
      "",
    );
  const broken = found({
    kernels: [],
    broken: [{ file: "/k/x/kernel.json", reason: "is no JSON" }],
    folders: [],
  }, "");
  const tslab = kernels({ name: "tslab", programExists: true });
  const { permissions } = surroundings();
  const cases: readonly [
    string,
    Partial<EnvironmentSnapshot>,
    "failure" | "warning" | "skipped",
    RegExp,
  ][] = [
    ["QD306", { disk: disk(1) }, "warning", /1\.0 GiB/],
    ["QD306", { disk: disk(0.1) }, "failure", /0\.1 GiB/],
    ["QD306", { disk: LATE }, "warning", /No answer/],
    ["QD307", { writable: absent("/p cannot be written: EROFS") }, "failure", /EROFS/],
    ["QD307", { writable: DENIED }, "skipped", /--allow-sys/],
    ["QD308", { ports: [{ port: 0, free: absent("EACCES") }] }, "failure", /EACCES/],
    ["QD308", { ports: [{ port: 0, free: LATE }] }, "warning", /No answer/],
    ["QD309", { ...node(absent("node is not on PATH")), kernels: tslab }, "failure", /not on PATH/],
    ["QD309", version("18.20.0"), "warning", /18\.20\.0/],
    ["QD309", { ...version("18.20.0"), kernels: tslab }, "failure", /18\.20\.0/],
    [
      "QD309",
      node(unknown("/usr/bin/node --version printed nothing")),
      "warning",
      /printed nothing/,
    ],
    ["QD310", { kernels: broken }, "warning", /is no JSON/],
    ["QD310", { kernels: kernels({ name: "deno", programExists: false }) }, "failure", /not there/],
    ["QD310", { kernels: LATE }, "warning", /No answer/],
    [
      "QD312",
      { permissions: found({ ...permissions.value!, net: "prompt", ffi: "denied" }, "") },
      "skipped",
      /may not net, ffi/,
    ],
  ];
  await inProject({ "deno.json": {} }, async (folder) => {
    for (const [code, over, status, found] of cases) {
      await assertFinding(code, folder, { status, found, surroundings: surroundings(over) });
    }
    await assertFinding("QD311", folder, {
      status: "warning",
      found: /QISKIT_AER_CUDA is set; effect: none/,
      env: { QISKIT_AER_CUDA: "1" },
    });
  });
});

Deno.test("the real probes see a folder that cannot be written to, and a kernel that is garbled", async () => {
  await inProject(
    { "deno.json": {}, "share/jupyter/kernels/bad/kernel.json": "{" },
    async (folder) => {
      await assertFinding("QD310", folder, { status: "warning", found: /./ });
      const real = await probeEnvironment({ folder: `${folder}/deno.json/x`, ports: [] });
      const { found } = await assertFinding("QD307", folder, {
        status: "failure",
        found: /deno\.json\/x/,
        surroundings: real,
      });
      assert.ok(found.length > 0);
    },
  );
});
