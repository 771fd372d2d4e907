import assert from "node:assert/strict";
import { type ProcessIdentity, thisProcess } from "../../../src/runs/process_identity.ts";
import { followRun, openOutbox, replayRun, wandbRemote } from "../../../src/runs/mod.ts";
import { outboxPath } from "../../../src/runs/export/outbox.ts";
import { filesIn, inRoot, smallRun } from "../_temporary_root.ts";
import { listing } from "./_listing_remote.ts";
import { EPOCHS, picture, smallTraining } from "./_small_training.ts";

Deno.test("openOutbox() takes what include lets through, and names what is too large", () =>
  inRoot(async (root) => {
    const run = await smallTraining(root);
    const { remote, arrived } = listing();
    const include = (path: string) => /weights\.bin$|\.csv$/.test(path);
    const outbox = await openOutbox(run.folder, { remote, include, mostBytes: 50 });
    const { skipped } = await outbox.close();
    assert.deepEqual(new Set(arrived.map(({ kind }) => kind)), new Set(["file"]));
    assert.equal(arrived.length, EPOCHS);
    assert.match(skipped[0].path, /^checkpoints\/last\/weights\.bin$/);
    assert.match(skipped[0].reason, /more than mostBytes 50/);
    assert.ok(picture(1).length > 50);
  }));

Deno.test("two outboxes of one run do not send at the same time; one that was killed is taken over", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    const { remote } = listing();
    const outbox = await openOutbox(run.folder, { remote });
    await assert.rejects(
      openOutbox(run.folder, { remote }),
      /Another outbox \(process \d+ on .*wait for it, or delete/,
    );
    await outbox.close();
    const lock = `${outboxPath(run.folder, "list")}.lock`;
    const left = async (holder: ProcessIdentity) =>
      await Deno.writeTextFile(lock, JSON.stringify({ ...holder, id: "x" }));
    const gone = new Deno.Command("true").spawn();
    await gone.status;
    const here = await thisProcess();
    await left({ ...here, pid: gone.pid });
    await (await openOutbox(run.folder, { remote })).close();
    // The number belongs to somebody else by now: process 1 began before the one that held it.
    if (here.begun !== null) {
      await left({ ...here, pid: 1, begun: `0${here.begun}` });
      await (await openOutbox(run.folder, { remote })).close();
    }
    // Half written, or left by an earlier process with the number of this one.
    await Deno.writeTextFile(lock, "{");
    await (await openOutbox(run.folder, { remote })).close();
    assert.deepEqual(filesIn(root).filter((path) => path.includes(".lock")), []);
  }));

Deno.test("the outbox says what is wrong with its options", () =>
  inRoot(async (root) => {
    const { remote } = listing();
    const run = await smallRun(root);
    await assert.rejects(openOutbox(`${root}/none`, { remote }), /wanted a run folder/);
    await assert.rejects(openOutbox(run.folder, {} as never), /remote is missing/);
    await assert.rejects(openOutbox(run.folder, { remote, attempts: 0 }), /attempts is 0/);
    await assert.rejects(
      replayRun(run.folder, { remote, timout: 1 } as never),
      /Did you mean "timeout"/,
    );
    assert.throws(() => followRun({ remot: remote } as never), /Did you mean "remote"/);
    assert.throws(() => wandbRemote({ projekt: "x" } as never), /Did you mean "project"/);
    assert.throws(() => wandbRemote({ env: { WANDB_BASE_URL: "nowhere" } }), /WANDB_BASE_URL/);
  }));
