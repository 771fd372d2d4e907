import assert from "node:assert/strict";
import { followRun, replayRun, wandbRemote } from "../../../src/runs/mod.ts";
import { filesIn, inRoot } from "../_temporary_root.ts";
import { KEY, withRecorder } from "./_recorder.ts";
import { smallTraining } from "./_small_training.ts";

const SECRETS = [KEY, btoa(`api:${KEY}`)];

Deno.test("the key stands in no file and no message, however careless the service is", () =>
  inRoot((root) =>
    withRecorder(async (recorder) => {
      const said: string[] = [];
      for (const status of [400, 401, 403, 404, 500]) {
        // It answers with the key and the header; see the recorder.
        recorder.fault = ({ path }) =>
          status !== 400 || path.includes("stream") ? status : undefined;
        const remote = wandbRemote({ env: recorder.env });
        const outbox = followRun({ remote, firstDelay: 1, attempts: 2 });
        const run = await smallTraining(`${root}/${status}`, { onSaved: outbox.onSaved });
        await run.finish({});
        said.push(JSON.stringify(await outbox.close({ timeout: 60_000 })));
        said.push(JSON.stringify(await replayRun(run.folder, { remote, attempts: 1 })));
      }
      assert.match(said.join("\n"), /refused Basic \*\*\* \*\*\*/);
      assert.equal(holdingSecrets(said.join("\n")), false);
      const files = filesIn(root);
      assert.ok(files.some((path) => path.includes(".outbox-wandb.jsonl")), files.join());
      for (const path of files) {
        const text = new TextDecoder("latin1").decode(Deno.readFileSync(`${root}/${path}`));
        assert.equal(holdingSecrets(text), false, path);
      }
      assert.ok(
        recorder.requests.every(({ authorization }) => authorization === `Basic ${SECRETS[1]}`),
      );
    })
  ));

Deno.test("the search for secrets finds both forms", () => {
  for (const secret of SECRETS) assert.equal(holdingSecrets(`x${secret}y`), true);
});

Deno.test("the key goes to the service, not to a storage elsewhere, and follows no redirect", () =>
  inRoot((root) =>
    withRecorder((service) =>
      withRecorder(async (storage) => {
        const run = await smallTraining(root);
        await run.finish({});
        service.storageUrl = storage.url;
        const { pending } = await replayRun(run.folder, {
          remote: wandbRemote({ env: service.env }),
        });
        assert.equal(pending, 0);
        assert.ok(storage.files.size > 0);
        assert.ok(storage.requests.every(({ authorization }) => authorization === undefined));
        service.redirect = storage.url;
        const before = storage.requests.length;
        const other = await smallTraining(root);
        const report = await replayRun(other.folder, {
          remote: wandbRemote({ env: service.env }),
          attempts: 1,
        });
        assert.match(report.stopped ?? "", /no answer/);
        assert.equal(storage.requests.length, before);
      })
    )
  ));

function holdingSecrets(text: string): boolean {
  return SECRETS.some((secret) => text.includes(secret));
}
