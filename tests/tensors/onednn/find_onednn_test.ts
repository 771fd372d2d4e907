import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { findOnednn } from "../../../src/tensors/onednn/find_onednn.ts";
import type { ForeignInterface, Signatures } from "../../../src/tensors/onednn/foreign_library.ts";
import { Onednn } from "../../../src/tensors/onednn/onednn.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { NO_ONEDNN, tampered } from "./_onednn.ts";

/** Where each name that it is asked for stands for a library of a version, if it is there. */
function librariesOf(versions: Readonly<Record<string, readonly number[]>>, asked: string[] = []) {
  const foreign: ForeignInterface = {
    open<S extends Signatures>(path: string, signatures: S) {
      asked.push(path);
      const version = versions[path];
      if (version === undefined) throw new Error(`${path}: cannot open shared object file`);
      const facts = new Uint8Array(Int32Array.from([...version, 0, 0, 0, 2]).buffer);
      const functions = Object.fromEntries(Object.keys(signatures).map((name) => [name, () => 0]));
      return { functions: functions as never, addressOf: () => 0, read: () => facts };
    },
  };
  return () => Promise.resolve(foreign);
}

Deno.test("findOnednn() says that there is no library, and how to get it", async () => {
  const asked: string[] = [];
  const found = await findOnednn({}, { getInterface: librariesOf({}, asked) });
  assert.ok(!(found instanceof Onednn));
  assert.equal(found.status, "absent");
  assert.match(found.reason, /not found.*apt-get install libdnnl2.*cannot open shared object file/);
  assert.ok(asked.length > 0);
});

Deno.test("findOnednn() refuses another major version", async () => {
  for (const version of [[3, 5, 3], [1, 8, 0]]) {
    const getInterface = librariesOf({ "/opt/libdnnl.so": version });
    const found = await findOnednn({ library: "/opt/libdnnl.so" }, { getInterface });
    assert.ok(!(found instanceof Onednn));
    assert.equal(found.status, "refused");
    assert.match(
      found.reason,
      new RegExp(`/opt/libdnnl.so is oneDNN ${version.join(".")}, and 2.x`),
    );
  }
});

Deno.test("findOnednn() takes the library that is named by option, then by variable", async () => {
  const asked: string[] = [];
  const getInterface = librariesOf({}, asked);
  await findOnednn({ library: "/a" }, { variable: "/b", getInterface });
  await findOnednn({}, { variable: "/b", getInterface });
  assert.deepEqual(asked, ["/a", "/b"]);
  const off = await findOnednn({}, { variable: "off", getInterface });
  assert.ok(!(off instanceof Onednn) && off.status === "refused");
  assert.match(off.reason, /QSIGHT_ONEDNN is "off"/);
  assert.equal(asked.length, 2, "nothing was tried");
});

Deno.test("findOnednn() refuses a processor without wide instructions", async () => {
  // The library's functions all give 0 here, which is no instruction set.
  const found = await findOnednn({ library: "a" }, { getInterface: librariesOf({ a: [2, 6, 3] }) });
  assert.ok(!(found instanceof Onednn));
  assert.match(found.reason, /a \(oneDNN 2\.6\.3\) can use instructions 0 only/);
});

testOrSkip("findOnednn() finds the library of the system", NO_ONEDNN, async () => {
  const found = await findOnednn();
  assert.ok(found instanceof Onednn);
  assert.match(found.version, /^2\.\d+\.\d+$/);
  assert.match(found.instructions, /^AVX/);
  assert.equal(found.threads, 1);
});

testOrSkip("findOnednn() says what a library lacks", NO_ONEDNN, async () => {
  const foreign = tampered((name, call) => name === "dnnl_engine_create" ? () => 5 : call);
  const found = await findOnednn({}, { getInterface: () => Promise.resolve(foreign) });
  assert.ok(!(found instanceof Onednn));
  assert.equal(found.status, "refused");
  assert.match(found.reason, /did not start: oneDNN: an engine: runtime error/);
});

testOrSkip("findOnednn() asks a real library for its version", missingProgram("gcc"), async () => {
  const folder = await mkdtemp(join(tmpdir(), "qsight-onednn-"));
  try {
    const source = join(folder, "fake.c"), library = join(folder, "libdnnl.so.3");
    await writeFile(
      source,
      `static const struct { int version[3]; const char *hash; unsigned cpu, gpu; } facts =
        { { 3, 1, 4 }, "", 2, 0 };
       const void *dnnl_version(void) { return &facts; }`,
    );
    const { status, stderr } = await runCommand(
      ["gcc", "-shared", "-fPIC", "-o", library, source],
      { timeout: 60_000 },
    );
    assert.equal(status, "ok", stderr);
    const found = await findOnednn({ library });
    assert.ok(!(found instanceof Onednn));
    assert.equal(found.status, "refused");
    assert.match(found.reason, /libdnnl\.so\.3 is oneDNN 3\.1\.4, and 2\.x is wanted/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
