import assert from "node:assert/strict";
import { join } from "node:path";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { withNodeBundle } from "../../_tools/node_bundle.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";

const ENTRY = "tests/training/replicas/_node_entry.ts";
const THREAD = "src/training/replicas/replica_worker.ts";
const SCRIPT = `
  const { fit, smallModel, smallTask, stagesNamed, tensorsOf } = await import(process.argv[2]);
  const { data } = await smallTask();
  const train = async (replicas) => {
    const model = smallModel(data), stages = stagesNamed(["classical"]);
    const options = { stages, batchSize: 8, replicas, batchNorm: "frozen", progress: false };
    const { history, replicas: [{ used }] } = await fit(model, data, options);
    return { used, losses: history.map(({ loss }) => loss), bytes: [...tensorsOf(model)].join() };
  };
  try {
    const [one, two, again] = [await train(1), await train(2), await train(2)];
    console.log(JSON.stringify([one.losses, two.losses, two.used, two.bytes === again.bytes]));
  } catch (error) {
    console.log(JSON.stringify(error.message));
  }
`;

async function inNode(threads: readonly string[]): Promise<unknown> {
  let found: unknown;
  await withNodeBundle(ENTRY, async ({ folder, module }) => {
    const script = join(folder, "script.mjs");
    await Deno.writeTextFile(script, SCRIPT);
    const { code, stdout, stderr } = await runCommand(["node", script, module], {
      timeout: 120_000,
    });
    assert.equal(code, 0, stderr);
    found = JSON.parse(stdout);
  }, { packages: "external", threads });
  return found;
}

testOrSkip(
  "replicas in Node: the losses of one model, the same bytes each time, and no thread left",
  missingProgram("node"),
  async () => {
    const [one, two, used, same] = await inNode([THREAD]) as [number[], number[], number, boolean];
    assert.deepEqual([used, same], [2, true]);
    one.forEach((loss, i) => assert.ok(Math.abs(loss - two[i]) < 1e-5, `${loss} ${two[i]}`));
  },
);

testOrSkip(
  "replicas in Node: a bundle without the file of the threads says which one it lacks",
  missingProgram("node"),
  async () => assert.match(await inNode([]) as string, /lacks replica_worker\.mjs.*replicas: 1/),
);
