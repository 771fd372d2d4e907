import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { verifyRun } from "../../src/runs/verify_run.ts";
import { KEY, withRecorder } from "../runs/export/_recorder.ts";
import { inFolder, qsight } from "./_call.ts";
import { service, withEnv } from "./_environment.ts";
import { bytesOf, onlyRun, SMALL } from "./_small_training.ts";

const train = (cwd: string, out: string, ...more: string[]) =>
  qsight(["train", ...SMALL, "--out", out, ...more], { cwd });

Deno.test("qsight train --follow wandb sends all while it trains, and leaves the same bytes", () =>
  inFolder((cwd) =>
    withRecorder((recorder) =>
      withEnv(service(recorder), async () => {
        const { code, stderr } = await train(cwd, "a", "--follow", "wandb", "--project", "p");
        assert.equal(code, 0, stderr);
        assert.match(stderr, /^[1-9]\d+ items sent to W&B$/m);
        assert.equal(recorder.upserts[0].project, "p");
        const rows = await readFile(join(await runIn(cwd, "a"), "history.json"), "utf8");
        assert.ok(recorder.history.size > 0 && rows.length > 0);
        assert.equal(recorder.repeats, 0);
        assert.equal((await train(cwd, "b")).code, 0);
        assert.deepEqual(
          await bytesOf(await runIn(cwd, "a")),
          await bytesOf(await runIn(cwd, "b")),
        );
      })
    )
  ));

Deno.test("qsight train is not stopped by a remote that denies, and says how to send later", () =>
  inFolder((cwd) =>
    withRecorder((recorder) =>
      withEnv(service(recorder), async () => {
        recorder.fault = () => 401;
        const { code, stderr } = await train(cwd, "a", "--follow", "wandb");
        assert.equal(code, 0, stderr);
        const [, later] = /still to be sent: qsight (runs export \S+ --to wandb)/.exec(stderr)!;
        assert.deepEqual(await verifyRun(await runIn(cwd, "a")), []);
        assert.ok(!stderr.includes(KEY));
        recorder.fault = () => undefined;
        const sent = await qsight(later.split(" "), { cwd });
        assert.equal(sent.code, 0, sent.stderr);
        assert.ok(recorder.history.size > 0);
      })
    )
  ));

Deno.test("qsight train says what it cannot follow before anything starts", () =>
  inFolder((cwd) =>
    withEnv({ WANDB_API_KEY: undefined }, async () => {
      const wrong: [string[], RegExp][] = [
        [["--follow", "wandb"], /WANDB_API_KEY is not set/],
        [["--follow", "wandbb"], /unknown remote "wandbb".*Did you mean "wandb"/],
        [["--project", "p"], /are for --follow wandb/],
      ];
      for (const [args, message] of wrong) {
        const { code, stderr } = await train(cwd, "a", ...args);
        assert.equal(code, 4);
        assert.match(stderr, message);
      }
      assert.ok(!existsSync(join(cwd, "a")));
    })
  ));

Deno.test("the retention of a configuration lets older runs go, archived, when a run has ended", () =>
  inFolder(async (cwd) => {
    const config = { retention: { keepLast: 1, archive: true } };
    await writeFile(join(cwd, "c.json"), JSON.stringify(config));
    const first = await train(cwd, "a");
    assert.equal(first.code, 0, first.stderr);
    const id = (await runIn(cwd, "a")).split("/").at(-1)!;
    const second = await train(cwd, "a", "--config", "c.json", "--seed", "1");
    assert.match(second.stderr, new RegExp(`Retention: archived a/archive/${id}\\.tar\\.gz`));
    assert.equal((await runsIn(join(cwd, "a"))).length, 1);
    const back = await qsight(["runs", "restore", `a/archive/${id}.tar.gz`, "--root", "a"], {
      cwd,
    });
    assert.equal(back.code, 0, back.stderr);
    assert.deepEqual(await verifyRun(join(cwd, "a", id)), []);
    const wrong = await train(cwd, "a", "--set", "retention.keeplast=2");
    assert.equal(wrong.code, 4);
    assert.match(wrong.stderr, /Did you mean "keepLast"/);
  }));

const runsIn = async (root: string) => (await readdir(root)).filter((name) => /^\d{8}-/.test(name));
const runIn = (cwd: string, out: string) => onlyRun(join(cwd, out));
