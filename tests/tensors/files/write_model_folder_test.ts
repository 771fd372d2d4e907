import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import { readArtifacts } from "../../../src/tensors/files/read_artifacts.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { inFolder } from "./_in_folder.ts";

const SOURCES = new URL("../../../src/tensors/files/", import.meta.url).href;
const CONFIG = fileURLToPath(new URL("../../../deno.json", import.meta.url));

/** `save(letter, n)` writes a model of n bytes, all of which are the code of the letter. */
const SAVING = `
  import { shardWeights } from "${SOURCES}shard_weights.ts";
  import { writeModelFolder } from "${SOURCES}write_model_folder.ts";
  const folder = Deno.args[0];
  const save = (letter, n, shardBytes) => writeModelFolder(folder, {
    described: { format: "layers-model", modelTopology: { letter } },
    weightSpecs: [{ name: "w", shape: [n], dtype: "bool" }],
    files: shardWeights(new Uint8Array(n).fill(letter.charCodeAt(0)), shardBytes),
  });
`;

/** Writes the code beside the folder, and gives the command that runs it. */
async function command(folder: string, code: string): Promise<[string, ...string[]]> {
  const script = join(dirname(folder), "save.js");
  await writeFile(script, SAVING + code);
  return [Deno.execPath(), "run", "-A", "--no-check", "-c", CONFIG, script, folder];
}

/** The letter of the model in the folder; throws when topology and weights do not belong together. */
async function letterIn(folder: string): Promise<string> {
  const wanted = { where: "test", format: "layers-model" } as const;
  const { modelTopology, weightData } = await readArtifacts(folder, wanted);
  const { letter } = modelTopology as { letter: string };
  const bytes = new Uint8Array(weightData as ArrayBuffer);
  assert.ok(bytes.every((byte) => byte === letter.charCodeAt(0)), `${letter} with other weights`);
  return letter;
}

Deno.test("writeModelFolder() killed at any moment leaves a whole model", async () => {
  await inFolder(async (outer) => {
    const folder = join(outer, "model");
    // Kills itself at a part of the time that all four saves took before.
    const [program, ...args] = await command(
      folder,
      `const saveAll = async () => {
        await save("A", 300_000, 100_000);
        await save("B", 300_000, 100_000);
        await save("C", 200_000, 1e6);
        await save("D", 250_000, 1e6);
      };
      const start = performance.now();
      await saveAll();
      const part = Number(Deno.args[1]) * (performance.now() - start);
      setTimeout(() => Deno.kill(Deno.pid, "SIGKILL"), part);
      for (;;) await saveAll();`,
    );
    const random = new SeededRandom("kills");
    const seen = new Set<string>();
    for (let kill = 0; kill < 8; kill++) {
      const part = String((kill + random.next()) / 8);
      const { status, stderr } = await runCommand([program, ...args, part], { timeout: 120_000 });
      assert.deepEqual({ status, stderr }, { status: "failed", stderr: "" });
      seen.add(await letterIn(folder));
    }
    assert.ok(seen.size > 1, `only ${[...seen]} was ever seen`);
    // The next save clears up, but for the temporary file of a killed write.
    const { code, stderr } = await runCommand(await command(folder, `await save("E", 9, 99);`), {
      timeout: 120_000,
    });
    assert.equal(code, 0, stderr);
    assert.equal(await letterIn(folder), "E");
    const left = (await readdir(folder)).filter((name) => !/^\..*\.tmp$/.test(name));
    assert.deepEqual(left.sort(), ["model.json", "weights.bin"]);
  });
});

const noLimits = Deno.build.os === "linux" ? undefined : "file size limits of Linux";

testOrSkip(
  "writeModelFolder() on a full disk leaves the old model and no litter",
  noLimits,
  async () => {
    await inFolder(async (outer) => {
      const folder = join(outer, "model");
      // Files end at 100 KiB: the small model fits, the second shard of the large one does not.
      const [program, ...args] = await command(
        folder,
        `await save("A", 50_000, 1e6);
      const first = await save("B", 300_000, 1e6).then(() => "saved", (error) => error.code);
      console.log(first);`,
      );
      const limited = `trap '' XFSZ; ulimit -f 200; exec "$0" "$@"`;
      const result = await runCommand(["sh", "-c", limited, program, ...args], {
        timeout: 120_000,
      });
      assert.equal(result.code, 0, result.stderr);
      assert.match(result.stdout, /EFBIG/);
      assert.equal(await letterIn(folder), "A");
      assert.deepEqual((await readdir(folder)).sort(), ["model.json", "weights.bin"]);
    });
  },
);

Deno.test("writeModelFolder() that fails at model.json takes its weights back", async () => {
  await inFolder(async (outer) => {
    const folder = join(outer, "model");
    // A folder of that name is in the way, so the last of all writes fails.
    await mkdir(join(folder, "model.json"), { recursive: true });
    const { code } = await runCommand(await command(folder, `await save("A", 300, 100);`), {
      timeout: 120_000,
    });
    assert.notEqual(code, 0);
    assert.deepEqual(await readdir(folder), ["model.json"]);
  });
});
