import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findKernel, listKernels } from "../../../src/runner/kernels/kernel_spec.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function addSpec(dataFolder: string, name: string, argv: string[]): Promise<void> {
  const folder = join(dataFolder, "kernels", name);
  await mkdir(folder, { recursive: true });
  const spec = {
    argv,
    display_name: name,
    language: "x",
    env: { A: 1 },
    interrupt_mode: "message",
  };
  await writeFile(join(folder, "kernel.json"), JSON.stringify(spec));
}

Deno.test("findKernel() follows Jupyter's search path: the first folder wins", () =>
  inFolder(async (folder) => {
    const [first, data, home] = ["first", "data", "home"].map((name) => join(folder, name));
    const own = join(home, ".local/share/jupyter");
    await addSpec(first, "a", ["of JUPYTER_PATH"]);
    await addSpec(data, "a", ["of JUPYTER_DATA_DIR"]);
    await addSpec(data, "b", ["of JUPYTER_DATA_DIR"]);
    await addSpec(own, "c", ["of HOME"]);
    const path = { JUPYTER_PATH: `${first}:/no/such/folder`, HOME: home };
    const withData = { ...path, JUPYTER_DATA_DIR: data };
    assert.deepEqual((await findKernel("a", { env: withData })).argv, ["of JUPYTER_PATH"]);
    assert.deepEqual((await findKernel("B", { env: withData })).argv, ["of JUPYTER_DATA_DIR"]);
    await assert.rejects(findKernel("c", { env: withData }), /No kernel named "c"/);
    const spec = await findKernel("c", { env: path });
    assert.deepEqual(spec.argv, ["of HOME"]);
    assert.deepEqual([spec.env, spec.interruptMode, spec.language], [{ A: "1" }, "message", "x"]);
  }));

Deno.test("findKernel() looks into Python environments, and takes a bare python from there", () =>
  inFolder(async (folder) => {
    const prefix = join(folder, "venv");
    await addSpec(join(prefix, "share/jupyter"), "p", ["python3", "-m", "ipykernel_launcher"]);
    await mkdir(join(prefix, "bin"));
    for (const program of ["jupyter", "python3"]) {
      await writeFile(join(prefix, "bin", program), "#!/bin/sh\n");
      await chmod(join(prefix, "bin", program), 0o755);
    }
    const home = join(folder, "home");
    await addSpec(join(home, ".local/share/jupyter"), "p", ["of HOME"]);
    const python = join(prefix, "bin/python3");
    const first = async (env: Record<string, string>) =>
      (await findKernel("p", { env: { HOME: home, ...env } })).argv[0];
    assert.equal(await first({ VIRTUAL_ENV: prefix }), python);
    assert.equal(await first({ CONDA_PREFIX: prefix }), python);
    assert.equal(await first({ VIRTUAL_ENV: prefix, JUPYTER_PREFER_ENV_PATH: "0" }), "of HOME");
    assert.equal(await first({ PATH: join(prefix, "bin") }), "of HOME");
    assert.equal(await first({ PATH: join(prefix, "bin"), JUPYTER_PREFER_ENV_PATH: "1" }), python);
  }));

Deno.test("findKernel() takes an installed Deno kernel, and the built-in one where there is none", () =>
  inFolder(async (folder) => {
    const env = { HOME: folder, JUPYTER_PATH: folder };
    assert.equal((await findKernel("deno", { env })).origin, "built in");
    assert((await listKernels({ env })).some(({ name }) => name === "deno"));
    await addSpec(folder, "deno", ["other-deno", "jupyter", "--kernel", "--conn", "x"]);
    assert.equal((await findKernel("deno", { env })).argv[0], "other-deno");
    const names = (await listKernels({ env })).map(({ name }) => name);
    assert.equal(names.filter((name) => name === "deno").length, 1);
  }));

Deno.test("listKernels() passes over what is no kernel, and fills in the resource folder", () =>
  inFolder(async (folder) => {
    await addSpec(folder, "good", ["{resource_dir}/run"]);
    await addSpec(folder, "empty", []);
    await mkdir(join(folder, "kernels", "torn"));
    await writeFile(join(folder, "kernels", "torn", "kernel.json"), '{"argv": [');
    await writeFile(join(folder, "kernels", "a file"), "");
    const kernels = await listKernels({ env: { HOME: folder, JUPYTER_PATH: folder } });
    const good = kernels.find(({ name }) => name === "good");
    assert.equal(good?.argv[0], `${dirname(good!.origin)}/run`);
    assert(!kernels.some(({ name }) => ["empty", "torn", "a file"].includes(name)));
  }));
