import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/_internal/run_command.ts";
import { show } from "../../src/display/show.ts";

const MOD = fileURLToPath(new URL("../../src/display/mod.ts", import.meta.url));

async function printed(value: string): Promise<string> {
  const script = `import { show } from ${JSON.stringify(MOD)};
    const display = Symbol.for("Jupyter.display");
    await show(${value});`;
  const command = [Deno.execPath(), "eval", "--quiet", script] as const;
  const { stdout, stderr, status } = await runCommand([...command], { timeout: 60_000 });
  assert.equal(status, "ok", stderr);
  return stdout;
}

Deno.test("show() prints the text where there is no kernel, and does not draw for it", async () => {
  const draws = '{ text: "accuracy 0.9", [display]: () => { throw new Error("drawn"); } }';
  assert.equal(await printed(draws), "accuracy 0.9\n");
  assert.equal(await printed('{ [display]: () => ({ "text/plain": "table\\n" }) }'), "table\n");
  assert.equal(await printed('{ [display]: () => ({ "image/png": "" }) }'), "[no text to show]\n");
});

Deno.test("show() rejects values that cannot display themselves", async () => {
  for (const value of [null, undefined, 3, {}, { [Symbol.for("Jupyter.display")]: 3 }]) {
    await assert.rejects(show(value as never), /wanted a figure/);
  }
});
