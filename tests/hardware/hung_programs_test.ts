import assert from "node:assert/strict";
import { isProcess } from "../../src/_internal/is_process.ts";

const DOOR = new URL("../../src/hardware/mod.ts", import.meta.url).href;
const PROGRAMS = ["nvidia-smi", "npm", "chromium", "fc-list", "vulkaninfo"];

/** A program that answers nothing, ignores polite signals, and has a child that does the same. */
const HUNG = `#!/bin/sh
trap '' TERM INT HUP
echo $$ >> "$PIDS"
sleep 600 & echo $! >> "$PIDS"
wait
`;

Deno.test("probes of programs that hang are unknown by the deadline, the process ends by itself, and none is left", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of PROGRAMS) {
      await Deno.writeTextFile(`${folder}/${name}`, HUNG, { mode: 0o755 });
    }
    // The script does not call exit(): what a probe leaves behind would keep it alive.
    const script = `import { probeEnvironment, probeHardware } from ${JSON.stringify(DOOR)};
      const timeout = 400;
      const [{ gpus }, { programs, fonts, vulkan, milliseconds }] = await Promise.all(
        [probeHardware({ timeout }), probeEnvironment({ timeout })]);
      const { devices } = vulkan.value ?? { devices: vulkan };
      console.log(JSON.stringify({ milliseconds, probes: [gpus, programs.npm, programs.chromium,
        fonts, devices] }));`;
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-config", `data:text/typescript,${encodeURIComponent(script)}`],
      env: { PATH: `${folder}:${Deno.env.get("PATH")}`, PIDS: `${folder}/pids` },
      stderr: "inherit",
    }).output();
    assert.ok(success);
    const { milliseconds, probes } = JSON.parse(new TextDecoder().decode(stdout));
    for (const { status, reason } of probes) {
      assert.equal(status, "unknown", reason);
      assert.match(reason, /answer/);
    }
    assert.ok(milliseconds < 20_000, "not what the programs take, 600 s");
    const pids = (await Deno.readTextFile(`${folder}/pids`)).trim().split("\n").map(Number);
    assert.ok(pids.length >= PROGRAMS.length, "they were started");
    // The system takes a moment to bury what was killed.
    for (let i = 0; i < 100 && pids.some(isProcess); i++) {
      await new Promise((r) => setTimeout(r, 50));
    }
    assert.deepEqual(pids.filter(isProcess), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
