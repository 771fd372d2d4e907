// D6.1 and D6.2 of the demands: no remote changes what is on disk, and the disk comes first.
import assert from "node:assert/strict";
import { sha256 } from "../../../src/_internal/sha256.ts";
import { followRun, type Remote, verifyRun, wandbRemote } from "../../../src/runs/mod.ts";
import { inRoot } from "../_temporary_root.ts";
import { KEY, type Recorded, type Recorder, withRecorder } from "./_recorder.ts";
import { contentOf, EPOCHS, smallTraining } from "./_small_training.ts";

const fast = { firstDelay: 5, mostDelay: 20, callTimeout: 200 };

/** What a training leaves that nobody listens to. */
async function undisturbed(root: string): Promise<Record<string, string>> {
  const run = await smallTraining(`${root}/plain`);
  await run.finish({});
  return contentOf(run);
}

/** A training that is followed by a remote; the outbox is given little time to end. */
async function followed(root: string, remote: Remote) {
  const outbox = followRun({ remote, ...fast });
  const run = await smallTraining(root, { onSaved: outbox.onSaved });
  await run.finish({});
  return { run, report: await outbox.close({ timeout: 300 }) };
}

const own = (call: () => Promise<void>): Remote => ({
  name: "own",
  where: "here",
  begin: () => call(),
  send: () => call(),
});

const REMOTES: Record<string, (recorder: Recorder) => Remote> = {
  "is off": (recorder) => wandbRemote({ env: { WANDB_BASE_URL: recorder.url } }),
  "is not there": () =>
    wandbRemote({ env: { WANDB_API_KEY: KEY, WANDB_BASE_URL: "http://127.0.0.1:1" } }),
  "throws": () => own(() => Promise.reject(new Error("broken"))),
  "throws at once": () =>
    own(() => {
      throw new TypeError("broken");
    }),
  "never answers and pays no heed to its signal": () => own(() => new Promise(() => {})),
  "hangs": (recorder) => {
    recorder.fault = () => "hang";
    return wandbRemote({ env: recorder.env });
  },
  "hangs up": (recorder) => {
    recorder.fault = () => "drop";
    return wandbRemote({ env: recorder.env });
  },
  "denies with 401": (recorder) => {
    recorder.fault = () => 401;
    return wandbRemote({ env: recorder.env });
  },
  "refuses every item with 400": (recorder) => {
    recorder.fault = ({ path }) => path.endsWith("file_stream") ? 400 : undefined;
    return wandbRemote({ env: recorder.env });
  },
  "fails with 503": (recorder) => {
    recorder.fault = () => 503;
    return wandbRemote({ env: recorder.env });
  },
};

for (const [what, remoteOf] of Object.entries(REMOTES)) {
  Deno.test(`a remote that ${what} changes no file of the run, and loses nothing`, () =>
    inRoot((root) =>
      withRecorder(async (recorder) => {
        const { run, report } = await followed(root, remoteOf(recorder));
        assert.deepEqual(contentOf(run), await undisturbed(root));
        assert.deepEqual(await verifyRun(run.folder), []);
        assert.equal(report.sent, 0);
        assert.ok(report.pending >= 2 * EPOCHS, `${report.pending} wait`);
        assert.deepEqual(recorder.history.size, 0);
      })
    ));
}

Deno.test("contentOf() sees a file that differs, and one that is missing", () =>
  inRoot(async (root) => {
    const run = await smallTraining(root);
    await run.finish({});
    await Deno.writeTextFile(`${run.folder}/history.json`, "{}");
    await Deno.remove(`${run.folder}/timings.jsonl`);
    const [found, wanted] = [contentOf(run), await undisturbed(root)];
    const differing = Object.keys(wanted).filter((path) => found[path] !== wanted[path]);
    assert.deepEqual(differing, ["history.json", "timings.jsonl"]);
  }));

Deno.test("a 401 stops the sending with what to do, and a 503 is tried again", () =>
  inRoot((root) =>
    withRecorder(async (recorder) => {
      const { report: denied } = await followed(root, REMOTES["denies with 401"](recorder));
      assert.match(denied.stopped ?? "", /status 401.*Set WANDB_API_KEY/);
      assert.equal(recorder.requests.length, 1);
      const { report: away } = await followed(root, REMOTES["fails with 503"](recorder));
      assert.equal(away.stopped, null);
      assert.ok(recorder.requests.length > 3, `${recorder.requests.length} requests`);
      const { report: off } = await followed(root, REMOTES["is off"](recorder));
      assert.match(off.stopped ?? "", /WANDB_API_KEY is not set/);
    })
  ));

Deno.test("every file is whole on disk under its name before the remote hears of it", () =>
  inRoot((root) =>
    withRecorder(async (recorder) => {
      let folder = "";
      const seen: string[] = [];
      recorder.spy = (request) => {
        const path = checkDisk(folder, request);
        if (path !== undefined) seen.push(path);
      };
      const outbox = followRun({ remote: wandbRemote({ env: recorder.env }), ...fast });
      const onSaved = (file: Parameters<typeof outbox.onSaved>[0]) => {
        folder = file.file.slice(0, -file.path.length - 1);
        outbox.onSaved(file);
      };
      const run = await smallTraining(root, { onSaved });
      await run.finish({});
      const { pending, failed, stopped } = await outbox.close({ timeout: 60_000 });
      assert.deepEqual({ pending, failed, stopped }, { pending: 0, failed: [], stopped: null });
      // Rows of four epochs, a picture and a table of each, and the files beside.
      assert.equal(seen.filter((path) => path === "metrics.jsonl rows").length, EPOCHS);
      assert.ok(seen.includes("manifest.json"), seen.join());
      assert.equal(seen.filter((path) => path.endsWith("panel.png")).length, EPOCHS);
      const [request] = recorder.requests.filter(({ method }) => method === "PUT");
      await Deno.mkdir(`${root}/empty`);
      assert.throws(
        () => checkDisk(`${root}/empty`, request),
        /before it was on disk/,
        "the spy sees it",
      );
    })
  ));

/** Files by their hash; the run goes on meanwhile, and what leaves while it is read does not count. */
function hashesIn(folder: string, inner = ""): Map<string, string> {
  const found = new Map<string, string>();
  unlessGone(() => {
    for (const { name, isDirectory } of [...Deno.readDirSync(`${folder}/${inner}`)]) {
      const path = `${inner}${name}`;
      if (path.endsWith(".tmp")) continue;
      if (isDirectory) hashesIn(folder, `${path}/`).forEach((path, hash) => found.set(hash, path));
      else unlessGone(() => found.set(sha256(Deno.readFileSync(`${folder}/${path}`)), path));
    }
  });
  return found;
}

function unlessGone(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Throws where a request tells of what is not on disk; gives what it tells of. */
function checkDisk(folder: string, { method, path, bytes, body }: Recorded): string | undefined {
  const hashes = hashesIn(folder);
  if (method === "PUT") {
    const name = hashes.get(sha256(bytes));
    if (name === undefined) throw new Error(`${path} was sent before it was on disk`);
    return name;
  }
  const line = JSON.parse(body).files?.["wandb-history.jsonl"]?.content[0];
  if (line === undefined) return undefined;
  const { epoch } = JSON.parse(line);
  if (epoch === undefined) return undefined;
  const rows = Deno.readTextFileSync(`${folder}/metrics.jsonl`).split("\n");
  if (!rows.some((row) => row.includes(`"epoch":${epoch},`))) {
    throw new Error("rows came too early");
  }
  return "metrics.jsonl rows";
}
