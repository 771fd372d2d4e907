// A mirror on this machine of the places that the install script of tfjs-node loads from.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../src/_internal/run_command.ts";

/** A running mirror. */
export interface Mirror {
  readonly url: string;
  /** The paths that were asked for, in order. */
  readonly asked: string[];
}

/**
 * Serves a small archive as TensorFlow's library and another as the binding; both hold text where
 * machine code should be. Paths that begin with /none are not there.
 */
export async function withMirror(work: (mirror: Mirror) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-mirror-"));
  const library = await archive(folder, ["lib/libtensorflow.so.2.9.1", "include/c_api.h"]);
  const binding = await archive(folder, ["napi-v8/tfjs_binding.node"]);
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    if (pathname.startsWith("/none")) return new Response("not here", { status: 404 });
    return new Response(pathname.includes("libtensorflow") ? library : binding);
  });
  try {
    await work({ url: `http://127.0.0.1:${server.addr.port}`, asked });
  } finally {
    await server.shutdown();
    await rm(folder, { recursive: true });
  }
}

async function archive(folder: string, files: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  for (const file of files) {
    await mkdir(join(folder, file, ".."), { recursive: true });
    await writeFile(join(folder, file), `in place of ${file}: no machine code at all\n`);
  }
  const target = join(folder, "archive.tar.gz");
  const { status, stderr } = await runCommand(["tar", "czf", target, ...files], { cwd: folder });
  if (status !== "ok") throw new Error(`tar: ${stderr}`);
  return new Uint8Array(await readFile(target));
}
