import assert from "node:assert/strict";
import {
  type HardwareSnapshot,
  probeHardware,
  type ProfileName,
  recommend,
  type Recommendation,
} from "../../src/hardware/mod.ts";
import { found, unknown } from "../../src/hardware/probe.ts";
import { answer, cgroupFiles, emptyMachine } from "./_fake_sources.ts";

const GIB = 2 ** 30;

interface Machine {
  cpus?: number;
  memory?: number;
  cgroup?: number;
  /** GiB of each card. */
  gpus?: number[];
  /** Its description, or one of these two. */
  adapter?: string;
  simd?: boolean;
}

function snapshot({ cpus = 2, memory, cgroup, gpus, adapter, simd = true }: Machine) {
  const bytes = (gib: number | undefined) =>
    gib === undefined ? unknown("not read") : found(gib * GIB, "test");
  const logical = found(cpus, "test");
  const value: HardwareSnapshot = {
    cpu: { logical, affinity: logical, cgroupLimit: unknown("-"), usable: cpus, reason: "test" },
    memory: {
      totalBytes: bytes(memory),
      availableBytes: bytes(memory),
      cgroupLimitBytes: bytes(cgroup),
    },
    simd: { simd, relaxed: simd },
    gpus: gpus === undefined ? { status: "absent", reason: "nvidia-smi is not installed" } : found(
      gpus.map((gib, index) => ({
        index,
        name: "card",
        memoryBytes: gib === 0 ? null : gib * GIB,
        freeBytes: null,
        driver: null,
        cuda: null,
        mig: null,
      })),
      "test",
    ),
    webgpu: adapter === undefined ? { status: "absent", reason: "no navigator.gpu" } : found({
      description: adapter === "software" ? "llvmpipe" : adapter,
      vendor: "",
      architecture: "",
      software: adapter === "software",
    }, "test"),
    runtime: { name: "deno", version: "2.9.6", v8: "15" },
    platform: { os: "linux", arch: "x64", release: "6" },
    container: { status: "absent", reason: "none" },
    wsl: { status: "absent", reason: "none" },
    milliseconds: 1,
  };
  return value;
}

type Row = [
  profile: ProfileName,
  backend: Recommendation["backend"],
  batchSize: number,
  workers: number,
  replicas: number,
  quantumWires: number,
];

// What each machine is told, settled by hand.
const GOLDEN: [string, Machine, Row][] = [
  ["2 CPUs, 24 GiB, no GPU", { memory: 23 }, ["cpu-medium", "wasm", 32, 2, 2, 20]],
  ["the same with Mesa's software adapter", { memory: 23, adapter: "software" }, [
    "cpu-medium",
    "wasm",
    32,
    2,
    2,
    20,
  ]],
  ["no WebAssembly SIMD", { memory: 8, simd: false }, ["cpu-medium", "cpu", 32, 2, 2, 20]],
  ["1 CPU, 1 GiB", { cpus: 1, memory: 1 }, ["cpu-small", "wasm", 16, 1, 1, 18]],
  ["1 CPU, 64 GiB", { cpus: 1, memory: 64 }, ["cpu-small", "wasm", 32, 1, 1, 20]],
  ["4 CPUs, 512 MB", { cpus: 4, memory: 0.5 }, ["cpu-small", "wasm", 16, 1, 1, 17]],
  ["16 CPUs in a 4 GiB group", { cpus: 16, memory: 60, cgroup: 4 }, [
    "cpu-medium",
    "wasm",
    32,
    2,
    2,
    19,
  ]],
  ["8 CPUs, 16 GiB", { cpus: 8, memory: 16 }, ["cpu-large", "wasm", 32, 8, 4, 20]],
  ["64 CPUs, 256 GiB", { cpus: 64, memory: 256 }, ["cpu-large", "wasm", 32, 8, 4, 20]],
  ["unknown memory", {}, ["cpu-medium", "wasm", 32, 2, 2, 19]],
  ["laptop GPU of 6 GiB", { cpus: 8, memory: 16, gpus: [6], adapter: "gpu" }, [
    "gpu-small",
    "webgpu",
    16,
    8,
    1,
    20,
  ]],
  ["one card of 8 GiB", { memory: 16, gpus: [7.8], adapter: "gpu" }, [
    "gpu-medium",
    "webgpu",
    32,
    2,
    1,
    20,
  ]],
  ["two cards of 11 GiB, which are not one of 22", {
    memory: 64,
    gpus: [11, 11],
    adapter: "gpu",
  }, ["gpu-medium", "webgpu", 32, 2, 1, 20]],
  ["a card of 24 GiB beside one of 8", { memory: 64, gpus: [8, 24], adapter: "gpu" }, [
    "gpu-large",
    "webgpu",
    64,
    2,
    1,
    19,
  ]],
  ["an A100 of 80 GiB", { cpus: 16, memory: 128, gpus: [80], adapter: "gpu" }, [
    "gpu-large",
    "webgpu",
    64,
    8,
    1,
    19,
  ]],
  ["an A100 without WebGPU", { cpus: 16, memory: 128, gpus: [80] }, [
    "cpu-large",
    "wasm",
    32,
    8,
    4,
    20,
  ]],
  ["a card that does not tell its memory", { memory: 64, gpus: [0], adapter: "gpu" }, [
    "gpu-medium",
    "webgpu",
    32,
    2,
    1,
    20,
  ]],
  ["a large card that the adapter is not", { memory: 64, gpus: [24], adapter: "Intel UHD" }, [
    "gpu-medium",
    "webgpu",
    32,
    2,
    1,
    20,
  ]],
  ["an integrated GPU in 4 GiB", { memory: 4, adapter: "Apple M1" }, [
    "gpu-small",
    "webgpu",
    16,
    2,
    1,
    20,
  ]],
];

const ROW = ["profile", "backend", "batchSize", "workers", "replicas", "quantumWires"] as const;

for (const [name, machine, row] of GOLDEN) {
  Deno.test(`recommend() for ${name}`, () => {
    const found = recommend(snapshot(machine));
    assert.deepEqual(ROW.map((key) => found[key]), row);
    const settings = [...ROW.slice(0, 5), "quantumBackend", "quantumWires"];
    assert.deepEqual(Object.keys(found.why), settings);
    assert.deepEqual(found.reasons, Object.values(found.why));
    assert.equal(new Set(found.reasons).size, 7);
  });
}

Deno.test("recommend() asks for the sampler that the engine can run", () => {
  const machine = snapshot({ memory: 16 });
  const sampler = (simd: boolean, relaxed: boolean) =>
    recommend({ ...machine, simd: { simd, relaxed } }).quantumBackend;
  assert.equal(sampler(true, true), "wasm-relaxed");
  assert.equal(sampler(true, false), "wasm-plain");
  assert.equal(sampler(false, false), "typescript");
});

Deno.test("recommend() marks what it had to assume, and nothing else", () => {
  const assumed = (machine: Machine) => recommend(snapshot(machine)).assumed;
  assert.deepEqual(assumed({ memory: 16 }), []);
  assert.deepEqual(assumed({ memory: 16, gpus: [8], adapter: "gpu" }), []);
  const byMemory = ["profile", "batchSize", "workers", "replicas", "quantumWires"];
  assert.deepEqual(assumed({}), byMemory);
  const byGpu = ["profile", "batchSize", "quantumWires"];
  assert.deepEqual(assumed({ memory: 16, gpus: [0], adapter: "gpu" }), byGpu);
});

Deno.test("recommend() for a machine about which nothing is known assumes a small one and says so", async () => {
  const machine = await probeHardware({ sources: emptyMachine() });
  const { why, assumed, ...settings } = recommend(machine);
  assert.deepEqual(ROW.map((key) => settings[key]), ["cpu-small", "cpu", 32, 1, 1, 19]);
  assert.deepEqual(assumed, ["profile", "batchSize", "workers", "replicas", "quantumWires"]);
  assert.match(why.workers, /Assumed 1: nothing could be read.*assumed 4\.0 GiB/);
  assert.match(why.backend, /no navigator\.gpu, and this engine has no WebAssembly SIMD/);
});

Deno.test("recommend() for a control group of half a CPU takes one worker, whatever the machine has", async () => {
  const machine = await probeHardware({
    sources: emptyMachine({
      readText: cgroupFiles("v1_limited"),
      logicalCpus: () => 64,
      totalMemory: () => 256 * GIB,
      freeMemory: () => 200 * GIB,
    }),
  });
  const { profile, workers, replicas, why } = recommend(machine);
  assert.deepEqual([profile, workers, replicas], ["cpu-small", 1, 1]);
  assert.match(why.workers, /1 usable CPU \(Control group .*1\.0 GiB of memory/);
});

for (
  const [name, csv, list, profile, batchSize] of [
    ["two cards", "two_gpus", "none", "gpu-medium", 32],
    ["an A100", "a100", "none", "gpu-large", 64],
    ["MIG instances of 20 and 5 GB", "mig", "mig_list", "gpu-large", 64],
    ["MIG instances of 5 GB", "mig_small", "mig_small_list", "gpu-small", 16],
    ["a card that says [N/A]", "not_available", "none", "gpu-medium", 32],
    ["garbage", "garbage", "none", "gpu-medium", 32],
  ] as const
) {
  Deno.test(`recommend() for what nvidia-smi says of ${name}`, async () => {
    const info = { description: "NVIDIA", vendor: "nvidia" };
    const machine = await probeHardware({
      sources: emptyMachine({
        run: ({ 1: first }) => Promise.resolve(answer("ok", first === "-L" ? list : csv)),
        gpu: () => ({ requestAdapter: () => Promise.resolve({ info }) }),
        totalMemory: () => 64 * GIB,
        freeMemory: () => 60 * GIB,
      }),
    });
    const found = recommend(machine);
    assert.deepEqual([found.profile, found.batchSize], [profile, batchSize]);
    const told = !["not_available", "garbage"].includes(csv);
    assert.equal(found.assumed.includes("batchSize"), !told);
  });
}

Deno.test("recommend() names the card that WebGPU does not reach", () => {
  const { why } = recommend(snapshot({ memory: 64, gpus: [24] }));
  assert.match(why.backend, /card is reached by TensorFlow's C library/);
});

Deno.test("recommend() is pure: a frozen snapshot gives the same answer twice", () => {
  const machine = Object.freeze(snapshot({ memory: 16 }));
  assert.deepEqual(recommend(machine), recommend(machine));
});
