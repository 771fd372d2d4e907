import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DiskFullError } from "../../src/_internal/disk_full_error.ts";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { fetchData, FetchError, KNOWN_DATA, listData, loadData } from "../../src/data/mod.ts";
import { downloadFile } from "../../src/data/fetch/download_file.ts";
import type { DownloadOptions, DownloadProgress } from "../../src/data/fetch/download_options.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { type Answer, sendFile, withServer } from "./_hostile_server.ts";
import { medmnist, npz, withFolder } from "./write_npz.ts";

const random = new SeededRandom("download");
const FILE = Uint8Array.from({ length: 300_000 }, () => random.integer(256));
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

/** Downloads from a server that answers so, into a fresh folder. */
async function download(
  answer: Answer,
  check: (given: {
    run: (more?: Partial<DownloadOptions>) => Promise<{ received: number }>;
    path: string;
    folder: string;
    asked: { url: string; range: string | undefined }[];
  }) => Promise<void>,
) {
  await withFolder((folder) =>
    withServer(answer, async (base, asked) => {
      const path = join(folder, "sub/file.npz");
      const run = (more: Partial<DownloadOptions> = {}) =>
        downloadFile(`${base}file.npz`, path, { md5: md5(FILE), retryDelay: 1, ...more });
      await check({ run, path, folder: join(folder, "sub"), asked });
    })
  );
}

/** The file is whole and nothing else is there. */
async function assertWhole(path: string, folder: string) {
  assert.deepEqual(md5(await Deno.readFile(path)), md5(FILE));
  assert.deepEqual(await readdir(folder), ["file.npz"]);
}

Deno.test("downloadFile() brings a file, says how far it is, and does not fetch it again", () =>
  download(sendFile(FILE), async ({ run, path, folder, asked }) => {
    const seen: DownloadProgress[] = [];
    const { received } = await run({ onProgress: (progress) => seen.push(progress) });
    assert.equal(received, FILE.length);
    assert.deepEqual(seen.at(-1), { bytes: FILE.length, total: FILE.length });
    assert.ok(seen.every(({ bytes }, i) => i === 0 || bytes > seen[i - 1].bytes));
    await assertWhole(path, folder);
    assert.deepEqual(await run(), { received: 0 });
    assert.equal(asked.length, 1);
  }));

Deno.test("downloadFile() goes on by range when the connection is cut, again and again", () =>
  download(sendFile(FILE, { cutAfter: 70_000 }), async ({ run, path, folder, asked }) => {
    const { received } = await run();
    await assertWhole(path, folder);
    assert.equal(received, FILE.length, "no byte came twice");
    assert.equal(asked[0].range, undefined);
    const starts = asked.slice(1).map(({ range }) => Number(/^bytes=(\d+)-$/.exec(range!)?.[1]));
    assert.ok(
      starts.length >= 4 && starts.every((at, i) => at > (starts[i - 1] ?? 0)),
      `${starts}`,
    );
  }));

Deno.test("downloadFile() leaves a connection that stalls, and goes on", () =>
  download(
    (request, response, number) =>
      sendFile(FILE, number === 1 ? { stallAfter: 100_000 } : {})(request, response, number),
    async ({ run, path, folder, asked }) => {
      await run({ stallTimeout: 300 });
      await assertWhole(path, folder);
      assert.deepEqual(asked.map(({ range }) => range), [undefined, "bytes=100000-"]);
    },
  ));

Deno.test("downloadFile() keeps a connection that is slow but brings something", () =>
  download((_, response) => {
    response.writeHead(200, { "content-length": FILE.length });
    let at = 0;
    const timer = setInterval(() => {
      response.write(FILE.subarray(at, at += 30_000));
      if (at < FILE.length) return;
      clearInterval(timer);
      response.end();
    }, 100);
  }, async ({ run, path, folder, asked }) => {
    // In all it takes longer than that.
    await run({ stallTimeout: 800 });
    await assertWhole(path, folder);
    assert.equal(asked.length, 1);
  }));

Deno.test("downloadFile() begins anew where the server ignores the range", () =>
  download(
    (request, response, number) =>
      sendFile(FILE, { ignoreRange: true, ...number === 1 && { cutAfter: 100_000 } })(
        request,
        response,
        number,
      ),
    async ({ run, path, folder, asked }) => {
      await run();
      await assertWhole(path, folder);
      assert.equal(asked[1].range, "bytes=100000-");
    },
  ));

Deno.test("downloadFile() gives up where each connection ends at the same place, and keeps the part", () =>
  download(
    sendFile(FILE, { ignoreRange: true, cutAfter: 50_000 }),
    async ({ run, folder, asked }) => {
      await assert.rejects(run(), (error: Error) => {
        assert.ok(error instanceof FetchError);
        assert.match(error.message, /3 connections in a row that brought nothing new/);
        return true;
      });
      assert.equal(asked.length, 4);
      assert.deepEqual(await readdir(folder), ["file.npz.part"]);
    },
  ));

Deno.test("downloadFile() removes a file with another checksum and says so", () =>
  download(sendFile(FILE.with(1000, FILE[1000] ^ 1)), async ({ run, folder, asked }) => {
    await assert.rejects(run(), /found a file of 300000 bytes whose MD5 is not .* It was removed/);
    assert.deepEqual(await readdir(folder), []);
    assert.equal(asked.length, 1);
  }));

Deno.test("downloadFile() begins anew once when the part is of another file", () =>
  download(sendFile(FILE), async ({ run, path, folder, asked }) => {
    await Deno.mkdir(folder);
    await Deno.writeFile(`${path}.part`, new Uint8Array(1000));
    await run();
    await assertWhole(path, folder);
    assert.deepEqual(asked.map(({ range }) => range), ["bytes=1000-", undefined]);
  }));

Deno.test("downloadFile() takes up a whole part, and one that is longer than the file", () =>
  download(sendFile(FILE), async ({ run, path, folder, asked }) => {
    await Deno.mkdir(folder);
    await Deno.writeFile(`${path}.part`, FILE);
    assert.deepEqual(await run(), { received: 0 });
    await assertWhole(path, folder);
    await Deno.remove(path);
    await Deno.writeFile(`${path}.part`, new Uint8Array(FILE.length + 5));
    assert.deepEqual(await run({ bytes: FILE.length }), { received: FILE.length });
    await assertWhole(path, folder);
    assert.deepEqual(asked.map(({ range }) => range), ["bytes=300000-", undefined]);
  }));

Deno.test("downloadFile() fetches a damaged file again", () =>
  download(sendFile(FILE), async ({ run, path, folder }) => {
    await Deno.mkdir(folder);
    await Deno.writeFile(path, FILE.with(5, FILE[5] ^ 1));
    assert.deepEqual(await run(), { received: FILE.length });
    await assertWhole(path, folder);
  }));

Deno.test("downloadFile() follows redirects, and takes a file without a length", () =>
  download((request, response, number) => {
    if (request.url === "/file.npz") response.writeHead(302, { location: "/a" }).end();
    else if (request.url === "/a") response.writeHead(301, { location: "/b" }).end();
    else sendFile(FILE, { chunked: true })(request, response, number);
  }, async ({ run, path, folder, asked }) => {
    await run();
    await assertWhole(path, folder);
    assert.deepEqual(asked.map(({ url }) => url), ["/file.npz", "/a", "/b"]);
  }));

Deno.test("downloadFile() ends at a redirect that goes round in a circle", () =>
  download(
    (_, response) => response.writeHead(302, { location: "/file.npz" }).end(),
    async ({ run }) => {
      await assert.rejects(run(), FetchError);
    },
  ));

Deno.test("downloadFile() tries again when the server is busy, not when there is no such file", async () => {
  const busy: Answer = (request, response, number) => {
    if (number < 3) response.writeHead(503).end("busy");
    else sendFile(FILE)(request, response, number);
  };
  await download(busy, async ({ run, path, folder }) => {
    await run();
    await assertWhole(path, folder);
  });
  await download((_, response) => response.writeHead(404).end(), async ({ run, asked, folder }) => {
    await assert.rejects(run(), /found the answer 404.*wanted the file.*name a mirror/);
    assert.equal(asked.length, 1);
    assert.deepEqual(await readdir(folder), []);
  });
});

Deno.test("downloadFile() refuses more bytes than the file has, and a part from elsewhere", async () => {
  await download(sendFile(FILE), async ({ run, folder }) => {
    await assert.rejects(run({ bytes: 1000 }), /found more than 1000 bytes/);
    await assert.rejects(run({ maxBytes: 2000 }), /found more than 2000 bytes/);
    assert.deepEqual(await readdir(folder), []);
  });
  const elsewhere: Answer = (request, response) => {
    if (request.headers.range === undefined) {
      sendFile(FILE, { cutAfter: 500 })(request, response, 1);
    } else {response.writeHead(206, { "content-range": "bytes 0-9/300000" }).end(
        FILE.subarray(0, 10),
      );}
  };
  await download(elsewhere, async ({ run }) => {
    await assert.rejects(run(), /found a part from byte 0, wanted one from 500/);
  });
});

Deno.test("downloadFile() stops at the signal and goes on later where it was", () =>
  download(
    (request, response, number) =>
      sendFile(FILE, number === 1 ? { stallAfter: 120_000 } : {})(request, response, number),
    async ({ run, path, folder, asked }) => {
      const controller = new AbortController();
      const onProgress = ({ bytes }: DownloadProgress) => {
        if (bytes >= 120_000) controller.abort();
      };
      await assert.rejects(run({ signal: controller.signal, onProgress }), { name: "AbortError" });
      assert.deepEqual(await readdir(folder), ["file.npz.part"]);
      assert.deepEqual(await run(), { received: FILE.length - 120_000 });
      await assertWhole(path, folder);
      assert.equal(asked[1].range, "bytes=120000-");
    },
  ));

Deno.test("downloadFile() says when nobody listens", () =>
  withFolder(async (folder) => {
    // Port 9 is closed here, and no request leaves the machine.
    const url = "http://127.0.0.1:9/file.npz";
    const options = { md5: md5(FILE), retryDelay: 1 };
    await assert.rejects(downloadFile(url, join(folder, "f"), options), FetchError);
  }));

const noSmallDisk = Deno.build.os !== "linux"
  ? "a file system of a given size needs Linux"
  : Deno.uid() !== 0
  ? "mounting a small file system needs root"
  : undefined;
testOrSkip(
  "downloadFile() on a full disk: refused before, or kept and gone on with",
  noSmallDisk,
  () =>
    withFolder(async (folder) => {
      const mount = (...options: string[]) =>
        assert.equal(spawnSync("mount", ["-t", "tmpfs", "-o", ...options, folder]).status, 0);
      mount("size=128k", "tmpfs");
      try {
        const path = join(folder, "file.npz"), options = { md5: md5(FILE), retryDelay: 1 };
        await withServer(sendFile(FILE), async (base, asked) => {
          await assert.rejects(downloadFile(`${base}f`, path, options), DiskFullError);
          assert.deepEqual(await readdir(folder), [], "not begun");
          assert.equal(asked.length, 1);
        });
        // Of a file that says no length, the disk is full in the middle.
        await withServer(sendFile(FILE, { chunked: true }), async (base, asked) => {
          await assert.rejects(downloadFile(`${base}f`, path, options), (error: Error) => {
            assert.ok(error instanceof DiskFullError, `${error}`);
            assert.match(error.message, /no room for .*\.part/);
            return true;
          });
          const kept = (await Deno.stat(`${path}.part`)).size;
          assert.ok(kept > 0 && kept < FILE.length);
          mount("remount,size=4m", "tmpfs");
          assert.deepEqual(await downloadFile(`${base}f`, path, options), {
            received: FILE.length - kept,
          });
          assert.equal(asked[1].range, `bytes=${kept}-`);
        });
        assert.equal(md5(await Deno.readFile(path)), md5(FILE));
      } finally {
        spawnSync("umount", [folder]);
      }
    }),
);

Deno.test("fetchData() names the nearest set, and for those by hand the steps", async () => {
  await assert.rejects(fetchData("retinamnst", { folder: "x" }), /Did you mean "retinamnist"/);
  await assert.rejects(fetchData("eyepacs", { folder: "/my data" }), (error: Error) => {
    assert.ok(error instanceof FetchError);
    assert.match(error.message, /kaggle\.json[^]*kaggle competitions download -c diabetic-ret/);
    assert.match(error.message, /\/my data\/eyepacs/);
    return true;
  });
});

Deno.test("fetchData() asks for the file by its name, and is not content with another one", () =>
  withFolder((folder) =>
    withServer(sendFile(FILE), async (base, asked) => {
      const options = { folder, baseUrl: `${base}mirror`, retryDelay: 1 };
      await assert.rejects(fetchData("retinamnist_64", options), /MD5 is not afda852c/);
      await assert.rejects(fetchData("retinamnist", options), FetchError); // 300000 of 3291041 bytes
      assert.match(asked[0].url, /^\/mirror\/retinamnist_64\.npz/);
    })
  ));

Deno.test("KNOWN_DATA: names, files and checksums are each other's", () => {
  const files = KNOWN_DATA.filter(({ source }) => source.kind === "file");
  assert.equal(files.length, 48);
  const sums = files.map(({ source }) => source.kind === "file" ? source.md5 : "");
  assert.ok(sums.every((sum) => /^[0-9a-f]{32}$/.test(sum)));
  assert.equal(new Set(sums).size, files.length);
  assert.equal(new Set(KNOWN_DATA.map(({ name }) => name)).size, KNOWN_DATA.length);
  const { source } = KNOWN_DATA.find(({ name }) => name === "retinamnist")!;
  assert.deepEqual(source, {
    kind: "file",
    baseUrl: "https://zenodo.org/records/10519652/files/",
    md5: "bd4c0672f1bba3e3a89f0e4e876791e4",
    bytes: 3291041,
  });
});

Deno.test("listData() tells what is here, absent, begun and of another size", () =>
  withFolder(async (folder) => {
    await Deno.writeFile(join(folder, "retinamnist.npz"), new Uint8Array(10));
    await Deno.writeFile(join(folder, "octmnist.npz"), new Uint8Array(20));
    await Deno.writeFile(join(folder, "bloodmnist.npz.part"), new Uint8Array(30));
    await Deno.mkdir(join(folder, "idrid"));
    await Deno.mkdir(join(folder, "mine"));
    await Deno.writeFile(join(folder, "mine.npz"), new Uint8Array(40));
    const listed = await listData(folder);
    const of = (name: string) => {
      const { status, bytes } = listed.find((one) => one.name === name)!;
      return [status, bytes];
    };
    assert.deepEqual(of("retinamnist"), ["damaged", 10]);
    assert.deepEqual(of("octmnist"), ["here", 20]);
    assert.deepEqual(of("bloodmnist"), ["partial", 30]);
    assert.deepEqual(of("breastmnist"), ["absent", null]);
    assert.deepEqual(of("idrid"), ["here", null]);
    assert.deepEqual(of("aptos2019"), ["absent", null]);
    assert.deepEqual([of("mine"), of("mine.npz")], [["here", null], ["here", 40]]);
    assert.ok((await listData(join(folder, "nowhere"))).every(({ status }) => status === "absent"));
  }));

Deno.test("loadData() calls the classes of a known file by their names", () =>
  withFolder(async (folder) => {
    const path = join(folder, "pneumoniamnist.npz");
    await Deno.writeFile(path, npz(medmnist()));
    assert.deepEqual((await loadData(path)).classes, ["normal", "pneumonia"]);
  }));
