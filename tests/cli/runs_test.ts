import assert from "node:assert/strict";
import { join } from "node:path";
import { COMMANDS } from "../../src/cli/usage.ts";
import { PRUNE_OPTIONS } from "../../src/cli/runs_prune.ts";
import { fakeRun, setLatest, snapshot } from "../runs/retention/_fake_runs.ts";
import { smallRun } from "../runs/_temporary_root.ts";
import { inFolder, qsight } from "./_call.ts";

/** Three finished runs below trained_model, oldest first, the last of them the newest. */
function threeRuns(cwd: string): { root: string; ids: string[] } {
  const root = join(cwd, "trained_model");
  const ids = [30, 20, 10].map((age, i) =>
    fakeRun(root, {
      age,
      accuracy: [0.91, 0.5, 0.7][i],
      files: {
        "reports/visualizations/classical/epoch_01/m.json": "{}",
        "reports/visualizations/classical/epoch_03/m.json": "{}",
        "reports/visualizations/quantum/epoch_02/m.json": "{}",
        "metrics.jsonl": ["classical", "quantum"].flatMap((stage) =>
          [1, 2].map((epoch) =>
            JSON.stringify({ stage, epoch, split: "val", head: "quantum", loss: 1 / epoch }) + "\n"
          )
        ).join(""),
      },
    })
  );
  setLatest(root, ids[2]);
  return { root, ids };
}

const isThere = (path: string) => Deno.stat(path).then(() => true, () => false);

Deno.test("qsight runs list shows all runs, newest first, and writes JSON", () =>
  inFolder(async (cwd) => {
    const { root, ids } = threeRuns(cwd);
    const dead = fakeRun(root, { age: 5, unended: true });
    Deno.writeTextFileSync(
      `${root}/.${dead}.open`,
      JSON.stringify({
        ...{ schema: "qsight.open/1", pid: 2 ** 22 + 1, host: Deno.hostname(), begun: null },
        ...{
          seed: 1,
          name: null,
          synthetic: false,
          started: "2026-05-27T00:00:00.000Z",
          git: null,
        },
      }),
    );
    await qsight(["runs", "pin", ids[0]], { cwd });
    const { code, stdout } = await qsight(["runs", "list", "--metric", "accuracy"], { cwd });
    assert.equal(code, 0);
    const lines = stdout.trimEnd().split("\n");
    assert.match(lines[0], /^id +status +started +took +epochs +ensemble accuracy +size +pinned/);
    assert.deepEqual(lines.slice(1).map((line) => line.split(" ")[0]), [dead, ...ids.reverse()]);
    assert.match(lines[1], /ended without manifest/);
    assert.match(
      lines[2],
      /finished, latest +2026-05-22 00:00 +1 min 05 s +classical 3, quantum 2 +0\.7 +[\d.]+ kB +wasm/,
    );
    assert.match(lines[4], /pinned/);
    const json = await qsight(["runs", "list", "--json", "--metric", "accuracy"], { cwd });
    const { schema, runs } = JSON.parse(json.stdout);
    assert.equal(schema, "qsight.runs/1");
    assert.deepEqual(runs[1].stages, { classical: 3, quantum: 2 });
    assert.deepEqual([runs[3].figure, runs[3].pinned, runs[3].status], [0.91, true, "finished"]);
    const run = await smallRun(root, { now: () => new Date() });
    const open = await qsight(["runs", "list"], { cwd });
    assert.match(open.stdout, new RegExp(`^${run.id} +running`, "m"));
    const none = await qsight(["runs", "list", "--root", "none"], { cwd });
    assert.equal(none.code, 0);
    assert.match(none.stdout, /^No runs below none;/);
  }));

Deno.test("qsight runs show says what a run was and what it left", () =>
  inFolder(async (cwd) => {
    const { root, ids } = threeRuns(cwd);
    Deno.writeTextFileSync(`${root}/${ids[2]}/reports/index.html`, "a page");
    const { code, stdout } = await qsight(["runs", "show", "latest"], { cwd });
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Run +${ids[2]}$`, "m"));
    assert.match(stdout, /^Status +finished, latest$/m);
    assert.match(stdout, /^Data +synthetic, synthetic$/m);
    assert.match(stdout, /^Stage quantum, epoch 2:\nsplit +head +loss\nval +quantum +0\.5$/m);
    assert.match(stdout, /^reports\/visualizations +3 +6 B$/m);
    assert.match(stdout, /^reports\/index\.html +added later/m);
    const json = await qsight(["runs", "show", ids[0], "--json"], { cwd });
    const { schema, manifest, metrics, findings } = JSON.parse(json.stdout);
    assert.equal(schema, "qsight.runs/1");
    assert.deepEqual([manifest.id, metrics.length, findings], [ids[0], 1, []]);
    const dead = fakeRun(root, { age: 1, unended: true });
    const unended = await qsight(["runs", "show", dead], { cwd });
    assert.equal(unended.code, 0);
    assert.match(unended.stdout, /manifest\.json +missing/);
  }));

Deno.test("qsight runs show gives a terminal no commands from a manifest", () =>
  inFolder(async (cwd) => {
    const over = { name: "a\u001b[2J", data: { name: "b\u009b2J" }, notes: ["c\u001b]0;d\u0007"] };
    const id = fakeRun(`${cwd}/trained_model`, { over });
    const { code, stdout } = await qsight(["runs", "show", id], { cwd });
    assert.equal(code, 0);
    assert.match(stdout, /^Name +a \[2J$/m);
    assert.match(stdout, /^Note: c \]0;d $/m);
    assert.ok(!/\p{Cc}/u.test(stdout.replaceAll("\n", "")));
  }));

Deno.test("qsight runs prune shows what would go, and does just that with --apply", () =>
  inFolder(async (cwd) => {
    const { root, ids } = threeRuns(cwd);
    const before = snapshot(cwd);
    const args = ["runs", "prune", "--keep-last", "1", "--keep-best", "1", "--metric", "accuracy"];
    const dry = await qsight(args, { cwd });
    assert.equal(dry.code, 0);
    assert.match(
      dry.stdout,
      new RegExp(`^${ids[0]} +keep .*number 1 by val ensemble accuracy`, "m"),
    );
    assert.match(dry.stdout, new RegExp(`^${ids[1]} +prune .*not among the newest 1, not`, "m"));
    assert.match(dry.stdout, /^Would free [\d.]+ kB of [\d.]+ kB\. Nothing was changed; --apply/m);
    assert.deepEqual(snapshot(cwd), before);
    const real = await qsight([...args, "--archive", "--apply", "--json"], { cwd });
    assert.equal(real.code, 0, real.stderr);
    const { schema, applied, plan, report } = JSON.parse(real.stdout);
    assert.deepEqual([schema, applied], ["qsight.runs/1", true]);
    assert.deepEqual(report.results.map(({ id }: { id: string }) => id), [ids[1]]);
    assert.equal(report.freed, plan.frees);
    assert.equal(await isThere(`${root}/${ids[1]}`), false);
    assert.equal(await isThere(`${root}/${ids[0]}`), true);
    const restored = await qsight(["runs", "restore", ids[1]], { cwd });
    assert.equal(restored.code, 0, restored.stderr);
    assert.match(restored.stdout, new RegExp(`^trained_model/${ids[1]} is restored and verified`));
    const after = snapshot(cwd);
    for (const [path, content] of Object.entries(before)) assert.equal(after[path], content, path);
    const again = await qsight(
      ["runs", "restore", `trained_model/archive/${ids[1]}.tar.gz`],
      { cwd },
    );
    assert.equal(again.code, 3);
    assert.match(again.stderr, /exists, and nothing is overwritten/);
  }));

Deno.test("qsight runs prune without a rule keeps all; a pin holds against all rules", () =>
  inFolder(async (cwd) => {
    const { root, ids } = threeRuns(cwd);
    const none = await qsight(["runs", "prune", "--apply"], { cwd });
    assert.equal(none.code, 0);
    assert.equal(none.stdout.match(/no rule takes it/g)?.length, 2);
    assert.equal((await qsight(["runs", "pin", ids[0]], { cwd })).code, 0);
    const args = ["runs", "prune", "--max-bytes", "0.5kB", "--keep-last", "1", "--apply"];
    const { code, stdout } = await qsight(args, { cwd });
    assert.equal(code, 0);
    assert.match(stdout, /more than the budget/);
    assert.match(stdout, /^Freed [\d.]+ kB$/m);
    assert.deepEqual(
      [await isThere(`${root}/${ids[0]}`), await isThere(`${root}/${ids[1]}`)],
      [true, false],
    );
    await qsight(["runs", "unpin", ids[0].slice(0, 12)], { cwd });
    await qsight(args, { cwd });
    assert.equal(await isThere(`${root}/${ids[0]}`), false);
    assert.equal(await isThere(`${root}/${ids[2]}`), true);
  }));

Deno.test("qsight runs prune exits 1 when a run could not be archived", () =>
  inFolder(async (cwd) => {
    const { root, ids } = threeRuns(cwd);
    Deno.writeTextFileSync(`${root}/${ids[0]}/config.json`, "{ }");
    const { code, stdout } = await qsight(
      ["runs", "prune", "--keep-last", "1", "--archive", "--apply"],
      { cwd },
    );
    assert.equal(code, 1);
    assert.match(stdout, new RegExp(`^failed ${ids[0]}: `, "m"));
    assert.match(stdout, new RegExp(`^archived trained_model/archive/${ids[1]}.tar.gz`, "m"));
    assert.ok(await isThere(`${root}/${ids[0]}`));
  }));

Deno.test("qsight runs verify exits 1 for what is damaged, 0 for what was added to reports", () =>
  inFolder(async (cwd) => {
    const { root, ids: [, , id] } = threeRuns(cwd);
    const verify = (...more: string[]) => qsight(["runs", "verify", id, ...more], { cwd });
    assert.equal((await verify()).code, 0);
    Deno.writeTextFileSync(`${root}/${id}/reports/index.html`, "a page of it");
    const page = await verify();
    assert.equal(page.code, 0);
    assert.match(page.stdout, /index\.html +added later/);
    Deno.removeSync(`${root}/${id}/metrics.jsonl`);
    const lost = await verify();
    assert.equal(lost.code, 1);
    assert.match(lost.stdout, /metrics\.jsonl +missing.*\n.*--repair/s);
    const repaired = await verify("--repair", "--json");
    assert.equal(repaired.code, 0);
    const { schema, ok, findings } = JSON.parse(repaired.stdout);
    assert.deepEqual([schema, ok], ["qsight.runs/1", true]);
    assert.equal(findings[0].repaired, "taken off the manifest");
    Deno.writeTextFileSync(`${root}/${id}/config.json`, "changed");
    assert.equal((await verify("--repair")).code, 1, "no repair makes it whole");
    assert.equal((await verify()).code, 1);
  }));

Deno.test("qsight runs exits 4 for what it does not know", () =>
  inFolder(async (cwd) => {
    const { ids } = threeRuns(cwd);
    for (
      const [args, message] of [
        [[], /say what to do: list, show/],
        [["--json"], /say what to do/],
        [["lsit"], /unknown command "lsit"\. Did you mean "list"/],
        [["constructor"], /unknown command/],
        [["list", "x"], /found x, wanted options only/],
        [["list", "--jsno"], /Did you mean "--json"/],
        [["list", "--metric", "a.b.c.d"], /wanted NAME, HEAD\.NAME/],
        [["show"], /wanted one run, found 0/],
        [["show", ids[0], ids[1]], /found 2/],
        [["show", "2026"], /beginning of 3 runs/],
        [["verify", "nothing-like-it"], /Found no run "nothing-like-it"/],
        [["pin", "nothing-like-it"], /Found no run/],
        [["prune", ids[0]], /wanted rules only/],
        [["prune", "--keep-last", "-1"], /keep-last/],
        [["prune", "--keep-best", "1.5"], /wanted a whole number of at least 0/],
        [["prune", "--every", "0"], /at least 1/],
        [["prune", "--max-bytes", "much"], /wanted a size, as in 500MB/],
        [["restore"], /wanted one archive, found 0/],
        [["restore", "none.tar.gz"], /found neither .*none\.tar\.gz/],
      ] as const
    ) {
      const { code, stderr } = await qsight(["runs", ...args], { cwd });
      assert.equal(code, 4, `${args.join(" ")}: ${stderr}`);
      assert.match(stderr, message);
    }
  }));

Deno.test("qsight runs --help names each subcommand and each option of prune", async () => {
  const { code, stdout } = await qsight(["runs", "--help"]);
  assert.equal(code, 0);
  for (const name of ["list", "show", "report", "export", "prune", "restore", "pin", "verify"]) {
    assert.match(stdout, new RegExp(`qsight runs ${name}`));
  }
  for (const option of Object.keys(PRUNE_OPTIONS)) {
    assert.match(stdout, new RegExp(`^ {2}--${option}\\b`, "m"), option);
  }
  for (const line of stdout.split("\n")) assert.ok(line.length <= 100, line);
  assert.match(COMMANDS.runs.usage, /unpin/);
});

Deno.test("qsight runs report and export are reached, and refuse what they do not know", () =>
  inFolder(async (cwd) => {
    threeRuns(cwd);
    for (const command of ["report", "export"]) {
      const { code, stderr } = await qsight(["runs", command, "--no-such-option"], { cwd });
      assert.equal(code, 4, stderr);
      assert.match(stderr, new RegExp(`qsight runs ${command}: unknown option`));
    }
  }));

Deno.test("qsight runs prune --every says which epochs go, and takes only those", () =>
  inFolder(async (cwd) => {
    const { root, ids } = threeRuns(cwd);
    const args = ["runs", "prune", "--every", "2"];
    const { stdout } = await qsight(args, { cwd });
    assert.match(
      stdout,
      new RegExp(`^${ids[0]} +keep, fewer epochs .*1 folder of an epoch goes: epoch_01$`, "m"),
    );
    assert.equal((await qsight([...args, "--apply"], { cwd })).code, 0);
    const figures = (id: string) => `${root}/${id}/reports/visualizations/classical`;
    assert.equal(await isThere(`${figures(ids[0])}/epoch_01`), false);
    assert.equal(await isThere(`${figures(ids[0])}/epoch_03`), true);
    assert.equal(await isThere(`${figures(ids[2])}/epoch_01`), true, "the newest is not touched");
    assert.equal((await qsight(["runs", "verify", ids[0]], { cwd })).code, 0);
  }));
