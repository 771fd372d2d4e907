import assert from "node:assert/strict";
import { createGunzip, gzipSync } from "node:zlib";
import {
  applyRetention,
  ArchiveError,
  planRetention,
  restoreRun,
  verifyRun,
} from "../../../src/runs/mod.ts";
import { archiveRun } from "../../../src/runs/retention/archive_run.ts";
import { BLOCK, parsePax, tarHeader } from "../../../src/runs/retention/tar_header.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { inRoot } from "../_temporary_root.ts";
import { fakeRun, NOW, setLatest, sha, snapshot } from "./_fake_runs.ts";

/** Files of all sizes and names that are hard to pack. */
const FILES = {
  "empty.txt": "",
  "block.bin": "b".repeat(BLOCK),
  "more.bin": "m".repeat(BLOCK + 1),
  "large.bin": "0123456789".repeat(40_000),
  "reports/ä 漢字 🙂.txt": "unicode",
  [`reports/${"long ".repeat(19)}/${"x".repeat(120)}.txt`]: "long",
  [`${"y".repeat(100)}`]: "as long as a plain header can say",
};

/** A tar.gz of entries that no writer of ours would make. */
function forge(path: string, entries: readonly (readonly [string, string, string?])[]): string {
  const blocks = entries.flatMap(([name, content, type = "0"]) => {
    const bytes = new TextEncoder().encode(content);
    const header = tarHeader({ path: name, bytes: bytes.length, seconds: 0 });
    const last = header.subarray(header.length - BLOCK);
    last[156] = type.charCodeAt(0);
    last.fill(32, 148, 156);
    const sum = last.reduce((a, b) => a + b, 0).toString(8).padStart(6, "0");
    last.set(new TextEncoder().encode(`${sum}\0 `), 148);
    return [header, bytes, new Uint8Array((BLOCK - bytes.length % BLOCK) % BLOCK)];
  });
  const all = [...blocks, new Uint8Array(2 * BLOCK)];
  Deno.writeFileSync(path, gzipSync(Uint8Array.from(all.flatMap((block) => [...block]))));
  return path;
}

Deno.test("archiveRun() and restoreRun() give back every byte, whatever the names", () =>
  inRoot(async (root) => {
    const id = fakeRun(root, { files: FILES });
    Deno.writeTextFileSync(`${root}/${id}/by hand.txt`, "not of the run, and not lost");
    Deno.writeTextFileSync(`${root}/${id}/.half.tmp`, "left out");
    const before = snapshot(`${root}/${id}`);
    delete before[".half.tmp"];
    const archive = await archiveRun(root, id);
    assert.equal(archive, `${root}/archive/${id}.tar.gz`);
    const folder = await restoreRun(archive, `${root}/new root`);
    assert.equal(folder, `${root}/new root/${id}`);
    assert.deepEqual(snapshot(folder), before);
    assert.deepEqual((await verifyRun(folder)).map(({ path }) => path), ["by hand.txt"]);
    assert.deepEqual(
      [...Deno.readDirSync(`${root}/new root`)].map(({ name }) => name).sort(),
      [id, "latest"],
    );
  }));

Deno.test("archiveRun() gives equal bytes for equal runs", () =>
  inRoot(async (root) => {
    const digests = [];
    for (const name of ["a", "b"]) {
      const id = fakeRun(`${root}/${name}`, { files: FILES, hash: "12345678" });
      const path = await archiveRun(`${root}/${name}`, id);
      digests.push(sha(Deno.readFileSync(path)));
      Deno.utimeSync(`${root}/${name}/${id}/empty.txt`, new Date(0), new Date(0));
    }
    assert.equal(digests[0], digests[1]);
  }));

testOrSkip(
  "tar itself unpacks an archive to the same files",
  missingProgram("tar"),
  () =>
    inRoot(async (root) => {
      const id = fakeRun(root, { files: FILES });
      const archive = await archiveRun(root, id);
      Deno.mkdirSync(`${root}/out`);
      const { success } = await new Deno.Command("tar", {
        args: ["xzf", archive, "-C", `${root}/out`],
        stderr: "inherit",
        // Without a UTF-8 locale, tar would write names in its own way.
        env: { LC_ALL: "C.UTF-8" },
      }).output();
      assert.ok(success);
      assert.deepEqual(snapshot(`${root}/out/${id}`), snapshot(`${root}/${id}`));
    }),
);

testOrSkip(
  "restoreRun() takes an archive that tar made of a run",
  missingProgram("tar"),
  () =>
    inRoot(async (root) => {
      const id = fakeRun(root, { files: FILES });
      const { success } = await new Deno.Command("tar", {
        args: ["czf", `${root}/own.tar.gz`, "--format=pax", "-C", root, id],
        stderr: "inherit",
      }).output();
      assert.ok(success);
      const folder = await restoreRun(`${root}/own.tar.gz`, `${root}/out`);
      assert.deepEqual(snapshot(folder), snapshot(`${root}/${id}`));
    }),
);

Deno.test("archiveRun() refuses runs that are not as their manifest says, and links", () =>
  inRoot(async (root) => {
    const faults: [RegExp, (folder: string) => void][] = [
      [/notes\.txt has SHA-256/, (f) => Deno.writeTextFileSync(`${f}/reports/notes.txt`, "NOTES")],
      [/has 6 bytes, wanted 5/, (f) => Deno.writeTextFileSync(`${f}/reports/notes.txt`, "longer")],
      [/1 files of .* missing/, (f) => Deno.removeSync(`${f}/reports/notes.txt`)],
      [/is a link/, (f) => Deno.symlinkSync("/etc/hostname", `${f}/link`)],
    ];
    for (const [i, [message, damage]] of faults.entries()) {
      const id = fakeRun(root, { age: 10 + i });
      damage(`${root}/${id}`);
      const before = snapshot(`${root}/${id}`);
      await assert.rejects(archiveRun(root, id), { name: "ArchiveError", message });
      assert.deepEqual(snapshot(`${root}/${id}`), before);
      assert.deepEqual([...Deno.readDirSync(`${root}/archive`)], [], "nothing is left half done");
    }
    Deno.removeSync(`${root}/archive`);
    Deno.mkdirSync(`${root}/elsewhere`);
    Deno.symlinkSync(`${root}/elsewhere`, `${root}/archive`);
    await assert.rejects(archiveRun(root, fakeRun(root)), /links are not followed/);
    assert.deepEqual([...Deno.readDirSync(`${root}/elsewhere`)], []);
  }));

Deno.test("archiveRun() uses a whole archive that is there, and overwrites none", () =>
  inRoot(async (root) => {
    const id = fakeRun(root, { age: 9 });
    const path = await archiveRun(root, id);
    const { mtime } = Deno.statSync(path);
    await archiveRun(root, id);
    assert.deepEqual(Deno.statSync(path).mtime, mtime);
    Deno.writeTextFileSync(path, "something else");
    setLatest(root, fakeRun(root));
    const plan = await planRetention(root, { keepLast: 1, archive: true }, { now: NOW });
    const { results } = await applyRetention(plan);
    assert.equal(results[0].outcome, "failed");
    assert.match(results[0].reason, /is not of this state of the run/);
    assert.equal(Deno.readTextFileSync(path), "something else");
    assert.deepEqual(await verifyRun(`${root}/${id}`), []);
  }));

Deno.test("restoreRun() never overwrites, also no empty folder", () =>
  inRoot(async (root) => {
    const id = fakeRun(root);
    const archive = await archiveRun(root, id);
    await assert.rejects(restoreRun(archive, root), /exists, and nothing is overwritten/);
    Deno.removeSync(`${root}/${id}`, { recursive: true });
    Deno.mkdirSync(`${root}/${id}`);
    await assert.rejects(restoreRun(archive, root), ArchiveError);
    Deno.removeSync(`${root}/${id}`);
    Deno.symlinkSync(`${root}/nowhere`, `${root}/${id}`);
    await assert.rejects(restoreRun(archive, root), ArchiveError);
    assert.deepEqual([...Deno.readDirSync(root)].map(({ name }) => name).sort(), [id, "archive"]);
  }));

Deno.test("restoreRun() refuses every damaged byte, and every cut", () =>
  inRoot(async (root) => {
    const id = fakeRun(root, { files: { "a.txt": "aaaa" } });
    const bytes = Deno.readFileSync(await archiveRun(root, id));
    let restored = 0;
    const attempt = async (damaged: Uint8Array, what: string) => {
      const path = `${root}/damaged.tar.gz`;
      Deno.writeFileSync(path, damaged);
      try {
        const folder = await restoreRun(path, `${root}/out`);
        // Time, name and flags in the head of gzip say nothing about the content.
        assert.deepEqual(await verifyRun(folder), [], what);
        Deno.removeSync(folder, { recursive: true });
        restored++;
      } catch (error) {
        assert.ok(error instanceof ArchiveError, `${what}: ${(error as Error).stack}`);
        assert.match(error.message, /damaged\.tar\.gz/);
      }
      const left = [...Deno.readDirSync(`${root}/out`)].map(({ name }) => name);
      assert.deepEqual(left.filter((name) => name !== "latest"), [], what);
    };
    for (let at = 0; at < bytes.length; at += at < 24 ? 1 : 7) {
      await attempt(bytes.map((byte, i) => i === at ? byte ^ 0x55 : byte), `byte ${at}`);
    }
    for (let length = 0; length < bytes.length; length += 37) {
      await attempt(bytes.slice(0, length), `cut at ${length}`);
    }
    assert.ok(restored <= 10, `${restored} damaged archives were taken`);
  }));

Deno.test("restoreRun() refuses entries that lead out of the folder, links, and strange archives", () =>
  inRoot(async (top) => {
    const root = `${top}/root`;
    Deno.mkdirSync(root);
    const archive = `${top}/forged.tar.gz`;
    const wrong: [RegExp, ...[string, string, string?][]][] = [
      [/leads out/, ["../escape.txt", "x"]],
      [/leads out/, ["run/../../escape.txt", "x"]],
      [/leads out/, ["/etc/escape.txt", "x"]],
      [/leads out/, ["C:/escape.txt", "x"]],
      [/leads out/, ["run\\..\\escape.txt", "x"]],
      [/leads out/, [`run/${"deep/".repeat(30)}../../escape.txt`, "x"]],
      [/is a link/, ["run/link", "", "2"]],
      [/is a hard link/, ["run/link", "", "1"]],
      [/type "6"/, ["run/pipe", "", "6"]],
      [/wanted each file once/, ["run/a", "x"], ["run/a", "y"]],
      [/wanted each file once/, ["run/a", "x"], ["other/a", "y"]],
      [/wanted each file once/, ["alone.txt", "x"]],
      [/wanted each file once/, [".hidden/a", "x"]],
      [/no whole manifest/, ["run/a", "x"]],
      [/no whole manifest/, ["run/manifest.json", "{}"]],
      [/holds no file/, ["run/", "", "5"]],
      [/holds no file/],
    ];
    for (const [message, ...entries] of wrong) {
      await assert.rejects(restoreRun(forge(archive, entries), root), {
        name: "ArchiveError",
        message,
      });
      assert.deepEqual([...Deno.readDirSync(root)], [], String(message));
    }
    assert.deepEqual([...Deno.readDirSync(top)].map(({ name }) => name).sort(), [
      "forged.tar.gz",
      "root",
    ]);
    await assert.rejects(restoreRun(`${top}/none.tar.gz`, root), { code: "ENOENT" });
  }));

Deno.test("restoreRun() compares each file with the manifest", () =>
  inRoot(async (root) => {
    const id = fakeRun(root, { files: { "a.txt": "aaaa" } });
    const text = Deno.readTextFileSync(`${root}/${id}/manifest.json`);
    const entry = (path: string, content: string) => [`${id}/${path}`, content] as const;
    const whole = [
      entry("manifest.json", text),
      entry("config.json", "{}\n"),
      entry("a.txt", "aaaa"),
    ];
    const path = `${root}/forged.tar.gz`;
    await restoreRun(forge(path, whole), `${root}/out`);
    Deno.removeSync(`${root}/out`, { recursive: true });
    const changed = [whole[0], whole[1], entry("a.txt", "bbbb")];
    await assert.rejects(restoreRun(forge(path, changed), `${root}/out`), /a\.txt is not the file/);
    await assert.rejects(restoreRun(forge(path, whole.slice(0, 2)), `${root}/out`), /is missing/);
    const other = whole.map(([name, content]) =>
      [name.replace(id, "20200101-000000-000-00000000"), content] as const
    );
    await assert.rejects(restoreRun(forge(path, other), `${root}/out`), /with the manifest of/);
  }));

Deno.test("tarHeader() writes a pax record whose length counts itself, also for 8 GiB", () => {
  for (let length = 90; length < 1200; length++) {
    const path = "p".repeat(length);
    const header = tarHeader({ path, bytes: 8 ** 11, seconds: 1 });
    const size = Number.parseInt(new TextDecoder().decode(header.subarray(124, 135)), 8);
    const content = header.subarray(BLOCK, BLOCK + size);
    const { path: read, bytes } = parsePax(content);
    assert.equal(bytes, 8 ** 11);
    assert.equal(read, length > 100 ? path : undefined);
  }
});

Deno.test("an archive is one gzip stream with the manifest first", () =>
  inRoot(async (root) => {
    const id = fakeRun(root, { files: FILES });
    const archive = await archiveRun(root, id);
    const gunzip = createGunzip();
    gunzip.end(Deno.readFileSync(archive));
    const [first] = await gunzip.take(1).toArray() as Uint8Array[];
    assert.ok(new TextDecoder().decode(first.subarray(0, 100)).startsWith(`${id}/manifest.json\0`));
  }));
