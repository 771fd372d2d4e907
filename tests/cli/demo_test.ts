import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { imageAt } from "../../src/data/image_at.ts";
import { syntheticFundus } from "../../src/data/synthetic_fundus.ts";
import { encodePng } from "../../src/images/encode_png.ts";
import { loadNotebook } from "../../src/runner/notebook/load_notebook.ts";
import { readManifest } from "../../src/runs/manifest.ts";
import { verifyRun } from "../../src/runs/verify_run.ts";
import { npz, u1 } from "../data/write_npz.ts";
import { inFolder, qsight } from "./_call.ts";

/** A run folder's name below a root, or undefined. */
async function runsIn(root: string): Promise<string[]> {
  if (!existsSync(root)) return [];
  const entries = await readdir(root, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

Deno.test("qsight demo leaves a whole run, names it with its figures, and repeats it to the byte", async () => {
  await inFolder(async (folder) => {
    const rows: string[] = [];
    for (const root of ["a", "b"]) {
      const { code, stdout, stderr } = await qsight(["demo", "--quick", "--out", root], {
        cwd: folder,
      });
      assert.equal(code, 0, stderr);
      const [id] = await runsIn(join(folder, root));
      const run = join(folder, root, id);
      assert.match(stdout, new RegExp(`^Run folder  ${root}/${id}$`, "m"));
      assert.match(stdout, /^ensemble +0\.\d{3}/m);
      assert.match(stdout, /synthetic images/);
      assert.match(stderr, /stage classical 1\/3 · epoch 1\/1 · batch \d+\/\d+ · loss \d.* left/);
      assert.deepEqual(await verifyRun(run), []);
      assert.equal((await readManifest(run)).synthetic, true);
      const executed = await loadNotebook(`${run}.ipynb`);
      const outputs = executed.cells.flatMap((cell) =>
        cell.cell_type === "code" ? cell.outputs : []
      );
      const pictures = outputs.filter((output) => "data" in output && "image/png" in output.data);
      assert.equal(pictures.length, 6);
      const { lock, facts, backend } = await readManifest(run);
      assert.ok((lock as { acquisitions: number }).acquisitions > 0);
      assert.match((facts.sampler as { chosen: string }).chosen, /^wasm-/);
      assert.equal((backend as { chosen: string }).chosen, "wasm");
      assert.deepEqual((facts.replicas as { stage: string }[]).map(({ stage }) => stage), [
        "classical",
        "quantum",
        "ensemble",
      ]);
      rows.push(await readFile(join(run, "metrics.jsonl"), "utf8"));
    }
    assert.equal(rows[0], rows[1]);
    assert.equal(rows[0].trim().split("\n").length, 2 * (3 + 2 + 4));
  });
});

Deno.test("qsight demo trains on a folder of images and on an npz file", async () => {
  await inFolder(async (folder) => {
    const set = syntheticFundus({ count: 24, size: 32, seed: 4 });
    await writeClassFolders(join(folder, "images"), set);
    const images = u1([24, 32, 32, 3], (i) => set.images[i]);
    const labels = u1([24, 1], (i) => set.labels[i]);
    await writeFile(join(folder, "set.npz"), npz({ train_images: images, train_labels: labels }));
    for (const data of ["images", "set.npz"]) {
      const { code, stderr } = await qsight(
        ["demo", "--quick", "--data", data, "--out", `runs-${data}`],
        { cwd: folder },
      );
      assert.equal(code, 0, stderr);
      const [id] = await runsIn(join(folder, `runs-${data}`));
      assert.equal((await readManifest(join(folder, `runs-${data}`, id))).synthetic, false);
    }
  });
});

/** Each bad input: how it is made, what is said about it. */
const BAD: Readonly<Record<string, readonly [(folder: string) => Promise<string>, RegExp]>> = {
  "a truncated npz": [async (folder) => {
    const path = join(folder, "cut.npz");
    const whole = npz({ train_images: u1([4, 8, 8, 3], (i) => i) });
    await writeFile(path, whole.subarray(0, whole.length - 30));
    return path;
  }, /^DataError: .*cut\.npz/m],
  "a wrong label": [async (folder) => {
    const path = join(folder, "labels.npz");
    const train_images = u1([4, 8, 8, 3], (i) => i);
    // A float that is no class index.
    const bytes = new Uint8Array(Float32Array.of(0, 1, 0.5, 1).buffer);
    const train_labels = { dtype: "<f4", shape: [4, 1], bytes };
    await writeFile(path, npz({ train_images, train_labels }));
    return path;
  }, /^DataError: .*labels/m],
  "an empty folder": [async (folder) => {
    await mkdir(join(folder, "empty"));
    return join(folder, "empty");
  }, /^DataError: .*empty/m],
  "a corrupt image": [async (folder) => {
    const root = join(folder, "broken");
    await writeClassFolders(root, syntheticFundus({ count: 10, size: 32, seed: 4 }));
    await writeFile(join(root, "mild", "zz.png"), "no picture");
    return root;
  }, /^(?:Image|Data)Error: .*zz\.png/m],
};

for (const [what, [make, message]] of Object.entries(BAD)) {
  Deno.test(`qsight demo on ${what} says so once, exits 1 and leaves nothing`, async () => {
    await inFolder(async (folder) => {
      const data = await make(folder);
      const { code, stdout, stderr } = await qsight(["demo", "--data", data, "--out", "runs"], {
        cwd: folder,
      });
      assert.equal(code, 1);
      assert.match(stderr, message);
      assert.doesNotMatch(stdout, /Run folder/);
      assert.deepEqual(await runsIn(join(folder, "runs")), []);
    });
  });
}

Deno.test("qsight demo names unusable arguments and exits 4 before anything starts", async () => {
  await inFolder(async (folder) => {
    for (
      const [args, message] of [
        [
          ["--data", "nowhere.npz"],
          /--data "nowhere\.npz": found no such file or folder; wanted "synthetic"/,
        ],
        [["--data", ""], /--data "": found no such file/],
        [["images"], /found "images", wanted options only; did you mean --data images\?/],
        [["--out", ""], /--out "": found no name, wanted a folder/],
        [["--dta", "x"], /unknown option "--dta".*"--data"/],
        [["--epochs", "0"], /--epochs 0: wanted a whole number of at least 1/],
        [["--seed", "1.5"], /--seed 1\.5: wanted a whole number/],
      ] as const
    ) {
      const { code, stderr } = await qsight(["demo", ...args], { cwd: folder });
      assert.equal(code, 4);
      assert.match(stderr, message);
    }
    assert.deepEqual(await readdir(folder), []);
  });
});

async function writeClassFolders(
  root: string,
  set: ReturnType<typeof syntheticFundus>,
): Promise<void> {
  for (let i = 0; i < set.count; i++) {
    const folder = join(root, set.classes[set.labels[i]]);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${i}.png`), encodePng({ ...imageAt(set, i), channels: 3 }));
  }
}
