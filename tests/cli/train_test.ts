import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readManifest } from "../../src/runs/manifest.ts";
import { verifyRun } from "../../src/runs/verify_run.ts";
import { applySets } from "../../src/training/config/config_overrides.ts";
import { inFolder, qsight } from "./_call.ts";
import { bytesOf, onlyRun, SMALL } from "./_small_training.ts";
import { interrupted } from "./_train_process.ts";

Deno.test("qsight train leaves a whole run and a calibrated model, and says how good it is", async () => {
  await inFolder(async (cwd) => {
    await writeFile(join(cwd, "c.json"), JSON.stringify({ fit: { labelSmoothing: 0.1 } }));
    const args = ["train", ...SMALL, "--config", "c.json", "--out", "runs", "--seed", "3"];
    const { code, stdout, stderr } = await qsight(args, { cwd });
    assert.equal(code, 0, stderr);
    const run = await onlyRun(join(cwd, "runs"));
    assert.deepEqual(await verifyRun(run), []);
    assert.match(stdout, /^ensemble +-?\d\.\d{3}/m);
    assert.match(stdout, /^Run folder {2}runs\/\d{8}-/m);
    assert.match(
      stderr,
      /33 training and 7 validation|\d+ training and \d+ validation images of 5/,
    );
    assert.match(stderr, /stage classical 1\/3 · epoch 1\/2 · batch \d/);
    const { seed, synthetic, facts } = await readManifest(run);
    assert.deepEqual([seed, synthetic], [3, true]);
    assert.equal((facts.replicas as unknown[]).length, 3);
    const config = JSON.parse(await readFile(join(run, "config.json"), "utf8"));
    assert.deepEqual([config.fit.labelSmoothing, config.fit.batchSize], [0.1, 6]);
    assert.deepEqual(
      config.stages.map(({ name, epochs }: { name: string; epochs: number }) => [name, epochs]),
      [["classical", 2], ["quantum", 1], ["ensemble", 1]],
    );
    const info = JSON.parse(await readFile(join(run, "model/model_info.json"), "utf8"));
    assert.ok(info.calibration.ensemble > 0);
    const again = await qsight(["train", "--resume", run], { cwd });
    assert.equal(again.code, 4);
    assert.match(again.stderr, /this run has ended; begin a new one/);
  });
});

Deno.test("qsight train ends within a batch at Ctrl-C, and --resume ends with the same bytes", async () => {
  await inFolder(async (cwd) => {
    const args = ["train", ...SMALL, "--set", "stages.classical.epochs=12"];
    const stopped = await interrupted([...args, "--out", "a"], { cwd, at: /stage classical/ });
    assert.equal(stopped.code, 2, stopped.stderr);
    const [, shown] = /^Go on with: qsight train --resume (a\/\S+)$/m.exec(stopped.stderr)!;
    assert.ok(!existsSync(join(cwd, shown, "manifest.json")));
    const resumed = await qsight(["train", "--resume", shown], { cwd });
    assert.equal(resumed.code, 0, resumed.stderr);
    // The first update is always shown: what was trained is not trained again.
    assert.match(resumed.stderr, /stage classical 1\/3 · epoch \d+\/12 · batch \d\/\d/);
    assert.doesNotMatch(resumed.stderr, /stage classical 1\/3 · epoch 1\/12 · batch 1\//);
    assert.equal((await qsight([...args, "--out", "b"], { cwd })).code, 0);
    const [one, other] = [
      await bytesOf(join(cwd, shown)),
      await bytesOf(await onlyRun(join(cwd, "b"))),
    ];
    assert.deepEqual(Object.keys(one).sort(), Object.keys(other).sort());
    for (const [path, bytes] of Object.entries(one)) assert.equal(bytes, other[path], path);
    assert.deepEqual(await verifyRun(join(cwd, shown)), []);
  });
});

Deno.test("qsight train trains heads that answer by steps, as its configuration says", async () => {
  await inFolder(async (cwd) => {
    const options = ["--set", "model.ordinal=true", "--set", "fit.loss=corn"];
    const { code, stderr } = await qsight(["train", ...SMALL, ...options, "--out", "runs"], {
      cwd,
    });
    assert.equal(code, 0, stderr);
    const run = await onlyRun(join(cwd, "runs"));
    const config = JSON.parse(await readFile(join(run, "config.json"), "utf8"));
    assert.deepEqual([config.model.ordinal, config.fit.loss], [true, "corn"]);
    const network = await readFile(join(run, "model/model.json"), "utf8");
    assert.match(network, /OrdinalLogits/);
  });
});

Deno.test("qsight train takes the split of a file from where the user stands", () =>
  inFolder(async (cwd) => {
    const { code, stderr } = await qsight(["train", ...SMALL, "--set", "data.split=s.json"], {
      cwd,
    });
    assert.equal(code, 1, stderr);
    assert.ok(stderr.includes(`${join(cwd, "s.json")}: found no such file`), stderr);
  }));

Deno.test("qsight train begins nothing that preflight finds an error in", async () => {
  await inFolder(async (cwd) => {
    const args = ["train", ...SMALL, "--set", "model.fusion=skip_ensemble", "--out", "runs"];
    const { code, stderr } = await qsight(args, { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /^Error: stage "ensemble" trains nothing: .*\n {2}To mend it: leave/m);
    assert.ok(!existsSync(join(cwd, "runs")));
  });
});

Deno.test("qsight train names unusable arguments and exits 4 before anything starts", async () => {
  await inFolder(async (cwd) => {
    await writeFile(join(cwd, "bad.json"), `{"fit": {"batchsize": 3}}`);
    await writeFile(join(cwd, "torn.json"), `{"fit": `);
    const data = ["--data", "synthetic"];
    for (
      const [args, message] of [
        [[], /--data is missing/],
        [["images"], /did you mean --data images\?/],
        [["--data", "nowhere"], /--data "nowhere": found no such file/],
        [[...data, "--config", "no.json"], /no\.json: found no such file; wanted a JSON file/],
        [
          [...data, "--config", "bad.json"],
          /unknown option "batchsize"\. Did you mean "batchSize"/,
        ],
        [[...data, "--config", "torn.json"], /torn\.json: .*JSON/],
        [[...data, "--set", "modl.wires=3"], /unknown option "modl"\. Did you mean "model"/],
        [[...data, "--set", "stages=ful"], /unknown plan "ful"\. Did you mean "full"/],
        [[...data, "--set", "stages.ensembel.epochs=1"], /Did you mean "ensemble"/],
        [[...data, "--set", "stages.0.epoch=1"], /unknown option "epoch"\. Did you mean "epochs"/],
        [[...data, "--set", 'stages.0.heads=["quantm"]'], /Did you mean "quantum"/],
        [[...data, "--set", "model.wires=0"], /configuration: model: /],
        [[...data, "--set", "data.imageSize=3"], /configuration: data: .*imageSize 3/],
        [[...data, "--set", "wires"], /--set wires: wanted key=value/],
        [["--resume", "nothing"], /--resume nothing: found no run there/],
        [["--resume", "x", "--seed", "2"], /--seed beside --resume/],
        [["--allow-other-backend"], /is for a run that goes on: pass --resume RUN/],
      ] as const
    ) {
      const { code, stderr } = await qsight(["train", ...args], { cwd });
      assert.equal(code, 4, `${args}: ${stderr}`);
      assert.match(stderr, message);
    }
    assert.deepEqual((await readdir(cwd)).sort(), ["bad.json", "torn.json"]);
    // A configuration that is found by its name is held to the same.
    await writeFile(join(cwd, "qsight.jsonc"), `{ /* mine */ "fit": {"batchsize": 3}, }`);
    const found = await qsight(["train", ...data], { cwd });
    assert.equal(found.code, 4);
    assert.match(found.stderr, /qsight\.jsonc: .*unknown option "batchsize"/);
  });
});

Deno.test("applySets() sets by path, in order, and leaves what it was given alone", () => {
  const given = { fit: { batchSize: 8 }, stages: "default" };
  const out = applySets(given, [
    "fit.batchSize=4",
    "fit.collapse.window=3",
    "model.encoder=resnet18",
    "stages.quantum.epochs=2",
    "stages.1.patience=null",
  ]);
  assert.deepEqual(out.fit, { batchSize: 4, collapse: { window: 3 } });
  assert.deepEqual(out.model, { encoder: "resnet18" });
  const [, quantum] = out.stages as { epochs: number; patience: unknown }[];
  assert.deepEqual([quantum.epochs, quantum.patience], [2, null]);
  assert.deepEqual(given, { fit: { batchSize: 8 }, stages: "default" });
  const scaled = applySets(given, ["stages=full", "stages.0.name=a=b"]);
  assert.equal((scaled.stages as { name: string }[])[0].name, "a=b");
  assert.throws(
    () => applySets(out, ["model.encoder.width=8"]),
    /is "resnet18" and has nothing in/,
  );
  assert.throws(() => applySets(out, ["__proto__.x=8"]), /is no key/);
  assert.throws(() => applySets(out, ["stages.7.epochs=1"]), /unknown element "7".* quantum/);
});
