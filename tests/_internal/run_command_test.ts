import assert from "node:assert/strict";
import { runCommand } from "../../src/_internal/run_command.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";

const deno = Deno.execPath();

Deno.test("runCommand() resolves to output and code of a program that ends", async () => {
  const script = 'console.log("out ✓"); console.error("err")';
  assert.deepEqual(await runCommand([deno, "eval", script], { timeout: 60000 }), {
    status: "ok",
    code: 0,
    stdout: "out ✓\n",
    stderr: "err\n",
  });
});

Deno.test("runCommand() resolves for a program that fails, with its code and words", async () => {
  const script = 'console.error("no"); Deno.exit(7)';
  const result = await runCommand([deno, "eval", script], { timeout: 60000 });
  assert.equal(result.status, "failed");
  assert.equal(result.code, 7);
  assert.equal(result.stderr, "no\n");
});

Deno.test("runCommand() calls a program that does not exist absent", async () => {
  const { status, code } = await runCommand(["qsight-no-such-program"]);
  assert.deepEqual({ status, code }, { status: "absent", code: null });
});

Deno.test("runCommand() passes folder and environment on", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const script = 'console.log(Deno.cwd(), Deno.env.get("QSIGHT_TEST"))';
  const env = { ...Deno.env.toObject(), QSIGHT_TEST: "seen" };
  const { stdout } = await runCommand([deno, "eval", script], { cwd: folder, env, timeout: 60000 });
  assert.equal(stdout, `${folder} seen\n`);
  await Deno.remove(folder);
});

testOrSkip(
  "runCommand() at its deadline kills the program and its children",
  Deno.build.os === "linux" ? undefined : "process states are read from /proc",
  async () => {
    const start = performance.now();
    // The child of the shell holds the pipe open: killing the shell alone would not do.
    const script = "sleep 300 & echo $!; wait";
    const { status, code, stdout } = await runCommand(["sh", "-c", script], { timeout: 300 });
    assert.deepEqual({ status, code }, { status: "timeout", code: null });
    assert.ok(performance.now() - start < 60000);
    assert.match(stdout, /^\d+\n$/);
    const child = stdout.trim();
    for (let i = 0; i < 100 && isRunning(child); i++) await new Promise((r) => setTimeout(r, 50));
    assert.equal(isRunning(child), false);
  },
);

Deno.test("runCommand() drains more output than a pipe holds", async () => {
  const script = 'console.log("x".repeat(3000000))';
  const { stdout } = await runCommand([deno, "eval", script], { timeout: 60000 });
  assert.equal(stdout.length, 3000001);
});

Deno.test("runCommand() that may not start anything resolves too", async () => {
  const module = new URL("../../src/_internal/run_command.ts", import.meta.url).href;
  const script = `import { runCommand } from ${JSON.stringify(module)};
    console.log((await runCommand(["ls"])).status);`;
  const url = `data:text/typescript,${encodeURIComponent(script)}`;
  // Not by runCommand(): a Deno that node:child_process starts from Deno is given all permissions.
  const { stdout, stderr } = await new Deno.Command(deno, {
    args: ["run", "--no-config", "--no-prompt", url],
    stdin: "null",
  }).output();
  assert.equal(new TextDecoder().decode(stdout), "absent\n", new TextDecoder().decode(stderr));
});

/** Alive and not merely waiting for its parent to take notice (a zombie). */
function isRunning(pid: string): boolean {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1][0] !== "Z";
  } catch {
    return false;
  }
}

Deno.test("runCommand() ends the program when the signal does, before and while it runs", async () => {
  const stop = new AbortController();
  const running = runCommand([deno, "eval", "setTimeout(() => {}, 5000)"], {
    timeout: 60000,
    signal: stop.signal,
  });
  setTimeout(() => stop.abort(), 50);
  assert.equal((await running).status, "timeout");
  const { status } = await runCommand([deno, "--version"], { timeout: 60000, signal: stop.signal });
  assert.equal(status, "timeout");
});
