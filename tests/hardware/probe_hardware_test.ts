import assert from "node:assert/strict";
import { type HardwareSources, probeHardware } from "../../src/hardware/mod.ts";
import { emptyMachine, SOFTWARE_NAMES } from "./_fake_sources.ts";

const forever = () => new Promise<never>(() => {});

/** Sources in which every call throws at once, rejects, or never answers. */
function brokenSources(call: () => never | Promise<never>): Partial<HardwareSources> {
  const thrown = () => {
    throw new Error("broken on purpose");
  };
  return emptyMachine({
    readText: call,
    run: call,
    gpu: thrown,
    validate: thrown,
    logicalCpus: thrown,
    totalMemory: thrown,
    freeMemory: thrown,
    platform: thrown,
    sleep: () => Promise.resolve(),
  });
}

Deno.test("probeHardware() finds nothing on an empty machine and says so for each value", async () => {
  const { cpu, memory, simd, gpus, webgpu, runtime, container } = await probeHardware({
    sources: emptyMachine(),
  });
  assert.deepEqual(simd, { simd: false, relaxed: false });
  assert.equal(runtime.name, "other");
  assert.equal(cpu.usable, 1);
  assert.match(cpu.reason, /^Assumed/);
  const probes = [cpu.logical, cpu.affinity, cpu.cgroupLimit, gpus, webgpu, container];
  for (const probe of [...probes, ...Object.values(memory)]) {
    assert.notEqual(probe.status, "ok");
    assert.equal(probe.value, undefined);
    assert.ok(probe.reason.length > 10, probe.reason);
  }
});

for (
  const [name, call] of [
    ["throws", () => {
      throw new Error("broken on purpose");
    }],
    ["rejects", () => Promise.reject(new Error("broken on purpose"))],
    ["never answers", forever],
  ] as const
) {
  Deno.test(`probeHardware() does not throw where every source ${name}`, async () => {
    const snapshot = await probeHardware({ sources: brokenSources(call) });
    assert.equal(snapshot.gpus.status, "unknown");
    assert.equal(snapshot.cpu.affinity.status, "unknown");
    assert.equal(snapshot.platform.os, "unknown");
    assert.equal(snapshot.cpu.usable, 1);
  });
}

Deno.test("probeHardware() calls a probe that hangs unknown, within its deadline", async () => {
  const hung = { requestAdapter: forever };
  const start = performance.now();
  const { webgpu, gpus } = await probeHardware({
    timeout: 50,
    sources: { gpu: () => hung, mayHaveGpuDevice: () => true, run: forever },
  });
  assert.equal(webgpu.status, "unknown");
  assert.match(webgpu.reason, /No answer within 50 ms/);
  assert.equal(gpus.status, "unknown");
  assert.ok(performance.now() - start < 5000);
});

Deno.test("probeHardware() gives nvidia-smi the same deadline and asks for it by name", async () => {
  const calls: [readonly string[], number][] = [];
  await probeHardware({
    timeout: 777,
    sources: emptyMachine({
      run: (command, deadline) => {
        calls.push([command, deadline]);
        return Promise.resolve({ status: "absent", code: null, stdout: "", stderr: "" });
      },
    }),
  });
  assert.equal(calls.length, 1);
  assert.equal(calls[0][0][0], "nvidia-smi");
  assert.equal(calls[0][1], 777);
});

Deno.test("probeHardware() looks once, again on refresh, and keeps injected sources apart", async () => {
  const first = await probeHardware();
  assert.equal(await probeHardware(), first);
  await probeHardware({ sources: emptyMachine() });
  assert.equal(await probeHardware(), first);
  const again = await probeHardware({ refresh: true });
  assert.notEqual(again, first);
  assert.equal(await probeHardware(), again);
});

Deno.test("probeHardware() freezes its snapshot to the last value, ready for JSON", async () => {
  const snapshot = await probeHardware();
  assert.throws(() => ((snapshot.cpu.logical as { value: number }).value = 64), TypeError);
  assert.deepEqual(JSON.parse(JSON.stringify(snapshot)), snapshot);
});

Deno.test("probeHardware() reads this machine: processors, memory, runtime", async () => {
  const { cpu, memory, runtime, platform } = await probeHardware();
  assert.equal(cpu.logical.value, navigator.hardwareConcurrency);
  assert.equal(memory.totalBytes.value, Deno.systemMemoryInfo().total);
  assert.deepEqual(runtime, { name: "deno", version: Deno.version.deno, v8: Deno.version.v8 });
  assert.equal(platform.os, Deno.build.os === "windows" ? "win32" : Deno.build.os);
});

Deno.test("probeHardware() counts an affinity list with ranges", async () => {
  const status = "Name:\tdeno\nCpus_allowed:\t0f1\nCpus_allowed_list:\t0,4-7\n";
  const { cpu } = await probeHardware({
    sources: emptyMachine({
      logicalCpus: () => 16,
      readText: (path) =>
        path === "/proc/self/status" ? Promise.resolve(status) : emptyMachine().readText(path),
    }),
  });
  assert.equal(cpu.affinity.value, 5);
  assert.equal(cpu.usable, 5);
});

Deno.test("probeHardware() tells software adapters from GPUs", async () => {
  const adapter = (info: object) => ({
    gpu: () => ({ requestAdapter: () => Promise.resolve({ info }) }),
  });
  const of = async (info: object) =>
    (await probeHardware({ sources: emptyMachine(adapter(info)) })).webgpu.value;
  for (const description of SOFTWARE_NAMES) {
    assert.equal((await of({ description }))?.software, true, description);
  }
  assert.equal((await of({ description: "an adapter", vendor: "llvmpipe" }))?.software, true);
  assert.equal((await of({ description: "NVIDIA Warped Core" }))?.software, false);
  assert.equal((await of({ description: "odd", isFallbackAdapter: true }))?.software, true);
  assert.equal((await of({ description: "Apple M2" }))?.software, false);
  assert.equal((await of({}))?.description, "no description");
  const none = emptyMachine({ gpu: () => ({ requestAdapter: () => Promise.resolve(null) }) });
  assert.equal((await probeHardware({ sources: none })).webgpu.status, "absent");
});

Deno.test("probeHardware() asks for no adapter where there is no GPU device", async () => {
  let asked = 0;
  const requestAdapter = () => {
    asked++;
    return Promise.resolve({ info: { description: "llvmpipe" } });
  };
  const of = async (device: boolean) =>
    (await probeHardware({
      sources: emptyMachine({ gpu: () => ({ requestAdapter }), mayHaveGpuDevice: () => device }),
    })).webgpu;
  const { status, reason } = await of(false);
  assert.deepEqual([status, asked], ["absent", 0]);
  assert.match(reason, /no GPU device/);
  assert.deepEqual([(await of(true)).status, asked], ["ok", 1]);
});

Deno.test("probeHardware() checks SIMD by modules that an engine without it refuses", async () => {
  const seen: number[] = [];
  const { simd } = await probeHardware({
    sources: emptyMachine({
      validate: (module) => {
        seen.push(module.length);
        return seen.length === 1;
      },
    }),
  });
  assert.deepEqual(simd, { simd: true, relaxed: false });
  // The modules themselves: whole, and not accepted once an opcode is no SIMD opcode.
  await probeHardware({
    sources: emptyMachine({
      validate: (module) => {
        assert.ok(WebAssembly.validate(module), "this engine has both");
        const broken = module.slice();
        broken[broken.lastIndexOf(253)] = 6;
        assert.equal(WebAssembly.validate(broken), false);
        return true;
      },
    }),
  });
});

Deno.test("probeHardware() names a container by its marks", async () => {
  const withFile = (file: string, text: string) =>
    emptyMachine({
      readText: (path) => path === file ? Promise.resolve(text) : emptyMachine().readText(path),
    });
  const of = async (file: string, text: string) =>
    (await probeHardware({ sources: withFile(file, text) })).container.value;
  assert.equal(await of("/.dockerenv", ""), "docker");
  assert.equal(await of("/run/.containerenv", 'engine="podman"'), "podman");
  assert.equal(await of("/proc/1/cgroup", "1:cpu:/kubepods/burstable/pod1\n"), "kubepods");
  assert.equal(await of("/proc/1/cgroup", "0::/init.scope\n"), undefined);
});

Deno.test("probeHardware() without permissions answers unknown instead of asking", async () => {
  const module = new URL("../../src/hardware/mod.ts", import.meta.url).href;
  const script = `import { probeHardware } from ${JSON.stringify(module)};
    const { gpus, memory, cpu } = await probeHardware();
    console.log(JSON.stringify([gpus.status, memory.totalBytes.status, cpu.affinity.status]));`;
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", `data:text/typescript,${encodeURIComponent(script)}`],
    stdin: "null",
    stderr: "null",
  }).output();
  assert.ok(success);
  assert.deepEqual(
    JSON.parse(new TextDecoder().decode(stdout)),
    ["unknown", "unknown", "unknown"],
  );
});

Deno.test("probeHardware() changes no environment variable", async () => {
  const before = Deno.env.toObject();
  await probeHardware({ refresh: true });
  assert.deepEqual(Deno.env.toObject(), before);
});

Deno.test("probeHardware() rejects an option it does not know, naming the nearest", () => {
  assert.throws(
    () => probeHardware({ refesh: true } as object),
    (error: Error) => error instanceof TypeError && /refesh.*refresh/s.test(error.message),
  );
});
