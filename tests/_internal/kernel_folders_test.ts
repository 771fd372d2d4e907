import assert from "node:assert/strict";
import { type Environment, kernelFolders } from "../../src/_internal/kernel_folders.ts";

const of = (env: Environment, platform: string, programs: readonly string[] = []) =>
  kernelFolders({
    env,
    platform,
    home: "/home/somebody",
    isExecutable: (file) => Promise.resolve(programs.includes(file)),
  });

const SHARED = ["/usr/local/share/jupyter/kernels", "/usr/share/jupyter/kernels"];

Deno.test("kernelFolders() knows the user's folder of each platform", async () => {
  const own = async (platform: string, env: Environment = {}) => (await of(env, platform))[0];
  assert.equal(await own("linux"), "/home/somebody/.local/share/jupyter/kernels");
  assert.equal(await own("linux", { HOME: "/h" }), "/h/.local/share/jupyter/kernels");
  assert.equal(await own("darwin"), "/home/somebody/Library/Jupyter/kernels");
  assert.equal(await own("win32", { APPDATA: "/roaming" }), "/roaming/jupyter/kernels");
  assert.equal(await own("darwin", { JUPYTER_DATA_DIR: "/data" }), "/data/kernels");
});

Deno.test("kernelFolders() ends with what the system shares", async () => {
  assert.deepEqual((await of({}, "linux")).slice(1), SHARED);
  const windows = await of({ APPDATA: "/roaming", PROGRAMDATA: "/program" }, "win32");
  assert.deepEqual(windows.slice(1), ["/program/jupyter/kernels"]);
});

Deno.test("kernelFolders() puts JUPYTER_PATH first and names no folder twice", async () => {
  const env = { JUPYTER_PATH: "/one::/usr/share/jupyter:/one", PATH: "/usr/bin:/venv/bin" };
  assert.deepEqual(await of(env, "linux", ["/venv/bin/jupyter"]), [
    "/one/kernels",
    "/usr/share/jupyter/kernels",
    "/home/somebody/.local/share/jupyter/kernels",
    "/venv/share/jupyter/kernels",
    "/usr/local/share/jupyter/kernels",
  ]);
});

Deno.test("kernelFolders() takes an active environment before the user's folder, unless told not to", async () => {
  const env = { VIRTUAL_ENV: "/venv" };
  const names = async (more: Environment = {}) => (await of({ ...env, ...more }, "linux"))[0];
  assert.equal(await names(), "/venv/share/jupyter/kernels");
  assert.equal(
    await names({ JUPYTER_PREFER_ENV_PATH: "no" }),
    "/home/somebody/.local/share/jupyter/kernels",
  );
});
