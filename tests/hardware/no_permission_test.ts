import assert from "node:assert/strict";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";

const DOOR = new URL("../../src/hardware/mod.ts", import.meta.url).href;

/** Prints status and reason of every probe, by its place in the snapshots. */
const SCRIPT = `import { probeEnvironment, probeHardware } from ${JSON.stringify(DOOR)};
  const probes = {};
  const walk = (value, path) => {
    if (typeof value !== "object" || value === null) return;
    if (typeof value.status === "string") return void (probes[path] = [value.status, value.reason]);
    for (const [key, inner] of Object.entries(value)) walk(inner, path + "/" + key);
  };
  walk(await probeHardware(), "");
  walk(await probeEnvironment({ folder: "/tmp" }), "");
  console.log("PROBES" + JSON.stringify(probes) + "END");`;

/** What needs no permission: the runtime tells it, or there is nothing to ask. */
const FREE = /^\/(cpu\/logical|webgpu|permissions)$/;

Deno.test("without permissions every probe is unknown and says which one it needs", async () => {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", `data:text/javascript,${encodeURIComponent(SCRIPT)}`],
    stdin: "null",
    stderr: "null",
  }).output();
  assert.ok(success);
  const probes = probesIn(new TextDecoder().decode(stdout));
  assert.ok(Object.keys(probes).length >= 22, Object.keys(probes).join(" "));
  for (const [path, [status, reason]] of Object.entries(probes)) {
    if (FREE.test(path)) continue;
    assert.equal(status, "unknown", `${path}: ${reason}`);
    assert.match(reason, /Permission denied: .* needs --allow-/, path);
  }
  assert.equal(probes["/permissions"][0], "ok");
});

Deno.test("a permission for some folders only does not make a program absent", async () => {
  const script = `import { probeEnvironment, probeHardware } from ${JSON.stringify(DOOR)};
    const { programs } = await probeEnvironment();
    const { gpus } = await probeHardware();
    console.log("PROBES" + JSON.stringify({ npm: [programs.npm.status, programs.npm.reason],
      gpus: [gpus.status, gpus.reason] }) + "END");`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-config",
      "--allow-env",
      "--allow-run",
      "--allow-read=/no/such/folder",
      `data:text/javascript,${encodeURIComponent(script)}`,
    ],
    stdin: "null",
    stderr: "null",
  }).output();
  for (const [status, reason] of Object.values(probesIn(new TextDecoder().decode(stdout)))) {
    assert.equal(status, "unknown");
    assert.match(reason, /Looking for .* needs --allow-read/);
  }
});

testOrSkip(
  "on a terminal no probe makes Deno ask for a permission, which it would",
  missingProgram("script"),
  async () => {
    const probed = await onTerminal(SCRIPT);
    assert.ok(Object.keys(probesIn(probed)).length >= 22);
    assert.doesNotMatch(probed, /requests|Allow\?/);
    // The same terminal shows the question where a script does not look first.
    assert.match(await onTerminal(`Deno.env.get("HOME")`), /requests env access/);
  },
);

/** What a script without permissions writes to a terminal, to its end or to the first question. */
async function onTerminal(script: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".js" });
  try {
    await Deno.writeTextFile(file, script);
    const terminal = new Deno.Command("script", {
      args: ["-q", "-c", `'${Deno.execPath()}' run --no-config '${file}'`, "/dev/null"],
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let text = "", asked = false;
    for await (const part of terminal.stdout.pipeThrough(new TextDecoderStream())) {
      text += part;
      // Nobody will answer; without its terminal, Deno ends.
      if (!asked && /Allow\?/.test(text)) terminal.kill();
      asked ||= /Allow\?/.test(text);
    }
    await terminal.stdin.close().catch(() => {}); // The other end is gone.
    await terminal.status;
    return text;
  } finally {
    await Deno.remove(file);
  }
}

function probesIn(text: string): Record<string, [status: string, reason: string]> {
  const json = /PROBES(.*)END/s.exec(text)?.[1];
  assert.ok(json !== undefined, text);
  return JSON.parse(json);
}
