import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import {
  applyRetention,
  planRetention,
  readManifest,
  type RetentionPlan,
  type RetentionPolicy,
  verifyRun,
} from "../../../src/runs/mod.ts";
import { inRoot, smallRun } from "../_temporary_root.ts";
import { fakeRun, NOW, setLatest, snapshot } from "./_fake_runs.ts";

const plan = (root: string, policy: RetentionPolicy) => planRetention(root, policy, { now: NOW });

/** Ids of all folders that are not hidden. */
const folders = (root: string) =>
  [...Deno.readDirSync(root)].filter(({ name, isDirectory }) =>
    isDirectory && !name.startsWith(".") && name !== "archive"
  ).map(({ name }) => name).sort();

function threeRuns(root: string): string[] {
  const ids = [30, 20, 10].map((age) => fakeRun(root, { age }));
  setLatest(root, ids[2]);
  return ids;
}

Deno.test("applyRetention() does what the plan says, and logs it", () =>
  inRoot(async (root) => {
    const ids = threeRuns(root);
    const { frees, ...made } = await plan(root, { keepLast: 1 });
    const steps: string[] = [];
    const { results, freed } = await applyRetention({ frees, ...made }, {
      onStep: (step, id) => void steps.push(`${step} ${id}`),
    });
    assert.deepEqual(folders(root), [ids[2]]);
    assert.equal(freed, frees);
    assert.deepEqual(results.map(({ id, outcome }) => [id, outcome]), [
      [ids[1], "done"],
      [ids[0], "done"],
    ]);
    assert.deepEqual(steps.slice(0, 2), [`hidden ${ids[1]}`, `removed ${ids[1]}`]);
    const log = Deno.readTextFileSync(`${root}/retention.jsonl`).trim().split("\n");
    assert.deepEqual(log.map((line) => JSON.parse(line).id), [ids[1], ids[0]]);
    assert.deepEqual((await applyRetention(await plan(root, { keepLast: 1 }))).results, []);
  }));

Deno.test("applyRetention() skips what changed since the plan, with the reason", () =>
  inRoot(async (root) => {
    const changes: [RegExp, (id: string) => void][] = [
      [/manifest changed/, (id) => {
        const path = `${root}/${id}/manifest.json`;
        Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace('"seed": 1', '"seed": 2'));
      }],
      [/pinned since/, (id) => Deno.writeTextFileSync(`${root}/${id}/.pinned`, "")],
      [/is gone/, (id) => Deno.renameSync(`${root}/${id}`, `${root}/moved`)],
      [/newest finished/, (id) => setLatest(root, id)],
      [/link or a file/, (id) => {
        Deno.renameSync(`${root}/${id}`, `${root}/elsewhere`);
        Deno.symlinkSync(`${root}/elsewhere`, `${root}/${id}`);
      }],
      [/manifest changed/, (id) => Deno.removeSync(`${root}/${id}/manifest.json`)],
    ];
    for (const [reason, change] of changes) {
      const other = fakeRun(root, { age: 60, hash: "0000ffff" });
      const id = fakeRun(root, { age: 50 });
      setLatest(root, fakeRun(root, { age: 1 }));
      const made = await plan(root, { keepLast: 1 });
      change(id);
      const before = snapshot(root);
      const { results } = await applyRetention(made);
      const [first, second] = results;
      assert.deepEqual([first.id, first.outcome], [id, "skipped"]);
      assert.match(first.reason, reason);
      assert.deepEqual([second.id, second.outcome], [other, "done"], "one does not hold up others");
      const after = snapshot(root);
      for (const [path, content] of Object.entries(before)) {
        if (!path.startsWith(other) && path !== "retention.jsonl") {
          assert.equal(after[path], content);
        }
      }
      for (const { name } of [...Deno.readDirSync(root)]) {
        Deno.removeSync(`${root}/${name}`, { recursive: true });
      }
    }
  }));

Deno.test("applyRetention() puts a run back that was pinned or changed at the last moment", () =>
  inRoot(async (root) => {
    const changes: [RegExp, (folder: string) => void][] = [
      [/pinned since/, (folder) => Deno.writeTextFileSync(`${folder}/.pinned`, "")],
      [/manifest changed/, (folder) => Deno.writeTextFileSync(`${folder}/manifest.json`, "{}")],
    ];
    for (const [i, [reason, change]] of changes.entries()) {
      const id = fakeRun(root, { age: 50 + i });
      setLatest(root, fakeRun(root, { age: 1 }));
      const made = await plan(root, { keepLast: 1, archive: true });
      const { results } = await applyRetention({
        ...made,
        entries: made.entries.filter((entry) => entry.id === id),
      }, {
        onStep: (step) => {
          if (step === "archived") change(`${root}/${id}`);
        },
      });
      assert.equal(results[0].outcome, "skipped");
      assert.match(results[0].reason, reason);
      assert.ok(existsSync(`${root}/${id}/reports/notes.txt`));
      assert.equal([...Deno.readDirSync(root)].some(({ name }) => name.endsWith("pruned")), false);
    }
  }));

Deno.test("applyRetention() refuses an edited plan that leads out of the root", () =>
  inRoot(async (top) => {
    const root = `${top}/root`;
    Deno.mkdirSync(root);
    const [id] = threeRuns(root);
    const outside = fakeRun(top, { age: 99 });
    const made = await plan(root, { keepLast: 1 });
    const entry = made.entries.find((found) => found.id === id)!;
    const before = snapshot(top);
    for (const wrong of [`../${outside}`, `${top}/${outside}`, ".", "..", ".hidden", "a\\b", ""]) {
      const { results } = await applyRetention({ ...made, entries: [{ ...entry, id: wrong }] });
      assert.equal(results[0].outcome, "skipped", wrong);
    }
    const epochs = ["../../x/epoch_1", "reports/visualizations/../epoch_1", "model", "/epoch_1"];
    for (const path of epochs) {
      const trim = { ...entry, action: "keep" as const, epochs: [path] };
      const { results } = await applyRetention({ ...made, entries: [trim] });
      assert.equal(results[0].outcome, "skipped", path);
    }
    for (const path of ["latest", id, "../x.qsight-pruned", `archive/../${id}`]) {
      const { results } = await applyRetention({ ...made, entries: [], leftovers: [path] });
      assert.equal(results[0].outcome, "skipped", path);
    }
    const after = snapshot(top);
    delete after["root/retention.jsonl"];
    assert.deepEqual(after, before);
    const old = { ...made, schema: "qsight.retention/0" } as unknown as RetentionPlan;
    await assert.rejects(applyRetention(old), /make one with planRetention/);
    Deno.renameSync(root, `${top}/elsewhere`);
    Deno.symlinkSync(`${top}/elsewhere`, root);
    await assert.rejects(applyRetention(made), /plan again/);
  }));

Deno.test("applyRetention() removes links in a run, not what they lead to", () =>
  inRoot(async (top) => {
    const root = `${top}/root`;
    Deno.mkdirSync(root);
    const [id] = threeRuns(root);
    Deno.mkdirSync(`${top}/data`);
    Deno.writeTextFileSync(`${top}/data/x.txt`, "precious");
    Deno.symlinkSync(`${top}/data`, `${root}/${id}/data`);
    Deno.symlinkSync(`${top}/data/x.txt`, `${root}/retention.jsonl`);
    await applyRetention(await plan(root, { keepLast: 1 }));
    assert.ok(!folders(root).includes(id));
    assert.equal(Deno.readTextFileSync(`${top}/data/x.txt`), "precious");
  }));

Deno.test("applyRetention() leaves a run alone that another process writes", () =>
  inRoot(async (root) => {
    const script = new URL("../_endless_writer.ts", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", script, root],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const reader = child.stdout.getReader();
    try {
      const written = new TextDecoder().decode((await reader.read()).value).trim();
      const old = [40, 30, 20].map((age) => fakeRun(root, { age }));
      const policy = { keepLast: 0, maxBytes: 0, unended: true };
      const made = await planRetention(root, policy);
      const entry = made.entries.find(({ id }) => written.endsWith(id));
      assert.equal(entry?.reason, "is being written");
      await applyRetention(made);
      assert.deepEqual(folders(root), [old[2], written.slice(root.length + 1)].sort());
      // It goes on: its rows grow.
      const rows = () =>
        existsSync(`${written}/metrics.jsonl`) ? Deno.statSync(`${written}/metrics.jsonl`).size : 0;
      const before = rows();
      for (let i = 0; i < 200 && rows() === before; i++) {
        await new Promise((r) => setTimeout(r, 50));
      }
      assert.ok(rows() > before);
    } finally {
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
    }
    // Now that it is gone, it is one that ended without a manifest.
    const { results } = await applyRetention(await planRetention(root, { unended: true }));
    assert.deepEqual(results.map(({ outcome }) => outcome), ["done"]);
    assert.equal([...Deno.readDirSync(root)].some(({ name }) => name.endsWith(".open")), false);
  }));

Deno.test("applyRetention() with every leaves a run that is whole by its manifest", () =>
  inRoot(async (root) => {
    const files = Object.fromEntries(
      [1, 2, 3, 4, 5].map((n) => [`reports/visualizations/a/epoch_0${n}/m.json`, `{"n":${n}}`]),
    );
    const id = fakeRun(root, { age: 9, files, over: { facts: { own: 1 } } });
    setLatest(root, fakeRun(root));
    const { results } = await applyRetention(await plan(root, { every: 2 }));
    assert.deepEqual(results.map(({ action, outcome }) => [action, outcome]), [["trim", "done"]]);
    const left = [...Deno.readDirSync(`${root}/${id}/reports/visualizations/a`)].map((e) => e.name);
    assert.deepEqual(left.sort(), ["epoch_02", "epoch_04", "epoch_05"]);
    assert.deepEqual(await verifyRun(`${root}/${id}`), []);
    const { notes, facts } = await readManifest(`${root}/${id}`);
    assert.match(notes[0], /^Pruned 2 files of epochs: reports\/visualizations\/a\/epoch_01, /);
    assert.deepEqual(facts, { own: 1 });
    assert.deepEqual((await applyRetention(await plan(root, { every: 2 }))).results, []);
  }));

Deno.test("applyRetention() stops before the next run when it is told to", () =>
  inRoot(async (root) => {
    const ids = threeRuns(root);
    const stop = new AbortController();
    const { results } = await applyRetention(await plan(root, { keepLast: 0 }), {
      signal: stop.signal,
      onStep: () => stop.abort(),
    });
    assert.equal(results.length, 1);
    assert.deepEqual(folders(root), [ids[0], ids[2]]);
  }));

Deno.test("random runs and policies: the real run does what the dry run says, and nothing around", () =>
  inRoot(async (top) => {
    let removed = 0, archived = 0;
    for (let seed = 0; seed < 40; seed++) {
      const random = new SeededRandom(seed);
      const root = `${top}/${seed}/root`;
      Deno.mkdirSync(root, { recursive: true });
      fakeRun(`${top}/${seed}`, { age: 99 });
      const policy = randomTree(root, random);
      const made = await plan(root, policy);
      const goes = made.entries.filter(({ action }) => action !== "keep");
      const wanted = snapshot(`${top}/${seed}`);
      for (const path of Object.keys(wanted)) {
        if (goes.some(({ id }) => path.startsWith(`root/${id}/`))) delete wanted[path];
      }
      const { results, freed } = await applyRetention(made);
      assert.deepEqual(
        results.map(({ id, outcome }) => [id, outcome]),
        goes.map(({ id }) => [id, "done"]),
      );
      assert.equal(freed, made.frees);
      const after = snapshot(`${top}/${seed}`);
      for (const path of Object.keys(after)) {
        if (/^root\/(retention\.jsonl$|archive\/)/.test(path)) delete after[path];
      }
      assert.deepEqual(after, wanted, `seed ${seed}, ${JSON.stringify(policy)}`);
      for (const { id, action } of goes) {
        if (action !== "archive") continue;
        archived++;
        assert.ok(Deno.statSync(`${root}/archive/${id}.tar.gz`).isFile);
      }
      removed += goes.length;
    }
    assert.ok(removed > 40 && archived > 10, `${removed} went, ${archived} archived`);
  }));

function randomTree(root: string, random: SeededRandom): RetentionPolicy {
  const pick = <T>(...values: T[]) => values[random.integer(values.length)];
  const ids: string[] = [];
  for (let i = random.integer(9); i >= 0; i--) {
    const id = fakeRun(root, {
      age: random.integer(60),
      hash: random.uint32().toString(16).padStart(8, "0"),
      accuracy: pick(null, random.next()),
      files: { "a.txt": "x".repeat(random.integer(2000)), "deep/ä b.txt": "y" },
      over: pick({}, {}, { kind: "model" }, { status: "failed" }, { id: "other" }),
      unended: random.next() < 0.1,
    });
    if (random.next() < 0.2) Deno.writeTextFileSync(`${root}/${id}/.pinned`, "");
    if (random.next() < 0.2) Deno.writeTextFileSync(`${root}/${id}/extra.txt`, "by hand");
    ids.push(id);
  }
  setLatest(root, pick(...ids, "gone"));
  Deno.mkdirSync(`${root}/notes`);
  const any: RetentionPolicy = {
    keepLast: pick(undefined, random.integer(4)),
    keepBest: pick(undefined, random.integer(3)),
    metric: "accuracy",
    olderThanDays: pick(undefined, random.integer(60)),
    maxBytes: pick(undefined, random.integer(12_000)),
    archive: pick(false, true),
  };
  return any;
}

Deno.test("openRun() applies its retention when the run ends, and keeps that run", () =>
  inRoot(async (root) => {
    const old = [30, 20].map((age) => fakeRun(root, { age }));
    const outcomes: unknown[] = [];
    const run = await smallRun(root, {
      now: new Date("2020-01-01T00:00:00Z"),
      retention: { keepLast: 0 },
      onRetention: ({ report, error }) => void outcomes.push(report?.results.length ?? error),
    });
    assert.equal(folders(root).length, 3, "nothing goes before the end");
    await run.finish();
    assert.deepEqual(folders(root), [run.id, old[1]].sort(), "the current and the newest stay");
    assert.deepEqual(outcomes, [1]);
    await assert.rejects(smallRun(root, { retention: { keepLast: -1 } }), /openRun\(\): retention/);
    assert.equal(folders(root).length, 2, "a wrong policy is refused before anything is made");
  }));

Deno.test("finish() is not failed by retention that fails, or by who listens to it", () =>
  inRoot(async (root) => {
    const id = fakeRun(root, { age: 30, files: { "a.txt": "a" } });
    Deno.writeTextFileSync(`${root}/${id}/a.txt`, "b");
    const outcomes: string[] = [];
    const run = await smallRun(root, {
      now: NOW,
      retention: { keepLast: 1, archive: true },
      onRetention: ({ report }) => {
        outcomes.push(...report?.results.map(({ outcome }) => outcome) ?? []);
        throw new Error("the listener broke");
      },
    });
    assert.equal((await run.finish()).status, "finished");
    assert.deepEqual(outcomes, ["failed"]);
    assert.ok(folders(root).includes(id), "a damaged run is not archived, so it stays");
    assert.match(Deno.readTextFileSync(`${root}/retention.jsonl`), /SHA-256/);
    await assert.rejects(run.finish(), /has ended/);
  }));
