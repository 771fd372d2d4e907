import assert from "node:assert/strict";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type CommandResult, runCommand } from "../../src/_internal/run_command.ts";
import { DOCTOR_COMMAND_OPTIONS } from "../../src/cli/doctor.ts";
import { INIT_COMMAND_OPTIONS } from "../../src/cli/init.ts";
import { CHECKS } from "../../src/doctor/checks.ts";
import type { ReportData } from "../../src/doctor/report.ts";
import { inFolder, qsight } from "./_call.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** `qsight doctor` in a process of its own. */
function doctor(
  args: readonly string[],
  { deno = ["-A"], cwd = ROOT, env = {}, root = ROOT }: {
    readonly deno?: readonly string[];
    readonly cwd?: string;
    readonly env?: Record<string, string>;
    readonly root?: string;
  } = {},
): Promise<CommandResult> {
  const main = join(root, "src/cli/main.ts");
  return runCommand([Deno.execPath(), "run", "--no-check", ...deno, main, "doctor", ...args], {
    cwd,
    env: { ...Deno.env.toObject(), INIT_CWD: cwd, ...env },
    timeout: 300_000,
  });
}

/** The same with no permission; node:child_process would give a Deno that it starts all of them. */
async function withoutPermissions(args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt", join(ROOT, "src/cli/main.ts"), "doctor", ...args],
    cwd: ROOT,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("qsight doctor --strict passes on this clone: types, imports, kernels, a step, a figure", async () => {
  const { code, stdout, stderr } = await doctor(["--strict", "--json"]);
  const report: ReportData = JSON.parse(stdout);
  const faults = report.findings.filter(({ status }) => status !== "ok");
  assert.equal(code, 0, `${JSON.stringify(faults, null, 2)}\n${stderr}`);
  assert.deepEqual(report.points.map(({ status }) => status), ["ok", "ok", "ok", "ok"]);
  const schema = await readFile(join(ROOT, "src/doctor/report.schema.json"), "utf8");
  z.fromJSONSchema(JSON.parse(schema)).parse(report);
});

Deno.test("qsight doctor answers without node_modules and with a deno.json that cannot be resolved", async () => {
  await inFolder(async (folder) => {
    const clone = join(folder, "clone");
    await mkdir(clone);
    await cp(join(ROOT, "src"), join(clone, "src"), { recursive: true });
    const config = JSON.parse(await readFile(join(ROOT, "deno.json"), "utf8"));
    config.imports.diff = "npm:@qsight/there-is-no-such-package@1.0.0";
    await writeFile(join(clone, "deno.json"), JSON.stringify(config));
    await writeFile(join(clone, "mod.ts"), 'export * from "./src/stages/mod.ts";');
    const deno = ["-A", "--no-config", "--node-modules-dir=none"];
    // Without a network even the question whether a package exists takes long.
    const env = {
      npm_config_registry: "http://127.0.0.1:9/",
      NPM_CONFIG_REGISTRY: "http://127.0.0.1:9/",
    };
    const broken = await doctor(["--no-build"], { deno, cwd: clone, root: clone, env });
    assert.equal(broken.code, 2, broken.stderr);
    assert.match(broken.stdout, /✗ QD101 .*none of \d+ packages is installed\n.*\n {6}→ /);
    for (const point of ["✗ dependencies", "✓ configuration", "– build"]) {
      assert.ok(broken.stdout.includes(point), `${point} in ${broken.stdout}`);
    }
    await writeFile(join(clone, "deno.json"), "{ not json");
    const worse = await doctor([], { deno, cwd: clone, root: clone, env });
    assert.equal(worse.code, 2, worse.stderr);
    assert.match(worse.stdout, /✗ QD201 .*deno\.json: .*line 1 column 3/);
    assert.match(worse.stdout, /✗ QD404 /);
    assert.match(worse.stdout, /✓ QD407 /);
  });
});

Deno.test("qsight doctor without any permission says what it could not see, and asks for nothing", async () => {
  const denied = await withoutPermissions(["--no-build"]);
  assert.equal(denied.code, 0, denied.stderr);
  assert.match(
    denied.stdout,
    /– QD101 .*not allowed to look: needs --allow-read\n {6}→ Run with -A/,
  );
  assert.match(
    denied.stdout,
    /– QD312 .*this process may not read, write, run, env, net, sys, ffi/,
  );
  assert.match(denied.stdout, /^– dependencies$/m);
  assert.match(denied.stdout, /\d+ not looked at/);
  assert.ok(!denied.stdout.includes("\x1b["));
  const strict = await withoutPermissions(["--no-build", "--strict"]);
  assert.equal(strict.code, 1, "what was asked for and not looked at is no success");
});

Deno.test("qsight doctor exits 0, 1 with --strict and 2 by what it finds", async () => {
  await inFolder(async (cwd) => {
    await writeFile(join(cwd, "deno.json"), JSON.stringify({ nodeModuleDir: "auto" }));
    const args = ["doctor", "--check", "QD202"];
    assert.equal((await qsight(args, { cwd })).code, 0);
    const { code, stdout } = await qsight([...args, "--strict"], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /! QD202 .*\n.*\n {6}→ Correct or remove "nodeModuleDir"/);
    await writeFile(join(cwd, "deno.json"), "{");
    const failed = await qsight(["doctor", "--check", "qd201", "--check", "QD202", "--json"], {
      cwd,
    });
    assert.equal(failed.code, 2);
    const report: ReportData = JSON.parse(failed.stdout);
    assert.deepEqual(report.findings.map(({ code, status }) => [code, status]), [
      ["QD201", "failure"],
      ["QD202", "skipped"],
    ]);
    assert.equal(failed.stderr, "");
  });
});

Deno.test("qsight doctor --markdown names neither the user's folders nor his tokens", async () => {
  const home = process.env.HOME ?? "/nowhere";
  const { stdout } = await doctor(["--markdown", "--check", "QD205", "--check", "QD209"], {
    env: { QSIGHT_CONFIG: join(home, "secret", "c.json"), QSIGHT_TOKEN: "s3cr3t" },
  });
  assert.match(stdout, /^\*\*qsight doctor\*\*: 1 failure, 1 warning/);
  assert.ok(!stdout.includes(`${home}/secret`), stdout);
  assert.ok(!stdout.includes("s3cr3t"));
});

Deno.test("qsight doctor takes --config and --set as qsight train does", async () => {
  await inFolder(async (cwd) => {
    await writeFile(join(cwd, "deno.json"), "{}");
    await writeFile(join(cwd, "c.json"), JSON.stringify({ fit: { batchSize: 8 } }));
    const args = ["doctor", "--check", "QD208", "--config", "c.json", "--set", "fit.augment=false"];
    const { stdout, code } = await qsight(args, { cwd });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /fit\.batchSize = 8 \(file\), fit\.augment = false \(flag\)/);
  });
});

Deno.test("qsight doctor --list-checks lists each check once", async () => {
  const { code, stdout } = await qsight(["doctor", "--list-checks"]);
  assert.equal(code, 0);
  assert.deepEqual(stdout.match(/^QD\d+/gm), CHECKS.map(({ code }) => code));
  const { checks } = JSON.parse((await qsight(["doctor", "--list-checks", "--json"])).stdout);
  assert.equal(checks.length, CHECKS.length);
});

Deno.test("qsight doctor --explain finds the row of an error, and says where there is none", async () => {
  const known = await qsight(["doctor", "--explain", "symbol lookup: undefined symbol: uv_unref"]);
  assert.equal(known.code, 0);
  assert.match(known.stdout, /^QC\d+ .*\n {2}Why: /);
  const unknown = await qsight(["doctor", "--explain", "all is well"]);
  assert.equal(unknown.code, 1);
  const json = await qsight(["doctor", "--explain", "undefined symbol: uv_unref", "--json"]);
  const { schema, matches } = JSON.parse(json.stdout);
  assert.equal(schema, "qsight.doctor-explain/1");
  assert.ok(matches[0].fixes.environment.do.length > 0);
  const command = `echo 'undefined symbol: uv_unref' | "${Deno.execPath()}" run -A --no-check ` +
    `"${ROOT}src/cli/main.ts" doctor --explain -`;
  const piped = await runCommand(["/bin/sh", "-c", command], { timeout: 60_000 });
  assert.equal(piped.stdout, known.stdout, piped.stderr);
});

Deno.test("qsight doctor and init exit 4 for arguments that they do not know", async () => {
  for (
    const [args, message] of [
      [["doctor", "--jsn"], /Did you mean "--json"/],
      [["doctor", "--check", "QD999"], /unknown code "QD999"/],
      [["doctor", "QD101"], /wanted options only/],
      [["doctor", "--json", "--markdown"], /both want stdout/],
      [["init", "there"], /--dir there\?/],
      [["init", "--qsight", "/nowhere"], /found no mod\.ts there/],
    ] as const
  ) {
    const { code, stderr } = await qsight(args);
    assert.equal(code, 4, args.join(" "));
    assert.match(stderr, message);
  }
});

Deno.test("qsight doctor and init --help explain each option that there is, and no other", async () => {
  for (
    const [name, options] of Object.entries({
      doctor: DOCTOR_COMMAND_OPTIONS,
      init: INIT_COMMAND_OPTIONS,
    })
  ) {
    const { stdout } = await qsight([name, "--help"]);
    const explained = stdout.match(/^ {2}--[\w-]+/gm)?.map((option) => option.trim()).sort();
    assert.deepEqual(explained, Object.keys(options).map((option) => `--${option}`).sort(), name);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 100, line);
  }
});

Deno.test("qsight init says what it did, and what it kept", async () => {
  await inFolder(async (cwd) => {
    const first = await qsight(["init", "--dir", "p"], { cwd });
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^written +qsight\.jsonc\n/);
    assert.match(first.stdout, /Next: cd p && deno install && deno task qsight doctor\n$/);
    const config = join(cwd, "p", "qsight.jsonc");
    const changed = (await readFile(config, "utf8")).replace('"batchSize": 32', '"batchSize": 8');
    await writeFile(config, changed);
    const second = await qsight(["init", "--dir", "p"], { cwd });
    assert.match(
      second.stdout,
      /^kept +qsight\.jsonc\n +fit\.batchSize is 8, the template has 32$/m,
    );
    assert.ok(!second.stdout.includes("written"));
    await writeFile(join(cwd, "file"), "");
    const failed = await qsight(["init", "--dir", "file"], { cwd });
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /choose another folder with --dir/);
  });
});
