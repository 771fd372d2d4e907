import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { groupMemory, watchMemory } from "../../../src/runner/kernels/memory_watch.ts";
import { within } from "../../../src/runner/wait.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";

const MIB = 2 ** 20;
const NO_MEMORY = ["linux", "darwin"].includes(Deno.build.os)
  ? undefined
  : "needs /proc or the ps of macOS";

/** A shell that leads a group of its own, with a Deno in it that holds so much; waits until it does. */
async function startHoard(mebibytes: number): Promise<ChildProcess> {
  const script = `const all = [];
    for (let i = 0; i < ${mebibytes}; i++) all.push(new Uint8Array(2 ** 20).fill(1));
    console.log("full");
    setInterval(() => all.length, 1000);`;
  // By way of the environment: node:child_process in Deno changes arguments that look like its own.
  const child = spawn("sh", ["-c", '"$DENO" eval --no-config "$SCRIPT"; true'], {
    detached: true,
    env: { ...process.env, DENO: Deno.execPath(), SCRIPT: script },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const text of child.stdout!) if (String(text).includes("full")) break;
  return child;
}

async function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) {
    await within(new Promise((resolve) => child.once("exit", resolve)), 60_000);
  }
  child.stdout?.destroy();
  return child.signalCode;
}

testOrSkip(
  "groupMemory() adds up all processes of a group, and only those",
  NO_MEMORY,
  async () => {
    const child = await startHoard(300);
    try {
      const bytes = await groupMemory(child.pid!);
      assert.ok(bytes > 300 * MIB && bytes < 800 * MIB, `${bytes / MIB} MiB`);
      assert.equal(await groupMemory(2 ** 30), 0);
    } finally {
      process.kill(-child.pid!, "SIGKILL");
      await ended(child);
    }
  },
);

testOrSkip(
  "watchMemory() kills the whole group over its limit, and says so once",
  NO_MEMORY,
  async () => {
    const child = await startHoard(300);
    const said: number[] = [];
    const watch = watchMemory(child.pid!, {
      limit: 200 * MIB,
      interval: 20,
      onExceeded: (bytes) => said.push(bytes),
    });
    assert.equal(await ended(child), "SIGKILL");
    await watch.stop();
    assert.equal(said.length, 1);
    assert.ok(said[0] > 300 * MIB, `${said[0]}`);
    assert.equal(watch.peak, said[0]);
  },
);

testOrSkip(
  "watchMemory() lets a group below its limit be, and remembers its peak",
  NO_MEMORY,
  async () => {
    const child = await startHoard(50);
    const watch = watchMemory(child.pid!, { limit: 4000 * MIB, interval: 20 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(child.exitCode, null);
    process.kill(-child.pid!, "SIGTERM");
    await ended(child);
    await watch.stop();
    await watch.stop();
    assert.ok(watch.peak > 50 * MIB, `${watch.peak}`);
  },
);
