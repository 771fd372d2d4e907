import assert from "node:assert/strict";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { findNativePackage } from "../../../src/tensors/native/native_package.ts";
import { COMPUTES, withNativePackages } from "./_native_package.ts";
import { lastJson, runBundledInNode, runScript } from "../_run_script.ts";

const ON_CPU = { code: `const gpu = false; ${COMPUTES}` };

/** Opens tensors with each of the options in turn, in a process that stands in the folder. */
function opening(folder: string, options: readonly unknown[]): string {
  return `
    import process from "node:process";
    import { openTensors } from "SRC/mod.ts";
    process.chdir(${JSON.stringify(folder)});
    const seen = [];
    for (const options of ${JSON.stringify(options)}) {
      try {
        const { tf, report } = await openTensors(options);
        seen.push({ ...report, active: tf.getBackend(), sum: tf.tidy(() => tf.sum([1, 2]).dataSync()[0]) });
      } catch (error) {
        seen.push({ error: error.message });
      }
    }
    console.log("\\n" + JSON.stringify(seen));
  `;
}

interface Seen {
  readonly error: string;
  readonly chosen: string;
  readonly active: string;
  readonly device: string;
  readonly why: string;
  readonly sum: number;
  readonly versions: Record<string, string>;
  readonly found: { readonly name: string; readonly status: string; readonly reason: string }[];
}

async function open(folder: string, options: readonly unknown[]): Promise<Seen[]> {
  return lastJson(await runScript(opening(folder, options)));
}

const installed = findNativePackage("tfjs-node") ?? findNativePackage("tfjs-node-gpu");

testOrSkip(
  "openTensors() says how to install a native package that is not there",
  installed === undefined ? undefined : `${installed.folder} is installed`,
  async () => {
    const [fallen, required] = await open("/", [{ prefer: ["gpu", "tfjs-node"] }, {
      require: "tfjs-node",
    }]);
    const reasons = Object.fromEntries(fallen.found.map(({ name, reason }) => [name, reason]));
    assert.match(reasons["tfjs-node-gpu"], /not installed \("deno task install:gpu" would\)/);
    assert.match(reasons["tfjs-node"], /not installed \("deno task install:node" would\)/);
    assert.equal(fallen.chosen, "wasm");
    assert.match(required.error, /none of tfjs-node can be used here.*install:node/s);
  },
);

Deno.test("openTensors() admits tfjs-node after the proof, and names what computes", async () => {
  await withNativePackages({ "tfjs-node": ON_CPU }, async (folder) => {
    const [{ error, ...report }] = await open(folder, [{ require: "tfjs-node" }]);
    assert.equal(error, undefined);
    assert.deepEqual([report.chosen, report.active, report.sum], ["tfjs-node", "tensorflow", 3]);
    assert.equal(report.device, "the CPU, by TensorFlow 2.9.1");
    assert.match(report.why, /passed the proof \(TensorFlow 2\.9\.1 on the CPU\)/);
    assert.equal(report.versions["libtensorflow"], "2.9.1");
  });
});

testOrSkip("openTensors() admits tfjs-node in Node too", missingProgram("node"), async () => {
  await withNativePackages({ "tfjs-node": ON_CPU }, async (folder) => {
    const [report]: Seen[] = lastJson(await runBundledInNode(opening(folder, [{}])));
    assert.deepEqual([report.chosen, report.active, report.sum], ["tfjs-node", "tensorflow", 3]);
  });
});

Deno.test("openTensors() keeps native tensors beside others, and goes back and forth", async () => {
  await withNativePackages({ "tfjs-node": ON_CPU }, async (folder) => {
    const tiers = ["tfjs-node", "wasm", "tfjs-node"].map((require) => ({ require }));
    const seen = await open(folder, tiers);
    assert.deepEqual(seen.map(({ active }) => active), ["tensorflow", "wasm", "tensorflow"]);
    assert.match(seen[2].why, /switched from wasm/);
    assert.match(seen[2].device, /TensorFlow 2\.9\.1/);
  });
});

Deno.test("openTensors() refuses a native package that computes wrong numbers", async () => {
  const wrong = `
    const right = tf.getKernel("Conv2DBackpropFilter", "tensorflow");
    tf.unregisterKernel(right.kernelName, "tensorflow");
    tf.registerKernel({ ...right, kernelFunc: () => tf.zeros([2, 2, 1, 1]) });
  `;
  const code = `const gpu = false; ${COMPUTES} ${wrong}`;
  await withNativePackages({ "tfjs-node": { code } }, async (folder) => {
    const [report] = await open(folder, [{}]);
    const line = report.found.find(({ name }) => name === "tfjs-node");
    assert.equal(line?.status, "refused");
    assert.match(line?.reason ?? "", /filter gradient of a convolution gave 0 0 0 0/);
    assert.equal(report.active, "wasm");
  });
});

/** What the library prints where CUDA 11.2 is missing; it goes on with the CPU then. */
const NO_CUDNN = "W tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load " +
  "dynamic library 'libcudnn.so.8'; dlerror: libcudnn.so.8: cannot open shared object file: No " +
  "such file or directory";

Deno.test("openTensors() finds out a GPU package that computes on the CPU in silence", async () => {
  const says = `process.stderr.write(${JSON.stringify(NO_CUDNN + "\n")});`;
  const loud = { code: `const gpu = false; ${says} ${COMPUTES}` };
  await withNativePackages({ "tfjs-node-gpu": loud }, async (folder) => {
    const [report, required] = await open(folder, [{ prefer: "tfjs-node-gpu" }, {
      require: "gpu",
    }]);
    assert.equal(report.active, "wasm");
    const { status, reason } = report.found[0];
    assert.equal(status, "refused");
    assert.match(
      reason,
      /computes on the CPU: .*'libcudnn\.so\.8'; dlerror.*CUDA 11\.2 and cuDNN 8/,
    );
    assert.match(reason, /LD_LIBRARY_PATH/);
    assert.match(
      required.error,
      /none of tfjs-node-gpu, webgpu can be used here.*libcudnn\.so\.8/s,
    );
  });
  await withNativePackages({ "tfjs-node-gpu": ON_CPU }, async (folder) => {
    const [report] = await open(folder, [{ prefer: "tfjs-node-gpu" }]);
    assert.match(report.found[0].reason, /^it loads, but computes on the CPU/);
  });
});

Deno.test('openTensors() meets require "gpu" by a GPU package on a GPU, and names the card', async () => {
  const made = "I tensorflow/core/common_runtime/gpu/gpu_device.cc:1532] Created device " +
    "/job:localhost/replica:0/task:0/device:GPU:0 with 13775 MB memory:  -> device: 0, " +
    "name: Tesla T4, pci bus id: 0000:00:04.0, compute capability: 7.5\n";
  const code = `const gpu = true; process.stderr.write(${JSON.stringify(made)}); ${COMPUTES}`;
  await withNativePackages({ "tfjs-node-gpu": { code } }, async (folder) => {
    const [report] = await open(folder, [{ require: "gpu" }]);
    assert.equal(report.chosen, "tfjs-node-gpu");
    assert.equal(report.device, "Tesla T4, by TensorFlow 2.9.1");
  });
});

Deno.test("openTensors() outlives a native package that ends its process", async () => {
  for (const signal of ["SIGILL", "SIGABRT"]) {
    const code = `process.kill(process.pid, "${signal}");`;
    await withNativePackages({ "tfjs-node": { code } }, async (folder) => {
      const [report] = await open(folder, [{ prefer: "tfjs-node" }]);
      assert.match(report.found[0].reason, /^its process ended by a signal/);
      assert.equal(report.active, "wasm");
    });
  }
});

Deno.test("openTensors() explains a missing binding and a package of another version", async () => {
  // The whole text of 4.22.0; the test of the install sees the real package say it.
  const text = "The Node.js native addon module (tfjs_binding.node) can not be found at path: " +
    "/p/lib/napi-v8/tfjs_binding.node. \\nPlease run command 'npm rebuild @tensorflow/tfjs-node " +
    "--build-addon-from-source' to rebuild the native addon module.";
  const broken = { code: `throw new Error("${text}");` };
  const old = { code: "", version: "3.21.1" };
  await withNativePackages({ "tfjs-node": broken, "tfjs-node-gpu": old }, async (folder) => {
    const [report] = await open(folder, [{ prefer: ["tfjs-node", "tfjs-node-gpu"] }]);
    assert.match(report.found[0].reason, /can not be found at path.*Deno ignores scripts/);
    assert.match(report.found[0].reason, /deno task install:node/);
    assert.match(report.found[1].reason, /tfjs-node-gpu 3\.21\.1 in .* does not fit .* 4\.22\.0/);
    assert.equal(report.active, "wasm");
  });
});

Deno.test("openTensors() says that one process takes one of the native packages", async () => {
  const onGpu = { code: `const gpu = true; ${COMPUTES}` };
  await withNativePackages({ "tfjs-node": ON_CPU, "tfjs-node-gpu": onGpu }, async (folder) => {
    const tiers = [{ require: "tfjs-node" }, { require: "tfjs-node-gpu" }, {}];
    const [first, second, third] = await open(folder, tiers);
    assert.equal(first.chosen, "tfjs-node");
    assert.match(second.error, /has loaded @tensorflow\/tfjs-node, .*restart to change/);
    assert.equal(third.chosen, "tfjs-node", "what was open stays open");
  });
});

Deno.test("openTensors() takes the native backend that a cell has loaded by itself", async () => {
  await withNativePackages({ "tfjs-node": ON_CPU }, async (folder) => {
    const seen = lastJson(
      await runScript(`
      import { createRequire } from "node:module";
      import { openTensors } from "SRC/mod.ts";
      const theirs = createRequire(${JSON.stringify(`${folder}/here.js`)})("@tensorflow/tfjs-node");
      const gpu = await openTensors({ require: "gpu" }).catch((error) => error.message);
      const { tf, report } = await openTensors({ require: "tfjs-node" });
      const same = tf.engine() === theirs.engine();
      console.log("\\n" + JSON.stringify({ gpu, same, chosen: report.chosen, why: report.why }));
    `),
    );
    assert.deepEqual([seen.same, seen.chosen], [true, "tfjs-node"]);
    assert.match(seen.why, /^tfjs-node is first and passed the proof/);
    assert.match(seen.gpu, /this process has loaded @tensorflow\/tfjs-node/);
  });
});
