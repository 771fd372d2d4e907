import assert from "node:assert/strict";
import { planRetention, type RetentionPolicy } from "../../../src/runs/mod.ts";
import { inRoot } from "../_temporary_root.ts";
import { fakeRun, NOW, setLatest, snapshot } from "./_fake_runs.ts";

/** Actions and reasons by id. */
async function planned(root: string, policy: RetentionPolicy, protect: string[] = []) {
  const before = snapshot(root);
  const plan = await planRetention(root, policy, { now: NOW, protect });
  assert.deepEqual(snapshot(root), before, "a plan changes nothing");
  const of = (id: string) => plan.entries.find((entry) => entry.id === id);
  return {
    plan,
    of,
    gone: plan.entries.filter(({ action }) => action !== "keep").map(({ id }) => id),
    why: (id: string) => of(id)?.reason ?? "not in the plan",
  };
}

/** Five runs, oldest first, the last of which is the newest finished one. */
function fiveRuns(root: string): string[] {
  const ids = [50, 40, 30, 20, 10].map((age, i) =>
    fakeRun(root, { age, accuracy: [0.9, 0.5, 0.8, 0.6, 0.7][i] })
  );
  setLatest(root, ids[4]);
  return ids;
}

Deno.test("planRetention() keeps all without a rule, and none where there is no root", () =>
  inRoot(async (root) => {
    const ids = fiveRuns(root);
    const { gone, why } = await planned(root, {});
    assert.deepEqual(gone, []);
    assert.equal(why(ids[0]), "no rule takes it");
    assert.deepEqual((await planRetention(`${root}/none`, { keepLast: 1 })).entries, []);
  }));

Deno.test("planRetention() keeps the newest N, newest first", () =>
  inRoot(async (root) => {
    const ids = fiveRuns(root);
    const { gone, why, plan } = await planned(root, { keepLast: 2 });
    assert.deepEqual(gone, [ids[2], ids[1], ids[0]]);
    assert.equal(why(ids[3]), "among the newest 2");
    assert.equal(why(ids[0]), "not among the newest 2");
    assert.deepEqual(plan.entries.map(({ id }) => id), [...ids].reverse());
    const bytes = plan.entries.slice(2).reduce((sum, entry) => sum + entry.bytes, 0);
    assert.equal(plan.frees, bytes);
    assert.ok(plan.frees > 0 && plan.frees < plan.bytes);
  }));

Deno.test("planRetention() keeps the best N by a metric, and what any other rule keeps", () =>
  inRoot(async (root) => {
    const ids = fiveRuns(root);
    const best = await planned(root, { keepBest: 2, metric: "accuracy" });
    assert.deepEqual(best.gone, [ids[3], ids[1]]);
    assert.match(best.why(ids[0]), /^number 1 by val ensemble accuracy, 0\.9$/);
    const lowest = await planned(root, {
      keepBest: 1,
      metric: { name: "accuracy", better: "lower" },
    });
    assert.deepEqual(lowest.gone, [ids[3], ids[2], ids[0]]);
    const both = await planned(root, { keepBest: 1, metric: "accuracy", keepLast: 3 });
    assert.deepEqual(both.gone, [ids[1]]);
    assert.match(both.why(ids[1]), /not among the newest 3, not among the best 1/);
    const other = await planned(root, {
      keepBest: 2,
      metric: { name: "accuracy", head: "quantum" },
    });
    assert.equal(other.gone.length, 4, "a run without the figure is none of the best");
  }));

Deno.test("planRetention() takes a figure from the history where the manifest has none", () =>
  inRoot(async (root) => {
    const history = (values: (number | null)[]) => ({
      "history.json": JSON.stringify({
        schema: "qsight.history/1",
        stages: { a: { epoch: [1, 2], "val.quantum.loss": values } },
      }),
    });
    const bad = fakeRun(root, { age: 3, files: history([0.9, null]) });
    const good = fakeRun(root, { age: 2, files: history([0.1, 0.5]) });
    setLatest(root, fakeRun(root, { age: 1 }));
    const metric = { name: "loss", head: "quantum" };
    const { gone, why } = await planned(root, { keepBest: 1, metric });
    assert.deepEqual(gone, [bad]);
    assert.match(why(good), /val quantum loss, 0\.1$/, "the best epoch, and less loss is better");
  }));

Deno.test("planRetention() keeps what ended less than so many days ago", () =>
  inRoot(async (root) => {
    const ids = fiveRuns(root);
    const { gone, why } = await planned(root, { olderThanDays: 30 });
    assert.deepEqual(gone, [ids[2], ids[1], ids[0]]);
    assert.equal(why(ids[3]), "ended 20 days ago");
  }));

Deno.test("planRetention() lets the oldest go until the budget fits, but never the best", () =>
  inRoot(async (root) => {
    const ids = fiveRuns(root);
    const { bytes } = (await planned(root, {})).plan;
    const size = Math.ceil(bytes / 5);
    const two = await planned(root, { maxBytes: 3 * size });
    assert.deepEqual(two.gone, [ids[1], ids[0]]);
    assert.match(two.why(ids[0]), /over the budget of \d+ bytes/);
    assert.deepEqual(two.plan.notes, []);
    const policy = { keepBest: 1, metric: "accuracy", keepLast: 9, maxBytes: 3 * size };
    assert.deepEqual((await planned(root, policy)).gone, [ids[2], ids[1]]);
    const none = await planned(root, { ...policy, maxBytes: 0 });
    assert.deepEqual(none.gone, [ids[3], ids[2], ids[1]]);
    assert.match(none.plan.notes[0], /more than the budget/);
  }));

Deno.test("planRetention() never takes pinned, newest, protected, copied or released runs", () =>
  inRoot(async (root) => {
    const model = fakeRun(root, { age: 60, over: { kind: "model" } });
    const copy = fakeRun(root, { age: 59, over: { id: "20200101-000000-000-00000000" } });
    const ids = fiveRuns(root);
    Deno.writeTextFileSync(`${root}/${ids[0]}/.pinned`, "");
    const { gone, why } = await planned(root, { keepLast: 0, maxBytes: 0 }, [ids[1]]);
    assert.deepEqual(gone, [ids[3], ids[2]]);
    assert.equal(why(ids[0]), "pinned");
    assert.equal(why(ids[1]), "the current run");
    assert.equal(why(ids[4]), "the newest finished run");
    assert.equal(why(model), "a released model");
    assert.match(why(copy), /^a copy: its manifest is that of 20200101/);
    Deno.removeSync(`${root}/latest`);
    assert.equal((await planned(root, { keepLast: 0 })).why(ids[4]), "the newest finished run");
  }));

Deno.test("planRetention() reports runs without a manifest, and takes them only when asked", () =>
  inRoot(async (root) => {
    const dead = fakeRun(root, { age: 9, unended: true });
    for (const path of [`${root}/${dead}`, `${root}/${dead}/config.json`]) {
      Deno.utimeSync(path, new Date(2020, 1), new Date(2020, 1));
    }
    Deno.utimeSync(`${root}/${dead}/reports/notes.txt`, new Date(2020, 1), new Date(2020, 1));
    fiveRuns(root);
    assert.match((await planned(root, { keepLast: 0 })).why(dead), /ended without a manifest/);
    assert.deepEqual((await planned(root, { unended: true })).gone, [dead]);
    const archive = await planned(root, { unended: true, archive: true });
    assert.match(archive.why(dead), /cannot be archived: repair it first/);
    Deno.writeTextFileSync(`${root}/${dead}/manifest.json`, "{ torn");
    assert.match((await planned(root, { keepLast: 0, unended: true })).why(dead), /cannot be read/);
  }));

Deno.test("planRetention() passes by what is no run, and refuses links", () =>
  inRoot(async (root) => {
    const ids = fiveRuns(root);
    Deno.mkdirSync(`${root}/notes/deep`, { recursive: true });
    Deno.mkdirSync(`${root}/foreign`);
    Deno.writeTextFileSync(`${root}/foreign/manifest.json`, '{"name":"a web application"}');
    const outside = `${root} outside`;
    const linked = fakeRun(outside, { age: 90 });
    try {
      Deno.symlinkSync(`${outside}/${linked}`, `${root}/${linked}`);
      const hidden = `${root}/20250101-000000-000-00000000`;
      Deno.mkdirSync(hidden);
      Deno.symlinkSync(`${outside}/${linked}/manifest.json`, `${hidden}/manifest.json`);
      const { gone, why } = await planned(root, { keepLast: 0 });
      assert.deepEqual(gone, ids.slice(0, 4).reverse());
      assert.equal(why(linked), "a link, which is not followed");
      assert.match(why("20250101-000000-000-00000000"), /cannot be read/);
      assert.equal(why("notes"), "not in the plan");
      assert.match(why("foreign"), /cannot be read/);
    } finally {
      Deno.removeSync(outside, { recursive: true });
    }
  }));

Deno.test("planRetention() with every keeps each k-th and the last epoch of each stage", () =>
  inRoot(async (root) => {
    const epochs = (stage: string, numbers: number[]) =>
      numbers.map((n) =>
        `reports/visualizations/${stage}/epoch_${String(n).padStart(2, "0")}/a.svg`
      );
    const paths = [
      ...epochs("a", [1, 2, 3, 4, 5, 6, 7]),
      ...epochs("b", [1, 2]),
      "checkpoints/a/epoch_1/weights.bin",
      "checkpoints/a/epoch_2/weights.bin",
      "checkpoints/a/last/weights.bin",
      "checkpoints/epoch_1/best/weights.bin",
      "epoch_01/x",
    ];
    const files = Object.fromEntries(paths.map((path) => [path, "0123456789"]));
    const run = fakeRun(root, { age: 5, files });
    setLatest(root, fakeRun(root, { age: 1, files }));
    const { plan, of, gone } = await planned(root, { every: 3 });
    assert.deepEqual(gone, []);
    assert.deepEqual(of(run)?.epochs, [
      "checkpoints/a/epoch_1",
      ...["01", "02", "04", "05"].map((n) => `reports/visualizations/a/epoch_${n}`),
      "reports/visualizations/b/epoch_01",
    ]);
    assert.equal(of(run)?.frees, 60);
    assert.equal(plan.frees, 60, "nothing in the newest run is touched");
  }));

Deno.test("planRetention() refuses unknown rules and numbers that are none", () =>
  inRoot(async (root) => {
    const wrong: [object, RegExp][] = [
      [{ keeplast: 1 }, /unknown option "keeplast".*"keepLast"/],
      [{ keepLast: -1 }, /keepLast is -1, wanted a whole number of at least 0/],
      [{ keepBest: 1.5 }, /keepBest is 1.5/],
      [{ every: 0 }, /every is 0, wanted a whole number of at least 1/],
      [{ olderThanDays: NaN }, /olderThanDays is NaN/],
      [{ maxBytes: -5 }, /maxBytes is -5/],
      [{ metric: "" }, /metric is "", wanted a name/],
      [{ metric: { name: "a", beter: "lower" } }, /unknown option "beter".*"better"/],
    ];
    for (const [policy, message] of wrong) {
      await assert.rejects(planRetention(root, policy as RetentionPolicy), message);
    }
    await assert.rejects(planRetention(root, {}, { noww: NOW } as never), /Did you mean "now"/);
  }));
