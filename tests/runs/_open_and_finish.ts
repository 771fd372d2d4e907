// Opens and finishes runs and prints their ids; several of these run at once.
import { smallRun } from "./_temporary_root.ts";

const [root, count] = Deno.args;
for (let i = 0; i < Number(count); i++) {
  const run = await smallRun(root, { now: () => new Date() });
  await run.appendMetrics([{ stage: "a", epoch: 1, split: "val", head: "h", loss: i }]);
  await run.finish();
  console.log(run.id);
}
