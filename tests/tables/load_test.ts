// The native library behind the room: loaded late, usable in Node, and no wall when it is missing.
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/_internal/run_command.ts";
import { withNodeBundle } from "../_tools/node_bundle.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DOOR = new URL("../../src/tables/mod.ts", import.meta.url).href;

async function runDeno(permissions: string[], code: string) {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await writeFile(script, code);
    const args = ["run", "--no-prompt", "--no-check", "--config", `${ROOT}deno.json`];
    return await runCommand([Deno.execPath(), ...args, ...permissions, script], {
      timeout: 60_000,
    });
  } finally {
    await rm(script);
  }
}

const CODE = `import { tableFiles, toParquet } from ${JSON.stringify(DOOR)};
  const files = await tableFiles([{ a: 1 }], { name: "t" });
  const refused = await toParquet([{ a: 1 }]).then(() => null, (error) => error.name);
  console.log(JSON.stringify([files.csv, files.parquet?.length ?? null, files.parquetReason, refused]));`;

Deno.test("without permission for native code there is CSV and JSON, and a reason", async () => {
  const { stdout, stderr } = await runDeno(["--allow-read"], CODE);
  const [csv, parquet, reason, refused] = JSON.parse(stdout || `"${stderr}"`);
  assert.deepEqual([csv, parquet, refused], ["a\r\n1\r\n", null, "PolarsError"]);
  assert.match(reason, /nodejs-polars could not be loaded \(.*--allow-ffi; CSV and JSON work/);
});

Deno.test("with it there is Parquet, and no reason", async () => {
  const { stdout, stderr } = await runDeno(["-A"], CODE);
  const [, parquet, reason, refused] = JSON.parse(stdout || `"${stderr}"`);
  assert.ok(parquet > 100);
  assert.deepEqual([reason, refused], [null, null]);
});

testOrSkip("tables work under Node", missingProgram("node"), async () => {
  await withNodeBundle("src/tables/mod.ts", async ({ folder, module }) => {
    const script = join(folder, "run.mjs");
    await writeFile(
      script,
      `import { fromParquet, tableFiles } from ${JSON.stringify(module)};
       const { parquet } = await tableFiles([{ a: 1, b: "é", c: NaN }], { name: "t" });
       console.log(JSON.stringify(await fromParquet(parquet)));`,
    );
    const { stdout, stderr, status } = await runCommand(["node", script], { timeout: 60_000 });
    assert.equal(status, "ok", stderr);
    assert.deepEqual(JSON.parse(stdout), [{ a: 1, b: "é", c: null }]);
  }, { external: ["nodejs-polars"] });
});
