// Trains and is followed until it is killed. Arguments: root, address of the service.
import { followRun, openOutbox, wandbRemote } from "../../../src/runs/mod.ts";
import { KEY } from "./_recorder.ts";
import { smallTraining } from "./_small_training.ts";

const [root, url, again] = Deno.args;
const remote = wandbRemote({ env: { WANDB_API_KEY: KEY, WANDB_BASE_URL: url } });
if (again === undefined) {
  const outbox = followRun({ remote });
  const run = await smallTraining(root, { onSaved: outbox.onSaved });
  await run.finish({});
  console.log(run.folder);
  await outbox.whenIdle();
} else {
  console.log(again);
  const outbox = await openOutbox(again, { remote });
  await outbox.whenIdle();
}
setInterval(() => {}, 1000);
