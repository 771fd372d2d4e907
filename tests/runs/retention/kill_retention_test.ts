import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import {
  applyRetention,
  planRetention,
  restoreRun,
  type RetentionPolicy,
  verifyRun,
} from "../../../src/runs/mod.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { inRoot } from "../_temporary_root.ts";
import { fakeRun, NOW, setLatest, snapshot } from "./_fake_runs.ts";

const noKill = Deno.build.os === "windows" ? "Windows has no SIGKILL" : undefined;

/** Lets a process apply the policy until that step kills it; or until it is killed from outside. */
async function killAt(
  root: string,
  policy: RetentionPolicy,
  { step = "never", after }: { step?: string; after?: number },
): Promise<void> {
  const script = new URL("./_prune_and_die.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, root, JSON.stringify(policy), step],
    stderr: "inherit",
  }).spawn();
  if (after !== undefined) {
    // Counted from its first sign of life, which starting up delays by more than the work takes.
    while (!existsSync(`${root}/archive`)) await new Promise((resolve) => setTimeout(resolve, 2));
    await new Promise((resolve) => setTimeout(resolve, after));
    try {
      child.kill("SIGKILL");
    } catch {
      // It was done before.
    }
  }
  const { signal } = await child.status;
  if (after === undefined) assert.equal(signal, "SIGKILL");
}

const FILES = Object.fromEntries(
  Array.from({ length: 30 }, (_, i) => [`checkpoints/${i}.bin`, `${i} `.repeat(20_000)]),
);

/** Applies again, and checks that the run is archived whole and that nothing is left over. */
async function finishPrune(root: string, id: string, wanted: Record<string, string>) {
  const now = new Date(Date.now() + 2 * 86_400_000);
  const plan = await planRetention(root, { keepLast: 1, archive: true }, { now });
  const { results } = await applyRetention(plan);
  for (const { outcome, reason } of results) assert.equal(outcome, "done", reason);
  assert.deepEqual(
    [...Deno.readDirSync(root)].map(({ name }) => name).filter((name) => name.startsWith(".")),
    [],
  );
  assert.deepEqual([...Deno.readDirSync(`${root}/archive`)].map(({ name }) => name), [
    `${id}.tar.gz`,
  ]);
  assert.ok(!existsSync(`${root}/${id}`));
  const folder = await restoreRun(`${root}/archive/${id}.tar.gz`, `${root}/restored`);
  assert.deepEqual(snapshot(folder), wanted);
}

for (const step of ["packing", "verifying", "archived", "hidden", "removed"]) {
  testOrSkip(
    `a prune that is killed at "${step}" can be run again and loses nothing`,
    noKill,
    () =>
      inRoot(async (root) => {
        const id = fakeRun(root, { age: 9, files: FILES });
        setLatest(root, fakeRun(root));
        const wanted = snapshot(`${root}/${id}`);
        await killAt(root, { keepLast: 1, archive: true }, { step });
        const isThere = existsSync(`${root}/${id}/manifest.json`);
        assert.equal(
          isThere,
          ["packing", "verifying", "archived"].includes(step),
          "as it should be",
        );
        if (isThere) assert.deepEqual(snapshot(`${root}/${id}`), wanted, "nobody finds half a run");
        else assert.ok(existsSync(`${root}/archive/${id}.tar.gz`));
        await finishPrune(root, id, wanted);
      }),
  );
}

testOrSkip(
  "a prune that is killed at any moment can be run again and loses nothing",
  noKill,
  () =>
    inRoot(async (top) => {
      for (let kill = 0; kill < 6; kill++) {
        const root = `${top}/${kill}`;
        const id = fakeRun(root, { age: 9, files: FILES });
        setLatest(root, fakeRun(root));
        const wanted = snapshot(`${root}/${id}`);
        await killAt(root, { keepLast: 1, archive: true }, { after: kill * 12 });
        if (existsSync(`${root}/${id}`)) assert.deepEqual(await verifyRun(`${root}/${id}`), []);
        await finishPrune(root, id, wanted);
      }
    }),
);

testOrSkip(
  "a prune of epochs that is killed leaves a true manifest, and can be run again",
  noKill,
  () =>
    inRoot(async (root) => {
      const files = Object.fromEntries(
        [1, 2, 3, 4].map((n) => [`reports/visualizations/a/epoch_0${n}/m.json`, "{}"]),
      );
      const id = fakeRun(root, { age: 9, files });
      setLatest(root, fakeRun(root));
      await killAt(root, { every: 2 }, { step: "listed" });
      const statuses = (await verifyRun(`${root}/${id}`)).map(({ status }) => status);
      assert.deepEqual(statuses, ["extra", "extra"], "no file that is named is gone");
      await applyRetention(await planRetention(root, { every: 2 }, { now: NOW }));
      assert.deepEqual(await verifyRun(`${root}/${id}`), []);
    }),
);

Deno.test("leftovers of archiving and restoring are removed after a day, those of others never", () =>
  inRoot(async (root) => {
    const uuid = "01234567-89ab-cdef-0123-456789abcdef";
    Deno.mkdirSync(`${root}/archive`);
    Deno.mkdirSync(`${root}/.${uuid}.restore.tmp`);
    Deno.mkdirSync(`${root}/.git`);
    Deno.mkdirSync(`${root}/.x.qsight-pruned`);
    Deno.writeTextFileSync(`${root}/archive/.run.${uuid}.tmp`, "half");
    Deno.writeTextFileSync(`${root}/archive/old.tar.gz`, "whole");
    const now = new Date();
    const early = await planRetention(root, {}, { now });
    assert.deepEqual(early.leftovers, [".x.qsight-pruned"]);
    const late = await planRetention(root, {}, { now: new Date(now.getTime() + 90_000_000) });
    assert.equal(late.leftovers.length, 3);
    await applyRetention(late);
    const names = [...Deno.readDirSync(root)].map(({ name }) => name).sort();
    assert.deepEqual(names, [".git", "archive", "retention.jsonl"]);
    assert.deepEqual([...Deno.readDirSync(`${root}/archive`)].map(({ name }) => name), [
      "old.tar.gz",
    ]);
  }));
