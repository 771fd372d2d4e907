// A registry on this machine that has the package as it is packed now, and is npm's for all others.
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../src/_internal/run_command.ts";
import { packTarball } from "../_tools/pack_package.ts";

const NAME = "@qsight/qsight";

/** Hands over the address of a registry that has this package. */
export async function withPackageRegistry<T>(work: (registry: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-registry-"));
  const { stdout: other } = await runCommand(["npm", "config", "get", "registry"]);
  const path = await packTarball(folder);
  const tarball = new Uint8Array(await readFile(path));
  const manifest = await manifestOf(path);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (ask) => {
    const { pathname, origin } = new URL(ask.url);
    const path = decodeURIComponent(pathname.slice(1));
    if (path === NAME) return Response.json(packument(manifest, { tarball, origin }));
    if (path.startsWith(NAME)) return new Response(tarball);
    const answer = await fetch(new URL(pathname.slice(1), other.trim()), {
      headers: { accept: ask.headers.get("accept") ?? "*/*" },
    });
    return new Response(await answer.arrayBuffer(), { status: answer.status });
  });
  try {
    return await work(`http://127.0.0.1:${server.addr.port}/`);
  } finally {
    await server.shutdown();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Manifest {
  readonly version: string;
}

async function manifestOf(tarball: string): Promise<Manifest> {
  const print = await runCommand(["tar", "xzOf", tarball, "package/package.json"]);
  return JSON.parse(print.stdout);
}

/** What a registry answers about a package with one version. */
function packument(
  manifest: Manifest,
  { tarball, origin }: { readonly tarball: Uint8Array; readonly origin: string },
) {
  const { version } = manifest;
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const dist = { integrity, tarball: `${origin}/${NAME}/-/qsight-${version}.tgz` };
  return {
    name: NAME,
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, dist } },
  };
}
