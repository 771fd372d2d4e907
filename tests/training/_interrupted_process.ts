// Trains in a process of its own that interrupts itself: the test runner takes SIGINT for its own end.
import process from "node:process";
import { openRun } from "../../src/runs/open_run.ts";
import { loadCheckpoint } from "../../src/training/checkpoint.ts";
import { fit } from "../../src/training/fit.ts";
import { smallModel, smallTask, stagesNamed, tensorsOf } from "./_small.ts";

const [root] = process.argv.slice(2);
const { model, data } = await smallTask();
const run = await openRun({ root, seed: 0, config: {} });
let batches = 0;
const { stopped } = await fit(model, data, {
  stages: stagesNamed(["classical"], 9),
  batchSize: 8,
  run,
  progress: () => {
    if (++batches === 3) process.kill(process.pid, "SIGINT");
  },
});
const fresh = smallModel(data);
await loadCheckpoint(fresh, `${run.folder}/checkpoints/classical/last`);
const [saved, now] = [fresh, model].map((x) => JSON.stringify([...tensorsOf(x)]));
const listeners = process.listenerCount("SIGINT");
console.log(JSON.stringify({ by: stopped?.by, batches, listeners, whole: saved === now }));
