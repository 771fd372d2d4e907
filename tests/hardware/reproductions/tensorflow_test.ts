import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADAPTER, FOUND_ADAPTER } from "../../tensors/_software_adapter.ts";
import { CURED, deno, missingNode, node, reproduce, ROOT, withFiles } from "./_reproduce.ts";

const CONFIG = join(ROOT, "deno.json");
const TENSORS = `file://${join(ROOT, "src/tensors/mod.ts")}`;

/** TensorFlow.js as it comes. */
const plain = (backend: string) =>
  `import * as tf from "@tensorflow/tfjs";
  import "@tensorflow/tfjs-backend-${backend}";
  await tf.setBackend("${backend}");`;

/** TensorFlow.js as this project opens it. */
const opened = `import { openTensors } from ${JSON.stringify(TENSORS)};
  const { tf } = await openTensors({ prefer: "wasm" });`;

/** A program of Deno; graphics drivers get a folder for their sockets. */
const program = (start: string, rest: string) => () =>
  withFiles(
    { "main.js": `${start}\n${rest}` },
    (folder) =>
      deno(["run", "-A", "--no-check", "-c", CONFIG, `${folder}/main.js`], {
        env: { XDG_RUNTIME_DIR: folder },
      }),
    tmpdir(),
  );

const train = `
  const model = tf.sequential({ layers: [
    tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 1, kernelSize: 3 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 1 }),
  ] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await model.fit(tf.ones([2, 6, 6, 1]), tf.ones([2, 1]), { epochs: 1, verbose: 0 });
  console.log("${CURED}");`;
const pool = `
  const x = tf.tensor4d([-4, -3, -1, -2], [1, 2, 2, 1]);
  const gradient = await tf.grad((x) => tf.maxPool(x, 2, 2, "valid").sum())(x).data();
  console.log("gradient " + gradient.join());
  if (gradient.join() === "0,0,1,0") console.log("${CURED}");`;

/** WebGPU has the kernels, where there is an adapter. */
const onWebGpu = (rest: string) =>
  ADAPTER === null
    ? { notHere: { environment: `WebGPU wants an adapter: ${FOUND_ADAPTER}` } }
    : { environment: program(plain("webgpu"), rest) };

for (
  const [row, rest, silent] of [["QC101", train], ["QC102", pool, /^gradient 1,0,0,0$/m]] as const
) {
  const { environment, notHere } = onWebGpu(rest);
  reproduce({
    row,
    silent,
    fault: program(plain("wasm"), rest),
    tiers: { code: program(opened, rest), ...(environment && { environment }) },
    notHere,
  });
}

/** TensorFlow.js in one bundle, or beside it. */
async function bundled(paths: string, packages: "bundle" | "external") {
  const esbuild = await import("esbuild");
  const main = `const tf = require("@tensorflow/tfjs");
    const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");
    ${paths}
    tf.ready().then(() => {
      if (tf.getBackend() === "wasm") console.log("${CURED}"); else process.exitCode = 1;
    });`;
  return await withFiles({ "main.cjs": main }, async (folder) => {
    try {
      await esbuild.build({
        entryPoints: [join(folder, "main.cjs")],
        bundle: true,
        packages,
        platform: "node",
        format: "cjs",
        outfile: join(folder, "bundle.cjs"),
        logLevel: "silent",
      });
    } finally {
      await esbuild.stop();
    }
    return await node([join(folder, "bundle.cjs")]);
  });
}

const dist = join(ROOT, "node_modules/@tensorflow/tfjs-backend-wasm/dist/");
reproduce({
  row: "QC103",
  missing: await missingNode(20, 22, 24),
  fault: () => bundled("", "bundle"),
  tiers: {
    configuration: () => bundled("", "external"),
    code: () => bundled(`setWasmPaths(${JSON.stringify(dist)});`, "bundle"),
  },
});
