import assert from "node:assert/strict";
import { createServer } from "node:net";
import { type EnvironmentSources, probeEnvironment } from "../../../src/hardware/mod.ts";
import { denied, emptyEnvironment, forever, noPrograms } from "../_fake_sources.ts";

const sizes = (totalBytes: number, freeBytes: number): Partial<EnvironmentSources> => ({
  fileSystem: () => Promise.resolve({ totalBytes, freeBytes }),
});

Deno.test("probeEnvironment() finds room and permission of a real folder, and leaves nothing in it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { disk, writable } = await probeEnvironment({ folder, sources: noPrograms });
    assert.equal(disk.value?.folder, folder);
    assert.ok(disk.value.totalBytes > 0 && disk.value.freeBytes <= disk.value.totalBytes);
    assert.equal(writable.value, folder);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder);
  }
});

Deno.test("probeEnvironment() tells a folder that is not there, and one that nobody can write to", async () => {
  const gone = await probeEnvironment({ folder: "/no/such/folder", sources: noPrograms });
  assert.deepEqual(gone.disk, { status: "absent", reason: "/no/such/folder does not exist" });
  assert.equal(gone.writable.status, "absent");
  assert.match(gone.writable.reason, /cannot be written: /);
  const { writable } = await probeEnvironment({ folder: "/proc", sources: noPrograms });
  assert.equal(writable.status, "absent");
});

for (const code of ["EACCES", "EROFS", "ENOSPC"]) {
  Deno.test(`probeEnvironment() calls ${code} not writable, and a refusal of Deno unknown`, async () => {
    const error = Object.assign(new Error(`${code}: refused`), { code });
    const of = async (thrown: Error) =>
      (await probeEnvironment({
        folder: "/data",
        sources: emptyEnvironment({ tryWriting: () => Promise.reject(thrown) }),
      })).writable;
    const { status, reason } = await of(error);
    assert.equal(status, "absent");
    assert.match(reason, /^\/data cannot be written: /);
    const refused = Object.assign(denied("/data"), { name: "NotCapable" });
    assert.equal((await of(refused)).status, "unknown");
  });
}

for (
  const [what, source] of [
    ["says more is free than there is", sizes(10, 20)],
    ["says it has no size", sizes(0, 0)],
    ["says nothing that is a number", sizes(NaN, NaN)],
    ["may not be asked", { fileSystem: (path: string) => Promise.reject(denied(path)) }],
    ["never answers", { fileSystem: forever, sleep: () => Promise.resolve() }],
  ] as [string, Partial<EnvironmentSources>][]
) {
  Deno.test(`probeEnvironment() calls a disk unknown that ${what}`, async () => {
    const { disk } = await probeEnvironment({
      folder: "/data",
      sources: emptyEnvironment(source),
    });
    assert.equal(disk.status, "unknown");
    assert.ok(disk.reason.length > 10, disk.reason);
  });
}

Deno.test("probeEnvironment() takes a relative folder from where the process stands", async () => {
  const sources = emptyEnvironment({ ...sizes(20, 10), cwd: () => "/home/somebody" });
  const { disk } = await probeEnvironment({ folder: "runs", sources });
  assert.equal(disk.value?.folder, "/home/somebody/runs");
  const refused = emptyEnvironment({
    ...sizes(20, 10),
    cwd: () => {
      throw denied(".");
    },
  });
  assert.equal(
    (await probeEnvironment({ folder: "runs", sources: refused })).disk.status,
    "unknown",
  );
  const absolute = await probeEnvironment({ folder: "/data", sources: refused });
  assert.equal(absolute.disk.status, "ok");
});

Deno.test("probeEnvironment() binds free ports, and says which is in use", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  try {
    const { ports: [any, used] } = await probeEnvironment({
      ports: [0, port],
      sources: noPrograms,
    });
    assert.equal(any.port, 0);
    assert.ok(any.free.status === "ok" && any.free.value > 0);
    assert.deepEqual(used, {
      port,
      free: { status: "absent", reason: `Port ${port} is in use on 127.0.0.1` },
    });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  const { ports: [freed] } = await probeEnvironment({ ports: [port], sources: noPrograms });
  assert.equal(freed.free.value, port, "the probe tells a port that was let go");
});

Deno.test("probeEnvironment() calls a port unknown that cannot be tried, and refuses what is none", async () => {
  const { ports } = await probeEnvironment({ ports: [80], sources: emptyEnvironment() });
  assert.deepEqual(ports[0].free, { status: "unknown", reason: "Port 80: no network" });
  const hung = emptyEnvironment({ bindPort: forever, sleep: () => Promise.resolve() });
  const late = await probeEnvironment({ ports: [80], sources: hung });
  assert.equal(late.ports[0].free.status, "unknown");
  for (const port of [-1, 65536, 1.5, NaN]) {
    await assert.rejects(
      probeEnvironment({ ports: [port] }),
      (error: Error) => error instanceof RangeError && error.message.includes(String(port)),
    );
  }
});
