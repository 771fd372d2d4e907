import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isWholeFile } from "../../src/runs/whole_file.ts";
import { verifyRun } from "../../src/runs/verify_run.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { inFolder, qsight } from "./_call.ts";
import { bytesOf, onlyRun, SMALL } from "./_small_training.ts";

const missing = Deno.build.os !== "linux"
  ? "a file system of a given size needs Linux"
  : Deno.uid() !== 0
  ? "mounting a small file system needs root"
  : undefined;

/** A folder that holds no more than so many KiB, until it is given more room. */
async function onSmallDisk(
  size: string,
  test: (folder: string, grow: () => void) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const mount = (...options: string[]) => {
      const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", ...options, folder]);
      assert.equal(status, 0, String(stderr));
    };
    mount(`size=${size}`, "tmpfs");
    try {
      await test(folder, () => mount("remount,size=64m", "tmpfs"));
    } finally {
      spawnSync("umount", [folder]);
    }
  });
}

// In the first epoch, between a stage's figures, and when all is trained and the page is written.
for (const size of ["64k", "1300k", "5200k"]) {
  testOrSkip(
    `qsight train on a disk of ${size}: a clear end, whole files, and the same bytes after --resume`,
    missing,
    () =>
      onSmallDisk(size, async (cwd, grow) => {
        const args = ["train", ...SMALL, "--out"];
        const { code, stderr } = await qsight([...args, "runs"], { cwd });
        assert.equal(code, 1, stderr);
        assert.match(stderr, /DiskFullError: no room for \S+: found its disk or quota full/);
        assert.ok(!/\n\s+at /.test(stderr), "a stack helps nobody here");
        const go = /qsight train (--resume \S+)/.exec(stderr)!;
        const [, run] = go[1].split(" ");
        for (
          const file of await readdir(join(cwd, run), { recursive: true, withFileTypes: true })
        ) {
          assert.ok(!/\.tmp$/.test(file.name), file.name);
          // The rows of metrics may end torn, which their readers know.
          if (!file.isFile() || file.name.endsWith(".jsonl")) continue;
          assert.ok(await isWholeFile(file.parentPath, file.name), file.name);
        }
        grow();
        const again = await qsight(["train", ...go[1].split(" ")], { cwd });
        assert.equal(again.code, 0, again.stderr);
        assert.deepEqual(await verifyRun(join(cwd, run)), []);
        assert.equal((await qsight([...args, "other"], { cwd })).code, 0);
        assert.deepEqual(
          await bytesOf(join(cwd, run)),
          await bytesOf(await onlyRun(join(cwd, "other"))),
        );
      }),
  );
}
