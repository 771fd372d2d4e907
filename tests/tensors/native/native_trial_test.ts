import assert from "node:assert/strict";
import { join } from "node:path";
import type { MachineCheck } from "../../../src/tensors/native/check_native_machine.ts";
import {
  deviceInLog,
  type NativeTrial,
  tryNativePackage,
} from "../../../src/tensors/native/native_trial.ts";
import { COMPUTES, withNativePackages } from "./_native_package.ts";

async function trial(code: string, checks: readonly MachineCheck[] = []): Promise<NativeTrial> {
  let result: NativeTrial | undefined;
  await withNativePackages({ "tfjs-node": { code } }, async (project) => {
    const folder = join(project, "node_modules", "@tensorflow", "tfjs-node");
    const found = { folder, version: "4.22.0" };
    result = await tryNativePackage(found, () => Promise.resolve(checks));
  });
  assert.ok(result !== undefined);
  return result;
}

Deno.test("tryNativePackage() sees the device, the library and what native code prints", async () => {
  const code = `const gpu = true; console.error("a line of the library"); ${COMPUTES}`;
  const { fault, gpu, library, log } = await trial(code);
  assert.deepEqual([fault, gpu, library], [undefined, true, "2.9.1"]);
  assert.match(log, /a line of the library/);
  assert.doesNotMatch(log, /qsight-native-trial/);
});

Deno.test("tryNativePackage() explains the end of its process by what the machine lacks", async () => {
  const avx = {
    wanted: "a processor with AVX",
    ok: false,
    found: "no AVX",
    fix: 'give the virtual machine the processor type "host"',
  };
  const met = { ...avx, wanted: "glibc", ok: true };
  const ends = `process.kill(process.pid, "SIGILL");`;
  assert.equal(
    (await trial(ends, [met, avx])).fault,
    "its process ended by a signal; it wants a processor with AVX, and here is no AVX: give the " +
      'virtual machine the processor type "host"',
  );
  const says = `console.error("The TensorFlow library was compiled to use AVX instructions, but " +
    "these aren't available on your machine."); ${ends}`;
  assert.match(
    (await trial(says, [avx])).fault ?? "",
    /signal: The TensorFlow library was compiled/,
  );
  assert.equal((await trial("process.exit(3);")).fault, "its process ended with code 3");
});

Deno.test("tryNativePackage() refuses a package that multiplies wrong", async () => {
  const code =
    `const gpu = false; ${COMPUTES} module.exports = { ...tf, matMul: () => tf.zeros([1]) };`;
  assert.equal((await trial(code)).fault, "a matrix product gave 0 instead of 11");
});

Deno.test("deviceInLog() reads the card from the line that makes the device", () => {
  const line =
    "Created device /job:localhost/replica:0/task:0/device:GPU:0 with 13775 MB memory:  " +
    "-> device: 0, name: NVIDIA A100-SXM4-40GB, pci bus id: 0000:00:04.0, compute capability: 8.0";
  assert.equal(deviceInLog(`noise\n${line}\n`), "NVIDIA A100-SXM4-40GB");
  assert.equal(deviceInLog("noise"), undefined);
});
