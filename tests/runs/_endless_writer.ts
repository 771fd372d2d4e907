// Opens a run and writes into it until it is killed. Each content names itself and its length.
import { smallRun } from "./_temporary_root.ts";

const [root] = Deno.args;
const run = await smallRun(root, { now: () => new Date() });
console.log(run.folder);
for (let i = 0;; i++) {
  const body = String.fromCharCode(97 + i % 26).repeat(20_000 + 997 * (i % 101));
  await run.save("checkpoints/last.bin", `${body.length}:${body}`);
  await run.saveJson("reports/numbers.json", { i, values: new Array(2000).fill(i) });
  await run.appendMetrics([{
    stage: "a",
    epoch: i,
    split: "val",
    head: "h",
    text: body.slice(0, 900),
  }]);
}
