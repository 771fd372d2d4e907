import assert from "node:assert/strict";
import { encodePng } from "../../../src/images/encode_png.ts";
import { tensorboardWriter } from "../../../src/runs/mod.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { inRoot } from "../_temporary_root.ts";
import {
  decodeEvents,
  doubleBits,
  eventFile,
  floatBits,
  missingReader,
  readRecords,
} from "./_read_events.ts";

const missing = missingReader();
const now = new Date("2026-01-31T12:34:56.500Z");
const at = { step: 3, wallTime: 1000.25 };

testOrSkip(
  "tensorboardWriter() scalars are what protoc reads",
  missing,
  () =>
    inRoot(async (folder) => {
      const writer = await tensorboardWriter(folder, { now });
      await writer.scalar("verlust/ä", 0.5, at);
      await writer.scalar("loss", NaN, { step: 2 ** 40 });
      await writer.close();
      const [version, first, second] = await decodeEvents(eventFile(folder));
      assert.match(version, /^1: 0x[0-9a-f]+\n3: "brain\.Event:2"\n$/);
      assert.ok(first.startsWith(`1: ${doubleBits(1000.25)}\n2: 3\n5 {\n  1 {\n`), first);
      assert.ok(first.includes('1: "verlust/\\303\\244"'), first);
      assert.ok(first.includes(`2: ${floatBits(0.5)}`), first);
      assert.ok(second.includes(`1: ${doubleBits(now.getTime() / 1000)}\n2: ${2 ** 40}\n`), second);
      assert.ok(second.includes("2: 0x7fc00000"), second);
    }),
);

testOrSkip(
  "tensorboardWriter() pictures keep every byte of the PNG file",
  missing,
  () =>
    inRoot(async (folder) => {
      const png = encodePng({
        width: 3,
        height: 2,
        channels: 3,
        data: new Uint8Array(18).fill(200),
      });
      const writer = await tensorboardWriter(folder, { now });
      await writer.image("panel", png, at);
      await writer.close();
      const { records } = await readRecords(eventFile(folder));
      const [, event] = await decodeEvents(eventFile(folder));
      assert.match(event, /1: "panel"\n +4 \{\n +1: 2\n +2: 3\n +3: 3\n +4: "\\211PNG/);
      assert.ok(hexOf(records[1]).includes(hexOf(png)), "the bytes of the picture changed");
    }),
);

testOrSkip(
  "tensorboardWriter() text and hyperparameters name their plugins",
  missing,
  () =>
    inRoot(async (folder) => {
      const writer = await tensorboardWriter(folder, { now });
      await writer.text("config", "# one", at);
      await writer.hparams({ rate: 0.5, name: "x", flip: true, keep: false }, {
        metrics: [{ group: "val/h", tag: "loss" }],
        wallTime: 7,
      });
      await writer.sessionEnd("interrupted", { wallTime: 9 });
      await writer.close();
      const [, text, start, end] = await decodeEvents(eventFile(folder));
      // A tensor of strings with one element, and the plugin's name in the metadata.
      assert.match(text, /8 \{\n +1: 7\n +2 \{\n +2 \{\n +1: 1\n +\}\n +\}\n +8: "# one"/);
      assert.match(text, /9 \{\n +1 \{\n +1: "text"/);
      assert.match(start, /1: "_hparams_\/experiment"[\s\S]*1: "val\/h"\n +2: "loss"/);
      const session = start.slice(start.indexOf("_hparams_/session_start_info"));
      assert.match(session, /1: "hparams"/);
      assert.ok(
        session.includes(`1: "rate"`) && session.includes(`2: ${doubleBits(0.5)}`),
        session,
      );
      assert.match(session, /1: "name"\n +2 \{\n +3: "x"/);
      assert.match(session, /1: "flip"\n +2 \{\n +4: 1/);
      assert.match(session, /1: "keep"\n +2 \{\n +4: 0/);
      assert.ok(session.includes(`5: ${doubleBits(7)}`), session);
      assert.match(end, /_hparams_\/session_end_info[\s\S]*4 \{\n +1: 2\n/);
      assert.ok(end.includes(`2: ${doubleBits(9)}`), end);
    }),
);

testOrSkip(
  "tensorboardWriter() PR curves hold six rows by rising threshold",
  missing,
  () =>
    inRoot(async (folder) => {
      const writer = await tensorboardWriter(folder, { now });
      const input = { yTrue: [1, 0, true, 1], scores: [0.9, 0.2, 0.4, 1], thresholds: 3 };
      await writer.prCurve("pr", input, at);
      await writer.close();
      const [, event] = await decodeEvents(eventFile(folder));
      assert.match(event, /1: "pr_curves"\n +2 \{\n +2: 3\n/);
      assert.match(event, /2 \{\n +2 \{\n +1: 6\n +\}\n +2 \{\n +1: 3\n/);
      const { records } = await readRecords(eventFile(folder));
      // At 0, 0.5 and 1. TensorBoard's own pr_curve/summary.py gives these for the same input.
      const rows = [3, 2, 1, 1, 0, 0, 0, 1, 1, 0, 1, 2, 0.75, 1, 1, 1, 2 / 3, 1 / 3];
      const wanted = hexOf(new Uint8Array(Float32Array.from(rows).buffer));
      assert.ok(hexOf(records[1]).includes(wanted), event);
    }),
);

testOrSkip(
  "a torn tail costs the last record only, wherever it is cut",
  missing,
  () =>
    inRoot(async (folder) => {
      const writer = await tensorboardWriter(folder, { now });
      await writer.scalar("a", 1, at);
      const before = (await Deno.stat(eventFile(folder))).size;
      await writer.scalar("b", 2, at);
      await writer.close();
      const whole = await Deno.readFile(eventFile(folder));
      const torn = `${folder}/torn`, file = eventFile(folder);
      for (let end = before; end < whole.length; end += 5) {
        await Deno.writeFile(torn, whole.subarray(0, end));
        const { records, rest } = await readRecords(torn);
        assert.deepEqual([records.length, rest], [2, end - before]);
      }
      assert.equal((await readRecords(file)).records.length, 3);
    }),
);

testOrSkip(
  "the independent reader sees a single wrong bit",
  missing,
  () =>
    inRoot(async (folder) => {
      const writer = await tensorboardWriter(folder, { now });
      await writer.scalar("a", 1, at);
      await writer.close();
      const bytes = await Deno.readFile(eventFile(folder));
      bytes[bytes.length - 6] ^= 1;
      await Deno.writeFile(`${folder}/wrong`, bytes);
      await assert.rejects(readRecords(`${folder}/wrong`), /wrong checksum of data/);
    }),
);

testOrSkip(
  "calls that are not waited for write whole records in their order",
  missing,
  () =>
    inRoot(async (folder) => {
      const writer = await tensorboardWriter(folder, { now });
      const steps = Array.from({ length: 60 }, (_, step) => step);
      await Promise.all(steps.map((step) => writer.scalar("a".repeat(step * 50), step, { step })));
      await writer.close();
      const events = (await decodeEvents(eventFile(folder))).slice(1);
      // Step 0 is a varint like any other: nothing is left out.
      assert.deepEqual(events.map((event) => Number(/^2: (\d+)$/m.exec(event)?.[1])), steps);
    }),
);

Deno.test("a second writer of a folder begins its own file, behind the first by name", () =>
  inRoot(async (folder) => {
    const first = await tensorboardWriter(folder, { now });
    const second = await tensorboardWriter(folder, { now });
    await Promise.all([first.close(), second.close()]);
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    assert.deepEqual(names.map((name) => name.slice(-5)), [".0000", ".0001"]);
  }));

Deno.test("tensorboardWriter() says what is wrong with its input", () =>
  inRoot(async (folder) => {
    const writer = await tensorboardWriter(folder, { now });
    const rejects = (promise: Promise<unknown>, wanted: RegExp) => assert.rejects(promise, wanted);
    await rejects(tensorboardWriter(folder, { nwo: now } as never), /Did you mean "now"\?/);
    await rejects(writer.scalar("a", 1, { step: -1 }), /step is -1, wanted a whole number from 0/);
    await rejects(writer.scalar("a", 1, { steps: 1 } as never), /Did you mean "step"\?/);
    await rejects(writer.image("a", new Uint8Array(50), at), /no PNG file/);
    await rejects(writer.prCurve("a", { yTrue: [1], scores: [1.5] }, at), /pass probabilities/);
    await rejects(writer.prCurve("a", { yTrue: [1, 0], scores: [1] }, at), /2 labels and 1 scores/);
    await rejects(
      writer.prCurve("a", { yTrue: [], scores: [], thresholds: 1 }, at),
      /thresholds is 1/,
    );
    await writer.close();
  }));

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
