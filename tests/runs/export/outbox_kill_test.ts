import assert from "node:assert/strict";
import { replayRun, verifyRun, wandbRemote } from "../../../src/runs/mod.ts";
import { startScript } from "../../_tools/start_script.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { inRoot } from "../_temporary_root.ts";
import { Recorder, withRecorder } from "./_recorder.ts";
import { contentOf, smallTraining } from "./_small_training.ts";

const SCRIPT = new URL("./_following_process.ts", import.meta.url);

testOrSkip(
  "a following process that is killed again and again loses nothing and doubles nothing",
  Deno.build.os === "windows" ? "Windows has no SIGKILL" : undefined,
  () =>
    inRoot((root) =>
      withRecorder(async (recorder) => {
        let folder: string | undefined, kills = 0;
        // Each process is killed at another of its requests, taken in or not.
        for (const request of [2, 5, 7, 4, 9, 6]) {
          folder = await killAt(recorder, { root, request, folder, takenIn: request % 2 === 0 });
          kills++;
        }
        const taken = recorder.history.size + recorder.files.size;
        assert.ok(taken > 4, `only ${taken} came before the kills`);
        recorder.fault = () => undefined;
        const { pending } = await replayRun(folder!, {
          remote: wandbRemote({ env: recorder.env }),
        });
        assert.equal(pending, 0);
        await compare(recorder, root);
        assert.ok(recorder.repeats <= kills, `${recorder.repeats} repeats of ${kills} kills`);
        assert.deepEqual(await verifyRun(folder!), []);
      })
    ),
);

/** The service holds what it would hold without kills: each line, each file, each once. */
async function compare(recorder: Recorder, root: string): Promise<void> {
  const calm = await Recorder.open();
  try {
    const run = await smallTraining(`${root}/calm`);
    await run.finish({});
    await replayRun(run.folder, { remote: wandbRemote({ env: calm.env }) });
    assert.deepEqual(recorder.contradictions, []);
    const sorted = (lines: Record<string, unknown>[]) => lines.map((l) => JSON.stringify(l)).sort();
    assert.deepEqual(sorted(recorder.lines()), sorted(calm.lines()));
    // The manifest names the run.
    const names = (map: Map<string, string>) => [...map.keys()].sort();
    assert.deepEqual(names(recorder.files), names(calm.files));
    for (const [path, hash] of calm.files) {
      if (path !== "manifest.json") assert.equal(recorder.files.get(path), hash, path);
    }
    assert.deepEqual(recorder.ends.at(-1), 0);
    assert.ok(Object.keys(contentOf(run)).length > recorder.files.size);
  } finally {
    await calm.close();
  }
}

async function killAt(
  recorder: Recorder,
  { root, request, folder, takenIn }: {
    readonly root: string;
    readonly request: number;
    readonly folder: string | undefined;
    readonly takenIn: boolean;
  },
): Promise<string> {
  const started = startScript(SCRIPT, [root, recorder.url, ...folder ? [folder] : []]);
  let count = 0;
  const reached = new Promise<void>((resolve) => {
    recorder.fault = () => {
      count++;
      if (count < request) return undefined;
      resolve();
      // The answer never comes: it was taken in and not acknowledged, or not even taken in.
      return takenIn && count === request ? "silent" : "hang";
    };
  });
  const { child, line } = await started;
  await reached;
  child.kill("SIGKILL");
  assert.equal((await child.status).signal, "SIGKILL");
  return line;
}
