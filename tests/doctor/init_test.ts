import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { runCommand } from "../../src/_internal/run_command.ts";
import { initProject } from "../../src/doctor/templates/init_project.ts";
import { TEMPLATE_NAMES } from "../../src/doctor/templates/template.ts";
import { COMPATIBILITY_MATRIX } from "../../src/hardware/compatibility/compatibility_matrix.ts";
import { executeNotebook } from "../../src/runner/execute/execute_notebook.ts";
import { findKernel } from "../../src/runner/kernels/kernel_spec.ts";
import { parseNotebook } from "../../src/runner/notebook/load_notebook.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { findingsOf, inProject, ROOT, writeProject } from "./_project.ts";

/** All files of a project with their bytes and modes, packages left out. */
async function snapshot(folder: string): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.includes("node_modules")) continue;
    out[path.slice(folder.length)] = `${(await stat(path)).mode} ${await readFile(path, "utf8")}`;
  }
  return out;
}

Deno.test("initProject() writes every template, and twice does no more than once", async () => {
  await inProject({}, async (folder) => {
    const files = await initProject(folder, { npm: true });
    assert.deepEqual(
      [...new Set(files.map(({ template }) => template))].sort(),
      [...TEMPLATE_NAMES].sort(),
    );
    assert.ok(files.every(({ action, drift }) => action === "write" && drift.length === 0));
    const lock = await readFile(new URL("deno.lock", ROOT), "utf8");
    assert.equal(await readFile(join(folder, "deno.lock"), "utf8"), lock);
    const before = await snapshot(folder);
    assert.equal(Object.keys(before).length, files.length);
    const again = await initProject(folder, { npm: true });
    assert.ok(again.every(({ action, drift }) => action === "keep" && drift.length === 0));
    assert.deepEqual(await snapshot(folder), before);
  });
});

Deno.test("initProject() with dryRun writes nothing", async () => {
  await inProject({}, async (folder) => {
    assert.ok(
      (await initProject(folder, { dryRun: true })).some(({ action }) => action === "write"),
    );
    assert.deepEqual(await readdir(folder), []);
  });
});

Deno.test("initProject() keeps what the user wrote, and says where it differs", async () => {
  const imports = { zod: "npm:zod@3.0.0", mine: "./mine.ts" };
  const kernel = { argv: ["/old/deno", "jupyter"], display_name: "Deno", language: "typescript" };
  const files = {
    "deno.json": { imports, tasks: { mine: "echo 1" } },
    "qsight.json": { fit: { batchSize: 8 } },
    "start_jupyter.sh": "#!/bin/sh\n",
    "notebooks/first_notebook.ipynb": "mine",
    "share/jupyter/kernels/deno/kernel.json": kernel,
    "package.json": { dependencies: { yaml: "1.0.0" } },
  };
  await inProject(files, async (folder) => {
    const planned = await initProject(folder);
    const drift = planned.flatMap((file) => file.drift.map((line) => `${file.template}: ${line}`));
    for (
      const expected of [
        /^config: fit\.batchSize is 8, the template has 32$/,
        /^deno\.json: imports\.zod is "npm:zod@3\.0\.0", the template has "npm:zod@/,
        /^package\.json: dependencies\.yaml is "1\.0\.0"/,
        /^kernel_spec: argv is \["\/old\/deno"/,
        /^start_script: differs/,
      ]
    ) {
      assert.ok(drift.some((line) => expected.test(line)), `${expected} in\n${drift.join("\n")}`);
    }
    assert.equal(drift.length, 5, drift.join("\n"));
    const deno = JSON.parse(await readFile(join(folder, "deno.json"), "utf8"));
    assert.deepEqual([deno.imports.zod, deno.imports.mine, deno.tasks.mine], [
      ...["npm:zod@3.0.0", "./mine.ts", "echo 1"],
    ]);
    assert.equal(deno.imports["@qsight/qsight"], new URL("mod.ts", ROOT).href);
    for (const path of ["qsight.json", "start_jupyter.sh", "notebooks/first_notebook.ipynb"]) {
      const content = files[path as keyof typeof files];
      const wanted = typeof content === "string" ? content : JSON.stringify(content);
      assert.equal(await readFile(join(folder, path), "utf8"), wanted, path);
    }
    const [report] = await findingsOf("QD210", folder);
    assert.equal(report.status, "ok");
    assert.match(report.found, /changed by you: .*fit\.batchSize is 8/);
  });
});

Deno.test("initProject() does not lose comments of deno.json, and leaves QSight itself alone", async () => {
  const text = '{\n  // mine\n  "imports": {}\n}\n';
  await inProject({ "deno.jsonc": text }, async (folder) => {
    const deno = (await initProject(folder)).find(({ template }) => template === "deno.json")!;
    assert.equal(deno.action, "keep");
    assert.ok(deno.drift.some((line) => /^add imports\.@qsight\/qsight: "file:/.test(line)));
    assert.equal(await readFile(join(folder, "deno.jsonc"), "utf8"), text);
  });
  await inProject({ "deno.json": { name: "@qsight/qsight" } }, async (folder) => {
    const deno = (await initProject(folder)).find(({ template }) => template === "deno.json")!;
    assert.equal(deno.action, "leave out");
  });
});

Deno.test("QD210 sees a file that is gone, and another QSight than the one that runs", async () => {
  await inProject({}, async (folder) => {
    const [unused] = await findingsOf("QD210", folder);
    assert.deepEqual([unused.status, unused.found], ["ok", "qsight init was not used here"]);
    await initProject(folder, { qsight: "file:///elsewhere/qsight/" });
    assert.match(
      (await findingsOf("QD210", folder)).map(({ status, found }) => `${status} ${found}`).join(
        "\n",
      ),
      /^warning tasks\.qsight is .*\nwarning imports\.@qsight\/qsight is "file:\/\/\/elsewhere/,
    );
    await initProject(folder, { qsight: ROOT.href });
    assert.equal((await findingsOf("QD210", folder))[0].status, "ok");
    await Deno.remove(join(folder, "start_jupyter.sh"));
    const [gone] = await findingsOf("QD210", folder);
    assert.deepEqual([gone.status, gone.found], ["warning", "start_jupyter.sh is missing"]);
  });
});

Deno.test("initProject() can name QSight as a package of npm", async () => {
  await inProject({}, async (folder) => {
    await initProject(folder, { qsight: "npm:@qsight/qsight@0.1.0" });
    const { imports, tasks } = JSON.parse(await readFile(join(folder, "deno.json"), "utf8"));
    assert.equal(imports["@qsight/qsight"], "npm:@qsight/qsight@0.1.0");
    assert.equal(imports["@qsight/qsight/"], "npm:/@qsight/qsight@0.1.0/");
    assert.equal(tasks.qsight, "deno run -A npm:@qsight/qsight@0.1.0");
  });
  await assert.rejects(initProject("/nowhere", { dir: "x" } as never), /unknown option "dir"/);
});

Deno.test("each template that the compatibility matrix names exists", () => {
  const named = COMPATIBILITY_MATRIX.flatMap(({ fixes }) =>
    [fixes.configuration, fixes.code, fixes.environment].flatMap((tier) => {
      const { template } = tier as { readonly template?: string };
      return template === undefined ? [] : [template];
    })
  );
  assert.ok(named.length > 5);
  for (const name of named) assert.ok((TEMPLATE_NAMES as readonly string[]).includes(name), name);
});

testOrSkip(
  "the start script names the project's kernels first, and lets the stop button work",
  missingProgram("bash"),
  async () => {
    const jupyter = '#!/bin/sh\necho "path=$JUPYTER_PATH runtime=$XDG_RUNTIME_DIR args=$*"\n' +
      "grep SigIgn /proc/self/status\n";
    await inProject({ "bin/jupyter": jupyter, "deep/x": "" }, async (folder) => {
      await initProject(folder);
      await chmod(join(folder, "bin/jupyter"), 0o755);
      const env = { PATH: `${folder}/bin:${process.env.PATH}`, JUPYTER_PATH: "/mine" };
      // As a script starts it in the background: with SIGINT ignored.
      const run = `trap '' INT; cd "${folder}/deep"; exec ../start_jupyter.sh lab --no-browser`;
      const { stdout, stderr, code } = await runCommand(["bash", "-c", run], { env });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /path=\S+\/share\/jupyter:\/mine runtime=\/\S+ args=lab --no-browser/);
      assert.ok(stdout.includes(`path=${folder}/share/jupyter:`));
      const ignored = /SigIgn:\s*([0-9a-f]+)/.exec(stdout)?.[1];
      if (ignored !== undefined) assert.equal(BigInt(`0x${ignored}`) & 2n, 0n, "SIGINT is ignored");
    });
  },
);

/** Runs the test with Jupyter's search path as the start script of a project sets it. */
async function withKernelsOf(folder: string, test: () => Promise<void>): Promise<void> {
  const before = process.env.JUPYTER_PATH;
  process.env.JUPYTER_PATH = join(folder, "share/jupyter");
  try {
    const { origin } = await findKernel("deno");
    assert.ok(origin.startsWith(folder), origin);
    await test();
  } finally {
    if (before === undefined) delete process.env.JUPYTER_PATH;
    else process.env.JUPYTER_PATH = before;
  }
}

Deno.test("what initProject() writes passes the doctor, and its notebook runs in any folder below", async () => {
  await inProject({}, async (folder) => {
    await initProject(folder);
    const install = await runCommand([Deno.execPath(), "install"], {
      cwd: folder,
      timeout: 120_000,
    });
    assert.equal(install.code, 0, install.stderr);
    // Packages of packages, too, are those that this project was tested with.
    const here = new Set(await readdir(new URL("node_modules/.deno", ROOT)));
    const there = await readdir(join(folder, "node_modules/.deno"));
    assert.deepEqual(there.filter((name) => name.includes("@") && !here.has(name)), []);
    const call = ["run", "-A", "--no-check", new URL("src/cli/main.ts", ROOT).href, "doctor"];
    const args = [...call, "--no-build", "--strict", "--json"];
    const { code, stdout, stderr } = await runCommand([Deno.execPath(), ...args], {
      cwd: folder,
      env: { ...Deno.env.toObject(), INIT_CWD: folder },
      timeout: 120_000,
    });
    assert.equal(code, 0, stdout + stderr);
    assert.equal(JSON.parse(stdout).folder, folder);
    const deep = join(folder, "some", "folder", "below");
    await mkdir(deep, { recursive: true });
    const source = await readFile(join(folder, "notebooks/first_notebook.ipynb"), "utf8");
    await writeFile(join(deep, "first.ipynb"), source);
    await withKernelsOf(folder, async () => {
      const first = await executeNotebook(join(deep, "first.ipynb"), { notebookTimeout: 120_000 });
      assert.equal(first.error?.message, undefined);
      assert.equal(first.status, "ok");
      if (missingProgram("node") !== undefined) return;
      const cells = [{
        cell_type: "code",
        source: "console.log(6 * 7)",
        metadata: {},
        outputs: [],
      }];
      const notebook = { nbformat: 4, nbformat_minor: 4, metadata: {}, cells };
      const other = await executeNotebook(parseNotebook(JSON.stringify(notebook)), {
        kernel: "tslab",
        cwd: deep,
        notebookTimeout: 120_000,
      });
      assert.equal(other.status, "ok", other.error?.message);
    });
  });
});

Deno.test("a kernel spec of qsight init that leads nowhere is seen", async () => {
  await inProject({}, async (folder) => {
    await initProject(folder);
    const argv = ["/gone/deno", "jupyter", "--kernel", "--conn", "{connection_file}"];
    const spec = { argv, display_name: "Deno", language: "typescript" };
    await writeProject(folder, { "share/jupyter/kernels/deno/kernel.json": spec });
    const findings = await findingsOf("QD310", folder);
    assert.ok(findings.some(({ status, found }) => status === "failure" && /gone/.test(found)));
  });
});
