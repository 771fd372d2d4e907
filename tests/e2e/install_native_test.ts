// The whole way of `qsight install`, with the real packages and a mirror on this machine. What the
// mirror serves is no library, so that the backend itself is refused in the end.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type CommandResult, runCommand } from "../../src/_internal/run_command.ts";
import { findNativePackage, type NativeName } from "../../src/tensors/native/native_package.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { lastJson, runScript } from "../tensors/_run_script.ts";
import { withSecondCopy } from "../tensors/_second_copy.ts";
import { withMirror } from "./_mirror.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DEADLINE = 600_000;
const LIBRARY = "libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz";
const BINDING = "napi-v8/4.22.0/CPU-linux-4.22.0.tar.gz";

async function missing(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `the paths are those of linux x64, this is ${process.platform} ${process.arch}`;
  }
  const tar = missingProgram("tar");
  if (tar !== undefined) return tar;
  const fetchPackages = ["cache", "--no-config", "npm:@tensorflow/tfjs-node@4.22.0"];
  const { status } = await runCommand([Deno.execPath(), ...fetchPackages], { timeout: 120_000 });
  return status === "ok" ? undefined : "the npm registry cannot be reached";
}
const reason = await missing();

/** Runs `qsight` in a project, with only those settings of mirrors and proxies that are given. */
function qsight(
  project: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const own = Object.entries(process.env).filter(([key, value]) =>
    value !== undefined && !/proxy|tfjs_|CDN_STORAGE|INIT_CWD|gyp/i.test(key)
  );
  const env = { ...Object.fromEntries(own), NO_COLOR: "1", ...settings } as Record<string, string>;
  const main = join(ROOT, "src", "cli", "main.ts");
  const run = [Deno.execPath(), "run", "-A", "--no-check", "-c", join(ROOT, "deno.json"), main];
  return runCommand([...run as [string], ...args], { cwd: project, env, timeout: DEADLINE });
}

function installed(project: string, name: NativeName): string | undefined {
  return findNativePackage(name, [project])?.folder;
}

testOrSkip(
  "qsight install node takes all from a mirror, and changes nothing else",
  reason,
  () =>
    withMirror(({ url, asked }) =>
      withSecondCopy(async (project) => {
        const before = await readdir(join(project, "node_modules"));
        const result = await qsight(project, ["install", "node"], {
          TFJS_NODE_BASE_URI: `${url}/mine/libtensorflow-`,
          npm_config_tfjs_binding_binary_host_mirror: `${url}/bindings`,
        });
        const said = result.stdout + result.stderr;
        assert.deepEqual(asked, [`/mine/${LIBRARY}`, `/bindings/${BINDING}`], said);
        assert.match(result.stdout, /ok {4}glibc: ld-linux/);
        assert.equal(result.code, 1, said);
        assert.match(said, /does not compute.*tfjs_binding\.node.*(?:file too short|invalid ELF)/s);
        assert.match(said, /no library for this system.*install:node/s);

        const folder = installed(project, "tfjs-node");
        assert.ok(folder !== undefined);
        assert.ok(existsSync(join(folder, "deps", "lib", "libtensorflow.so.2.9.1")));
        const binding = join(folder, "lib", "napi-v8", "tfjs_binding.node");
        assert.match(await readFile(binding, "utf8"), /in place of/);
        const after = await readdir(join(project, "node_modules"));
        assert.deepEqual(after.sort(), [...before, ".qsight-native"].sort());
        assert.deepEqual(await readdir(project), ["node_modules"], "no lock, no configuration");

        await checkFallBack(project);
        await checkOneCopy(project, folder);
        await checkPolyfill(folder);
        await rm(binding);
        await checkMissingBinding(project);
      })
    ),
);

async function lastLine(code: string) {
  return lastJson(await runScript(code));
}

const opening = (project: string) => `
  import process from "node:process";
  import { openTensors } from "SRC/mod.ts";
  process.chdir(${JSON.stringify(project)});
  console.log(JSON.stringify((await openTensors({ prefer: "tfjs-node" })).report));
`;

async function checkFallBack(project: string) {
  const report = await lastLine(opening(project));
  assert.equal(report.chosen, "wasm");
  assert.equal(report.found[0].status, "refused");
  assert.match(report.found[0].reason, /tfjs_binding\.node.*To mend it: run "deno task install/);
}

async function checkMissingBinding(project: string) {
  const report = await lastLine(opening(project));
  assert.equal(report.chosen, "wasm");
  assert.match(
    report.found[0].reason,
    /^The Node\.js native addon module \(tfjs_binding\.node\) can not be found at path/,
  );
}

/** The package uses the project's TensorFlow.js, not the one that came with it. */
async function checkOneCopy(project: string, folder: string) {
  const copies: string[] = await lastLine(`
    import { createRequire } from "node:module";
    const require = createRequire(${JSON.stringify(join(folder, "package.json"))});
    try { require(${JSON.stringify(folder)}); } catch {}
    console.log(JSON.stringify(Object.keys(require.cache).filter((p) => /tfjs-core.dist/.test(p))));
  `);
  const core = join(project, "node_modules", "@tensorflow", "tfjs-core", "dist", "tf-core.node.js");
  assert.deepEqual(copies, [await realpath(core)]);
}

/** The package's own function fails in Deno without what Node had until version 22. */
async function checkPolyfill(folder: string) {
  const { without, withIt } = await lastLine(`
    import { createRequire } from "node:module";
    import { installUtilPolyfill } from "SRC/native/node_polyfill.ts";
    const require = createRequire(${JSON.stringify(join(folder, "package.json"))});
    const backend = require("./dist/nodejs_kernel_backend.js");
    const call = () => {
      try {
        return backend.createTensorsTypeOpAttr("T", [{ dtype: "float32" }]).name;
      } catch (error) {
        return String(error);
      }
    };
    const without = call();
    installUtilPolyfill();
    console.log(JSON.stringify({ without, withIt: call() }));
  `);
  assert.match(without, /isNullOrUndefined\) is not a function/);
  assert.doesNotMatch(withIt, /isNullOrUndefined/);
}

testOrSkip(
  "qsight install takes library and binding from one mirror of the storage",
  reason,
  () =>
    withMirror(({ url, asked }) =>
      withSecondCopy(async (project) => {
        const settings = { TFJS_NODE_CDN_STORAGE: url };
        const { stderr } = await qsight(project, ["install", "gpu", "--force"], settings);
        assert.deepEqual(asked, [
          "/tensorflow/libtensorflow/libtensorflow-gpu-linux-x86_64-2.9.1.tar.gz",
          "/tf-builds/pre-built-binary/napi-v8/4.22.0/GPU-linux-4.22.0.tar.gz",
        ], stderr);
        assert.ok(installed(project, "tfjs-node-gpu") !== undefined);
      })
    ),
);

testOrSkip(
  "qsight install that fails leaves what there was, and tells of mirrors",
  reason,
  () =>
    withMirror(({ url }) =>
      withSecondCopy(async (project) => {
        const binding = { npm_config_tfjs_binding_binary_host_mirror: `${url}/bindings` };
        const faults = [
          { TFJS_NODE_BASE_URI: `${url}/none/libtensorflow-`, ...binding },
          { TFJS_NODE_BASE_URI: "http://127.0.0.1:1/libtensorflow-", ...binding },
          {
            TFJS_NODE_BASE_URI: `${url}/libtensorflow-`,
            npm_config_tfjs_binding_binary_host_mirror: `${url}/none`,
          },
        ];
        const said: string[] = [];
        for (const settings of faults) {
          const result = await qsight(project, ["install", "node"], settings);
          assert.equal(result.code, 1, result.stderr);
          assert.match(result.stderr, /could not be downloaded.*Nothing was changed/s);
          assert.match(result.stderr, /TFJS_NODE_CDN_STORAGE.*TFJS_NODE_BASE_URI/s);
          assert.ok(!existsSync(join(project, "node_modules", ".qsight-native")));
          said.push(result.stderr);
        }
        assert.match(said[0], /TAR_BAD_ARCHIVE/);
        assert.match(said[1], /ECONNREFUSED/);
        assert.match(said[2], /response status 404/);

        const good = { TFJS_NODE_BASE_URI: `${url}/libtensorflow-`, ...binding };
        await qsight(project, ["install", "node"], good);
        const folder = installed(project, "tfjs-node");
        assert.ok(folder !== undefined);
        await qsight(project, ["install", "node"], faults[0]);
        assert.equal(installed(project, "tfjs-node"), folder);
        assert.ok(existsSync(join(folder, "lib", "napi-v8", "tfjs_binding.node")));
        const others = await readdir(join(project, "node_modules", ".qsight-native"));
        assert.deepEqual(others, ["tfjs-node"]);
      })
    ),
);
