import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { runCommand } from "../../src/_internal/run_command.ts";
import { checkData, loadData } from "../../src/data/mod.ts";
import { withNodeBundle } from "../_tools/node_bundle.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { sendFile, withServer } from "./_hostile_server.ts";
import { medmnist, npz, withFolder } from "./write_npz.ts";

const FILE = npz(medmnist());
const SCRIPT = `
  const [url, path, md5, module] = process.argv.slice(2);
  const { checkData, downloadFile, foldData, loadData } = await import(module);
  const { received } = await downloadFile(url, path, { md5, retryDelay: 1 });
  const data = await loadData(path), { val } = foldData(data, { folds: 3, fold: 1, seed: 2 });
  const { findings } = checkData(data);
  console.log(JSON.stringify({ received, fingerprint: data.fingerprint, findings, ids: val.ids }));
`;

testOrSkip(
  "data in Node: a download that is cut, loaded, checked and folded as in Deno",
  missingProgram("node"),
  () =>
    withFolder((folder) =>
      withNodeBundle("tests/data/_node_entry.ts", async ({ folder: home, module }) => {
        const script = join(home, "script.mjs"), path = join(folder, "a.npz");
        await Deno.writeTextFile(script, SCRIPT);
        const md5 = createHash("md5").update(FILE).digest("hex");
        await withServer(sendFile(FILE, { cutAfter: 500 }), async (base, asked) => {
          const args = [script, `${base}a`, path, md5, module];
          const { code, stdout, stderr } = await runCommand(["node", ...args], { timeout: 60_000 });
          assert.equal(code, 0, stderr);
          const { received, fingerprint, findings, ids } = JSON.parse(stdout);
          const data = await loadData(path);
          assert.deepEqual([received, fingerprint], [FILE.length, data.fingerprint]);
          assert.deepEqual(findings, checkData(data).findings);
          assert.ok(ids.length > 3 && asked.length > 1);
        });
      }, { packages: "external" })
    ),
);
