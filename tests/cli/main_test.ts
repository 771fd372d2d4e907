import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/_internal/run_command.ts";
import { RUN_COMMAND_OPTIONS } from "../../src/cli/run.ts";
import { TEST_COMMAND_OPTIONS } from "../../src/cli/test_options.ts";
import { inFolder, NOTEBOOKS, qsight } from "./_call.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

Deno.test("qsight without or with an unknown command shows the commands and exits 4", async () => {
  const none = await qsight([]);
  assert.equal(none.code, 4);
  assert.match(none.stdout, /Usage: qsight COMMAND/);
  const unknown = await qsight(["tset"]);
  assert.equal(unknown.code, 4);
  assert.match(unknown.stderr, /unknown command "tset"\. Did you mean "test"\?/);
  assert.equal((await qsight(["constructor"])).code, 4);
});

Deno.test("qsight --help and qsight COMMAND --help exit 0", async () => {
  assert.equal((await qsight(["--help"])).code, 0);
  const { code, stdout } = await qsight(["run", "--help"]);
  assert.equal(code, 0);
  assert.match(stdout, /qsight run NB/);
});

Deno.test("qsight run --help and test --help explain each option that there is, and no other", async () => {
  const known = { run: RUN_COMMAND_OPTIONS, test: TEST_COMMAND_OPTIONS };
  for (const [command, options] of Object.entries(known)) {
    const { stdout } = await qsight([command, "--help"]);
    const explained = stdout.split("\n").filter((line) => /^ {2}-/.test(line))
      .flatMap((line) => line.slice(0, line.search(/\S {2,}/) + 1).match(/--[\w-]+/g) ?? []);
    const wanted = Object.keys(options).map((name) => `--${name}`);
    assert.deepEqual(explained.sort(), wanted.sort(), command);
    for (const letter of ["-p", "-r", "-f", "-y", "-b"]) {
      assert.match(stdout, new RegExp(`^ {2}${letter} `, "m"));
    }
    assert.match(stdout, /^Exit codes: 0 /m);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 100, line);
  }
});

Deno.test("qsight run and test exit 4 for options and values that they do not know", async () => {
  for (
    const [args, message] of [
      [["run", "ok.ipynb", "--kernal", "deno"], /Did you mean "--kernel"/],
      [["run"], /wanted one notebook, found 0/],
      [["run", "a.ipynb", "b.ipynb"], /found 2/],
      [["run", "ok.ipynb", "-p", "epochs"], /a name and a value/],
      [["run", "ok.ipynb", "-p", "no name", "1"], /identifier/],
      [["run", "ok.ipynb", "--timeout", "soon"], /positive number of seconds/],
      [["run", "missing.ipynb"], /missing\.ipynb/],
      [["test"], /name some notebooks/],
      [["test", "missing.ipynb"], /No such file/],
      [["test", "ok.ipynb", "--junit"], /junit/],
      [["test", "ok.ipynb", "--junit", "-", "--json", "-"], /both want stdout/],
    ] as const
  ) {
    const { code, stderr } = await qsight(args);
    assert.equal(code, 4, args.join(" "));
    assert.match(stderr, message);
  }
});

Deno.test("qsight takes relative paths from INIT_CWD and returns its code to the shell", async () => {
  const command = [Deno.execPath(), "run", "-A", "--no-check", MAIN, "run"] as const;
  const call = (name: string) =>
    runCommand([...command, name], {
      timeout: 120_000,
      cwd: "/",
      env: { ...Deno.env.toObject(), INIT_CWD: NOTEBOOKS },
    });
  const ok = await call("ok.ipynb");
  assert.equal(ok.code, 0, ok.stderr);
  assert.equal(ok.stdout, "sum 42\n42\n");
  assert.equal((await call("error.ipynb")).code, 1);
});

Deno.test("qsight ends quietly when nobody reads its output any more", async () => {
  const qsightRun = [Deno.execPath(), "run", "-A", "--no-check", MAIN, "run"];
  const script = '{ "$@"; echo "exit code $?" >&2; } | head -n 1';
  const { stdout, stderr } = await runCommand(
    ["sh", "-c", script, "sh", ...qsightRun, join(NOTEBOOKS, "many_lines.ipynb")],
    { timeout: 120_000 },
  );
  assert.equal(stdout, "line 0\n");
  const [first, ...rest] = stderr.trimEnd().split("\n");
  assert.match(first, /^\[1\/1\] for/);
  assert.deepEqual(rest, ["exit code 2"]);
});

Deno.test("qsight answers without node_modules and without deno.json", async () => {
  const command = [Deno.execPath(), "run", "-A", "--no-config", "--no-check"] as const;
  const { code, stdout, stderr } = await runCommand(
    [...command, "--node-modules-dir=none", MAIN, "--help"],
    { timeout: 60_000 },
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /qsight test GLOB/);
});

Deno.test("one Ctrl-C that arrives twice ends a run in order: code 2, no kernel, no folder left", async () => {
  await inFolder(async (folder) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", MAIN, "run", join(NOTEBOOKS, "pending_await.ipynb")],
      // The kernel's connection file goes to a folder that only this test looks at.
      env: { TMPDIR: folder },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    while (!said.includes("[1/")) said += (await reader.read()).value ?? "";
    child.kill("SIGINT");
    // Sent at once, the second would be merged with the first before anybody hears of either.
    await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill("SIGINT");
    for (let part = await reader.read(); !part.done; part = await reader.read()) said += part.value;
    await child.stdout.cancel();
    assert.equal((await child.status).code, 2, said);
    assert.match(said, /Interrupted by SIGINT|aborted/);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), []);
  });
});
