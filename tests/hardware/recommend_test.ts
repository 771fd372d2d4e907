import assert from "node:assert/strict";
import { type HardwareSnapshot, recommend } from "../../src/hardware/mod.ts";
import { found, unknown } from "../../src/hardware/probe.ts";

const GIB = 2 ** 30;

interface Machine {
  cpus?: number;
  memory?: number;
  cgroup?: number;
  /** GiB of each card. */
  gpus?: number[];
  adapter?: "gpu" | "software";
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
      description: adapter === "gpu" ? "a GPU" : "llvmpipe",
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

// What each machine is told, settled by hand: backend, batch size, workers, wires.
const GOLDEN: [string, Machine, [string, number, number, number]][] = [
  ["2 CPUs, 24 GiB, no GPU", { memory: 23 }, ["wasm", 32, 2, 20]],
  ["the same with a software adapter", { memory: 23, adapter: "software" }, ["wasm", 32, 2, 20]],
  ["no WebAssembly SIMD", { memory: 8, simd: false }, ["cpu", 32, 2, 20]],
  ["1 CPU, 1 GiB", { cpus: 1, memory: 1 }, ["wasm", 16, 1, 18]],
  ["16 CPUs in a 4 GiB group", { cpus: 16, memory: 60, cgroup: 4 }, ["wasm", 32, 2, 19]],
  ["64 CPUs, 256 GiB", { cpus: 64, memory: 256 }, ["wasm", 32, 8, 20]],
  ["nothing known", {}, ["wasm", 32, 2, 19]],
  ["laptop GPU of 6 GiB", { cpus: 8, memory: 16, gpus: [6], adapter: "gpu" }, [
    "webgpu",
    16,
    8,
    20,
  ]],
  ["one card of 8 GiB", { memory: 16, gpus: [7.8], adapter: "gpu" }, ["webgpu", 32, 2, 20]],
  ["two cards of 11 GiB are not one of 22", { memory: 64, gpus: [11, 11], adapter: "gpu" }, [
    "webgpu",
    32,
    2,
    20,
  ]],
  ["a card of 24 GiB beside one of 8", { memory: 64, gpus: [8, 24], adapter: "gpu" }, [
    "webgpu",
    64,
    2,
    19,
  ]],
  ["a card that does not tell its memory", { memory: 64, gpus: [0], adapter: "gpu" }, [
    "webgpu",
    32,
    2,
    20,
  ]],
  ["a card without WebGPU", { memory: 64, gpus: [24] }, ["wasm", 32, 2, 20]],
];

for (const [name, machine, [backend, batchSize, workers, quantumWires]] of GOLDEN) {
  Deno.test(`recommend() for ${name}`, () => {
    const { reasons, ...settings } = recommend(snapshot(machine));
    assert.deepEqual(settings, { backend, batchSize, workers, quantumWires });
    assert.equal(reasons.length, 4);
  });
}

Deno.test("recommend() marks what it had to assume", () => {
  const assumed = (machine: Machine) =>
    recommend(snapshot(machine)).reasons.filter((reason) => /assumed/.test(reason)).length;
  assert.equal(assumed({}), 3);
  assert.equal(assumed({ memory: 16 }), 0);
  assert.equal(assumed({ memory: 16, gpus: [0], adapter: "gpu" }), 1);
});

Deno.test("recommend() is pure: a frozen snapshot gives the same answer twice", () => {
  const machine = Object.freeze(snapshot({ memory: 16 }));
  assert.deepEqual(recommend(machine), recommend(machine));
});
