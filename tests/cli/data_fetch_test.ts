import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { KNOWN_DATA, type KnownData } from "../../src/data/mod.ts";
import { sendFile, withServer } from "../data/_hostile_server.ts";
import { medmnist, npz } from "../data/write_npz.ts";
import { inFolder, qsight } from "./_call.ts";
import { withEnv } from "./_environment.ts";

const FILE = npz(medmnist());

/** Runs a body while a set of the test's own is known. */
async function withKnown(body: () => Promise<void>): Promise<void> {
  const list = KNOWN_DATA as KnownData[], md5 = createHash("md5").update(FILE).digest("hex");
  list.push({
    ...{ name: "tiny", about: "a set of the tests", licence: "none", path: "tiny.npz" },
    classes: [],
    source: { kind: "file", baseUrl: "http://127.0.0.1:9/", md5 },
  });
  try {
    await body();
  } finally {
    list.pop();
  }
}

Deno.test("qsight data fetch brings a file, checks it, and says how to go on", () =>
  withKnown(() =>
    inFolder((cwd) =>
      withServer(sendFile(FILE, { cutAfter: 300 }), async (base, asked) => {
        const args = ["data", "fetch", "tiny", "--output", "d", "--base-url", base];
        const { code, stdout, stderr } = await qsight(args, { cwd });
        assert.equal(code, 0, stderr);
        assert.match(stdout, /^d\/tiny\.npz: .*, MD5 is right\nCheck it with: qsight data check d/);
        assert.match(stderr, /^tiny: 300 B of .* \(\d+ %\)$/m);
        assert.deepEqual(await Deno.readFile(join(cwd, "d/tiny.npz")), FILE);
        const before = asked.length, again = await qsight(args, { cwd });
        assert.match(again.stdout, /was there already/);
        assert.equal(asked.length, before);
        const check = await qsight(["data", "check", "d/tiny.npz"], { cwd });
        assert.match(check.stdout, /^train +10 /m);
      })
    )
  ));

Deno.test("qsight data fetch exits 1 for a wrong file, and for data to be got by hand", () =>
  inFolder((cwd) =>
    withServer(sendFile(FILE), async (base) => {
      const args = ["data", "fetch", "retinamnist_64", "--output", ".", "--base-url", base];
      const wrong = await qsight(args, { cwd });
      assert.deepEqual([wrong.code, wrong.stdout], [1, ""]);
      assert.match(wrong.stderr, /FetchError: .* whose MD5 is not afda852c.* It was removed/);
      const hand = await qsight(["data", "fetch", "aptos2019", "--output", "d"], { cwd });
      assert.equal(hand.code, 1);
      assert.match(hand.stderr, /1\. Make an account[^]*kaggle\.json[^]*3\. kaggle competitions/);
      assert.ok(hand.stderr.includes(join(cwd, "d/aptos2019")));
    })
  ));

Deno.test("qsight data fetch that is interrupted exits 2, and the next goes on", () =>
  withKnown(() =>
    inFolder((cwd) =>
      withServer(
        (request, response, number) =>
          sendFile(FILE, number === 1 ? { stallAfter: 500 } : {})(request, response, number),
        async (base, asked) => {
          const controller = new AbortController();
          const args = ["data", "fetch", "tiny", "--output", ".", "--base-url", base];
          const running = qsight(args, { cwd, signal: controller.signal });
          const part = join(cwd, "tiny.npz.part");
          while ((await Deno.stat(part).catch(() => undefined))?.size !== 500) {
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
          controller.abort();
          const { code, stderr } = await running;
          assert.equal(code, 2);
          assert.match(stderr, /tiny: stopped; the same command goes on where it was/);
          assert.equal((await qsight(args, { cwd })).code, 0);
          assert.equal(asked[1].range, "bytes=500-");
        },
      )
    )
  ));

Deno.test("qsight data fetch and list exit 4 for what they do not know", async () => {
  for (
    const [args, words] of [
      [["data", "fetch"], /name a data set; qsight data list shows all/],
      [["data", "fetch", "retinamnst"], /Did you mean "retinamnist"/],
      [["data", "fetch", "retinamnist", "--base-url", "here"], /wanted an address/],
      [["data", "list", "here"], /found here, wanted options only/],
    ] as const
  ) {
    const { code, stderr } = await qsight(args);
    assert.equal(code, 4, args.join(" "));
    assert.match(stderr, words);
  }
});

Deno.test("qsight data list shows what is known and what is in QSIGHT_DATA", () =>
  inFolder((cwd) =>
    withEnv({ QSIGHT_DATA: "data" }, async () => {
      await Deno.mkdir(join(cwd, "data"));
      await Deno.writeFile(join(cwd, "data/octmnist_64.npz"), new Uint8Array(2000));
      await Deno.writeFile(join(cwd, "data/own.npz"), new Uint8Array(1000));
      const { code, stdout } = await qsight(["data", "list"], { cwd });
      assert.equal(code, 0);
      assert.match(stdout, /^Data in data \(QSIGHT_DATA/);
      assert.match(stdout, /^retinamnist +no +CC BY 4\.0/m);
      assert.match(stdout, /^octmnist_64 +yes 2\.0 kB/m);
      assert.match(stdout, /^own\.npz +yes 1\.0 kB/m);
      assert.match(stdout, /^eyepacs +no, by hand/m);
      assert.doesNotMatch(stdout, /^pathmnist_224/m);
      const json = JSON.parse((await qsight(["data", "list", "--json"], { cwd })).stdout);
      assert.equal(json.schema, "qsight.data/1");
      assert.ok(json.data.some(({ name }: { name: string }) => name === "pathmnist_224"));
    })
  ));
