import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { readMetrics, verifyRun } from "../../src/runs/mod.ts";
import { startScript } from "../_tools/start_script.ts";
import { filesIn } from "./_temporary_root.ts";

/**
 * Kills a writing process at random moments and looks at what is left: every file is an old or a
 * new one, whole; the rows are without a gap. Returns how many files and rows were looked at.
 */
export async function killWriters(
  root: string,
  { kills, seed }: { kills: number; seed: number },
): Promise<{ files: number; rows: number; leftovers: number }> {
  const random = new SeededRandom(seed);
  const seen = { files: 0, rows: 0, leftovers: 0 };
  for (let kill = 0; kill < kills; kill++) {
    const folder = await killOne(root, random.uniform(0, 120));
    for (const path of filesIn(folder)) {
      if (path.endsWith(".tmp")) seen.leftovers++;
      else {
        checkWhole(path, await Deno.readTextFile(`${folder}/${path}`));
        seen.files++;
      }
    }
    const epochs = (await readMetrics(folder)).map(({ epoch }) => epoch);
    assert.deepEqual(epochs, Array.from(epochs, (_, i) => i));
    seen.rows += epochs.length;
    assert.deepEqual((await verifyRun(folder)).map(({ path }) => path), ["manifest.json"]);
  }
  return seen;
}

async function killOne(root: string, milliseconds: number): Promise<string> {
  const script = new URL("./_endless_writer.ts", import.meta.url);
  const { child, line } = await startScript(script, [root]);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  child.kill("SIGKILL");
  const { signal } = await child.status;
  assert.equal(signal, "SIGKILL");
  return line;
}

function checkWhole(path: string, text: string): void {
  if (path === "checkpoints/last.bin") {
    const [length, body] = text.split(":");
    assert.equal(body.length, Number(length), "torn checkpoint");
    assert.match(body, /^(.)\1*$/);
  } else if (path.endsWith(".json")) {
    JSON.parse(text);
  }
}
