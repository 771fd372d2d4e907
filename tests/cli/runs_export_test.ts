import assert from "node:assert/strict";
import { runsExportCommand } from "../../src/cli/runs_export.ts";
import { UsageError } from "../../src/cli/usage.ts";
import { KEY, withRecorder } from "../runs/export/_recorder.ts";
import { smallTraining } from "../runs/export/_small_training.ts";
import { qsight } from "./_call.ts";
import { service, withEnv } from "./_environment.ts";
import { filesIn, inRoot } from "../runs/_temporary_root.ts";

/** Calls the command where a user stands in `cwd`. */
async function runExport(args: string[], cwd: string, signal = new AbortController().signal) {
  let stdout = "", stderr = "";
  const code = await runsExportCommand(args, {
    cwd,
    signal,
    isTerminal: false,
    stdout: { write: (text) => stdout += text },
    stderr: { write: (text) => stderr += text },
  });
  return { code, stdout, stderr };
}

/** A folder with a finished run below trained_model. */
function withRun(test: (cwd: string, id: string) => Promise<void>): Promise<void> {
  return inRoot(async (cwd) => {
    const run = await smallTraining(`${cwd}/trained_model`);
    await run.finish({});
    await test(cwd, run.id);
  });
}

Deno.test("qsight runs export --to tensorboard writes below the run, by id, latest or path", () =>
  withRun(async (cwd, id) => {
    for (const name of [id, "latest", `trained_model/${id}`]) {
      const { code, stdout, stderr } = await runExport([name, "--to", "tensorboard"], cwd);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      // Two heads on two splits, four epochs, one metric.
      assert.match(
        stdout,
        new RegExp(`^${id}: 4 epochs, 16 numbers, 4 pictures in trained_model/`),
      );
      assert.match(stdout, /^tensorboard --logdir "trained_model\/.*\/reports\/tensorboard"/m);
    }
    const written = filesIn(`${cwd}/trained_model/${id}/reports/tensorboard`);
    assert.equal(written.length, 5);
  }));

Deno.test("qsight runs export --out gathers runs below one log folder, and --root finds them", () =>
  withRun(async (cwd, id) => {
    const args = [id, "--root", "trained_model", "--to", "tensorboard", "--out", "logs"];
    const { code, stdout } = await runExport(args, cwd);
    assert.equal(code, 0);
    assert.match(stdout, /^tensorboard --logdir "logs"/m);
    assert.ok(filesIn(`${cwd}/logs/${id}`).length === 5);
  }));

Deno.test("qsight runs export --to wandb sends once and says how much", () =>
  withRun((cwd, id) =>
    withRecorder((recorder) =>
      withEnv(service(recorder), async () => {
        const args = ["latest", "--to", "wandb", "--project", "p", "--entity", "e"];
        const first = await runExport(args, cwd);
        assert.deepEqual([first.code, first.stderr], [0, ""]);
        assert.match(first.stdout, /: [1-9]\d items sent to http:.*; everything is there\n$/);
        assert.ok(first.stdout.startsWith(id));
        assert.equal(recorder.history.size, 8);
        assert.deepEqual([recorder.upserts[0].project, recorder.upserts[0].entity], ["p", "e"]);
        const second = await runExport(args, cwd);
        assert.match(second.stdout, /: 0 items sent/);
        assert.equal(recorder.repeats, 0);
      })
    )
  ));

Deno.test("qsight runs export --to wandb exits 3 with what to do when the service denies", () =>
  withRun((cwd) =>
    withRecorder((recorder) =>
      withEnv(service(recorder), async () => {
        recorder.fault = () => 401;
        const { code, stdout, stderr } = await runExport(["latest", "--to", "wandb"], cwd);
        assert.equal(code, 3);
        assert.match(stdout, /: 0 items sent .*; [1-9]\d are still to be sent/);
        assert.match(stderr, /status 401.*Set WANDB_API_KEY/);
        assert.ok(!(stdout + stderr).includes(KEY));
      })
    )
  ));

Deno.test("qsight runs export --to wandb ends on Ctrl-C and goes on later", () =>
  withRun((cwd) =>
    withRecorder((recorder) =>
      withEnv(service(recorder), async () => {
        const controller = new AbortController();
        recorder.fault = () => {
          if (recorder.requests.length < 8) return undefined;
          controller.abort();
          return "hang";
        };
        const args = ["latest", "--to", "wandb"];
        assert.equal((await runExport(args, cwd, controller.signal)).code, 2);
        recorder.fault = () => undefined;
        assert.equal((await runExport(args, cwd)).code, 0);
        assert.equal(recorder.history.size, 8);
        assert.deepEqual(recorder.contradictions, []);
      })
    )
  ));

Deno.test("qsight runs export is a command, and a wrong call of it is 4", () =>
  withRun(async (cwd, id) => {
    const good = await qsight(["runs", "export", id, "--to", "tensorboard"], { cwd });
    assert.deepEqual([good.code, good.stderr], [0, ""]);
    const { code, stderr } = await qsight(["runs", "export", id, "--to", "paper"], { cwd });
    assert.equal(code, 4);
    assert.match(stderr, /unknown target "paper".*Known: tensorboard, wandb/);
    const verified = await qsight(["runs", "verify", id], { cwd });
    assert.equal(verified.code, 0, "an export is no fault of a run");
  }));

Deno.test("qsight runs export says what it cannot use", () =>
  withRun((cwd, id) =>
    withEnv({ WANDB_API_KEY: undefined }, async () => {
      const wrong: [string[], RegExp][] = [
        [[id], /say where to: --to tensorboard or --to wandb/],
        [[id, "--to", "tensorbord"], /Did you mean "tensorboard"/],
        [[id, "--to", "wandb"], /WANDB_API_KEY is not set/],
        [[id, "--to", "wandb", "--out", "x"], /--out is for --to tensorboard/],
        [[id, "--to", "tensorboard", "--project", "x"], /are for --to wandb/],
        [["--to", "tensorboard"], /wanted one run, found 0/],
        [["none", "--to", "tensorboard"], /Found no run "none"/],
        [[id, "--to", "tensorboard", "--outt", "x"], /Did you mean "--out"/],
        [[id, "--to", "tensorboard", "--out", `trained_model/${id}/config.json`], /--out/],
      ];
      for (const [args, message] of wrong) {
        await assert.rejects(runExport(args, cwd), (error: Error) => {
          assert.ok(error instanceof UsageError, `${args}: ${error.stack}`);
          assert.match(error.message, message);
          return true;
        });
      }
    })
  ));
