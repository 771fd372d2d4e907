import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { assertClose } from "../../tensors/_on_backends.ts";

type Found = Record<string, number[][]>;

const SCRIPT = fileURLToPath(new URL("_gradients.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../../deno.json", import.meta.url));
const PROBE =
  `console.log("\\n" + ((await navigator.gpu?.requestAdapter())?.info.description ?? ""))`;

/** The last line that Deno prints; graphics drivers print before it. */
async function lastLine(...args: string[]): Promise<string> {
  // Graphics drivers want a folder for their sockets.
  const folder = await mkdtemp(join(tmpdir(), "qsight-gradients-"));
  const env = { ...process.env, XDG_RUNTIME_DIR: folder } as Record<string, string>;
  try {
    const ran = await runCommand([Deno.execPath(), ...args], { env, timeout: 300_000 });
    assert.equal(ran.status, "ok", ran.stderr);
    return ran.stdout.trimEnd().split("\n").at(-1)!;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Loss and gradients of every encoder on a backend. */
async function gradients(...args: string[]): Promise<Found> {
  return JSON.parse(await lastLine("run", "-A", "--no-check", "-c", CONFIG, SCRIPT, ...args));
}

function assertSame(found: Found, wanted: Found): void {
  assert.deepEqual(Object.keys(found), ["convnet", "resnet18", "resnet50", "vit_b_16"]);
  for (const [encoder, tensors] of Object.entries(wanted)) {
    assert.ok(tensors.length > 8 && tensors.every((tensor) => tensor.every(Number.isFinite)));
    // Of the keys' bias the softmax sees nothing: its gradient is rounding alone.
    const largest = tensors.slice(1).flat().reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    tensors.forEach((tensor, i) => {
      const [here, there] = [found[encoder][i], tensor].map((x) => [...x, largest]);
      assertClose(here, there, `${encoder}, tensor ${i}`, 2e-5);
    });
  }
}

Deno.test("every encoder has the same gradients on wasm as on cpu", async () => {
  assertSame(await gradients("wasm"), await gradients("cpu"));
});

const adapter = await lastLine("eval", PROBE);

testOrSkip(
  "every encoder has the same gradients on webgpu as on cpu",
  adapter === "" ? "no GPU adapter, not even one in software" : undefined,
  async () => assertSame(await gradients("webgpu", adapter), await gradients("cpu")),
);
