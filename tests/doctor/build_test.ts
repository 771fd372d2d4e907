// Each check of the build, where a part is broken, hangs, prints or dies.
import assert from "node:assert/strict";
import { access, chmod } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { isProcess } from "../../src/_internal/is_process.ts";
import { BUILD_CHECKS } from "../../src/doctor/build/build_checks.ts";
import type { Check } from "../../src/doctor/check.ts";
import { openScene } from "../../src/doctor/scene.ts";
import { runCheck } from "../../src/doctor/run_check.ts";
import { assertFinding, findingsOf, inProject, ROOT } from "./_project.ts";

Deno.test("QD401 and QD402 see an entry point with a type error, that throws, or that prints", async () => {
  for (
    const [mod, code, status, found] of [
      ["export const a: number = 'x';", "QD401", "failure", /Type 'string' is not assignable/],
      ["import './missing.ts';", "QD401", "failure", /missing\.ts/],
      ["import './missing.ts';", "QD402", "failure", /missing\.ts/],
      ["throw new Error('at import');", "QD402", "failure", /at import/],
      ["console.error('hello'); export const a = 1;", "QD402", "warning", /prints: hello/],
      ["export const a = 1;", "QD401", "ok", /no type error/],
      ["export const a = 1, b = 2;", "QD402", "ok", /2 names/],
    ] as const
  ) {
    await inProject({ "deno.json": {}, "mod.ts": mod }, async (folder) => {
      const root = pathToFileURL(join(folder, "/"));
      await assertFinding(code, folder, { status, found, root });
    });
  }
});

Deno.test("a check that hangs ends at its deadline, and so does what it started", async () => {
  const files = {
    "deno.json": {},
    "mod.ts": 'Deno.writeTextFileSync("pid", String(Deno.pid)); for (;;);',
  };
  await inProject(files, async (folder) => {
    const entry = BUILD_CHECKS.find(({ code }) => code === "QD402")!;
    const check: Check = { ...entry, deadline: 3000 };
    const scene = openScene({ cwd: folder, root: pathToFileURL(join(folder, "/")) });
    const [finding] = await runCheck(check, scene);
    await scene.close();
    assert.deepEqual([finding.status, finding.found], ["failure", "no answer within 3 s"]);
    assert.equal(finding.remedy, entry.remedyWhenLate);
    const pid = Number(await Deno.readTextFile(join(folder, "pid")));
    for (let i = 0; i < 100 && isProcess(pid); i++) {
      await new Promise((done) => setTimeout(done, 20));
    }
    assert.ok(!isProcess(pid), "the process outlived its check");
  });
});

/** A kernel spec that starts a script of the shell. */
function kernel(name: string, script: string, language = "typescript") {
  const argv = ["/bin/sh", "-c", script, "{connection_file}"];
  return { [`share/jupyter/kernels/${name}/kernel.json`]: { argv, display_name: name, language } };
}

Deno.test({
  name: "QD403 sees kernels that die, and one that never answers, and goes on with the others",
  ignore: process.platform === "win32",
  async fn() {
    const files = {
      "deno.json": {},
      ...kernel("dies", "echo broken >&2; exit 7", "python"),
      ...kernel("unknown", "exit 1", "cobol"),
      ...kernel("tslab", "exit 3"),
    };
    await inProject(files, async (folder) => {
      const env = { PATH: process.env.PATH, HOME: folder, DENO_DIR: process.env.DENO_DIR };
      const scene = { env: { ...process.env, ...env }, root: ROOT };
      const findings = await findingsOf("QD403", folder, scene);
      const of = (name: string) => findings.find(({ found }) => found.startsWith(`${name}:`));
      assert.equal(of("dies")?.status, "warning");
      assert.match(`${of("dies")?.found}`, /ended at its start \(exit code 7\).*broken/);
      assert.equal(of("tslab")?.status, "failure");
      assert.equal(of("unknown")?.status, "skipped");
      // Its cells run, but this project does not know where QSight is.
      assert.equal(of("deno")?.status, "warning");
      assert.match(`${of("deno")?.remedy}`, /qsight init/);
    });
    await inProject({ "deno.json": {}, ...kernel("deno", "sleep 60") }, async (folder) => {
      const check = BUILD_CHECKS.find(({ code }) => code === "QD403")!;
      const scene = openScene({ cwd: folder, root: ROOT });
      const [finding] = await runCheck({ ...check, deadline: 4000 }, scene);
      await scene.close();
      assert.deepEqual([finding.status, finding.found], ["failure", "no answer within 4 s"]);
    });
  },
});

Deno.test("QD408 sees a kernel that is started with other variables than the terminal", async () => {
  const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  const spec = { argv, display_name: "Deno", language: "typescript", env: { TZ: "Mars/Utopia" } };
  const files = { "deno.json": {}, "share/jupyter/kernels/deno/kernel.json": spec };
  await inProject(files, async (folder) => {
    const { found } = await assertFinding("QD408", folder, {
      status: "warning",
      found: /^variable TZ: here .*; in the kernel Mars\/Utopia$/,
    });
    assert.doesNotMatch(found, /JUPYTER_PATH/);
  });
  await inProject({ "deno.json": {}, ...kernel("deno", "exit 3") }, async (folder) => {
    await assertFinding("QD408", folder, { status: "skipped", found: /see QD403.*exit code 3/ });
  });
});

Deno.test("QD404 to QD406 fail where what they need is damaged", async () => {
  for (const [code, name] of [["QD404", "@tensorflow/tfjs"], ["QD406", "@resvg/resvg-js"]]) {
    const imports = { [name]: "./damaged.ts" };
    const files = { "deno.json": { imports }, "damaged.ts": 'throw new Error("wrong ELF class");' };
    await inProject(files, async (folder) => {
      await assertFinding(code, folder, { status: "failure", found: /wrong ELF class/ });
    });
  }
  // The simulator needs no package; so it is the program itself that is not there.
  const scene = openScene({ cwd: ".", root: ROOT });
  const check = BUILD_CHECKS.find(({ code }) => code === "QD405")!;
  const [finding] = await runCheck(check, {
    ...scene,
    deno: () => Promise.resolve("/nowhere/deno"),
  });
  assert.equal(finding.status, "failure");
});

Deno.test("QD407 sees that nothing can be written", async () => {
  await inProject({ "deno.json": {}, "file": "" }, async (folder) => {
    const scene = openScene({ cwd: folder, root: ROOT });
    const check = BUILD_CHECKS.find(({ code }) => code === "QD407")!;
    const broken = { ...scene, scratch: () => Promise.resolve(join(folder, "file")) };
    const [finding] = await runCheck(check, broken);
    assert.equal(finding.status, "failure");
    assert.match(finding.found, /ENOTDIR|EEXIST|not a directory|exists/i);
  });
});

Deno.test("the scratch folder is gone when the scene is closed", async () => {
  const scene = openScene({ cwd: ".", root: ROOT });
  const folder = await scene.scratch();
  await access(folder);
  await chmod(folder, 0o700);
  await scene.close();
  await assert.rejects(access(folder));
});
