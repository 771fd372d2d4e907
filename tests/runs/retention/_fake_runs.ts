import { createHash } from "node:crypto";
import type { Manifest } from "../../../src/runs/mod.ts";

/** What a fake run is like. */
export interface FakeRun {
  /** Days before {@linkcode NOW} at which it began and ended. */
  readonly age?: number;
  /** Content by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Figure of its ensemble; `null` for none. */
  readonly accuracy?: number | null;
  /** What else the manifest says. */
  readonly over?: Partial<Manifest>;
  /** Without a manifest. */
  readonly unended?: boolean;
  readonly hash?: string;
}

/** The time of all plans. */
export const NOW = new Date("2026-06-01T00:00:00.000Z");

/** Writes a run folder as a finished run leaves it, without waiting for the disk; gives its id. */
export function fakeRun(root: string, fake: FakeRun = {}): string {
  const { age = 1, files = { "reports/notes.txt": "notes" }, accuracy = null, over = {} } = fake;
  const time = new Date(NOW.getTime() - age * 86_400_000).toISOString();
  const stamp = time.replace(/[-:Z]/g, "").replace(/[T.]/g, "-");
  const hash = fake.hash ?? sha(JSON.stringify(fake)).slice(0, 8);
  const id = `${stamp}-${hash}`;
  const all = { "config.json": "{}\n", ...files };
  for (const [path, content] of Object.entries(all)) {
    const file = `${root}/${id}/${path}`;
    Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(file, content);
  }
  if (fake.unended) return id;
  const manifest: Manifest = {
    ...{ schema: "qsight.run/1", kind: "run", id, name: null, status: "finished" },
    ...{ synthetic: true, seed: 1, config: {}, configSha256: sha("{}\n"), git: null },
    ...{ versions: { qsight: "0.1.0" }, hardware: null, backend: { chosen: "wasm" } },
    ...{ backendChanged: null, data: { name: "synthetic" }, lock: null },
    ...{ started: time, ended: time, duration: { estimatedSeconds: null, actualSeconds: 65 } },
    facts: accuracy === null ? {} : { metrics: { ensemble: { accuracy: { value: accuracy } } } },
    notes: [],
    files: Object.entries(all).sort(([a], [b]) => a < b ? -1 : 1).map(([path, content]) => ({
      path,
      bytes: new TextEncoder().encode(content).length,
      sha256: sha(content),
    })),
    ...over,
  };
  Deno.writeTextFileSync(`${root}/${id}/manifest.json`, JSON.stringify(manifest, null, 2) + "\n");
  return id;
}

/** Names the newest finished run, as `finish()` does. */
export function setLatest(root: string, id: string): void {
  Deno.writeTextFileSync(`${root}/latest`, `${id}\n`);
}

/** All that stands below a folder: content of files, targets of links, folders. */
export function snapshot(folder: string, prefix = ""): Record<string, string> {
  const out: Record<string, string> = {};
  for (const { name, isDirectory, isSymlink } of Deno.readDirSync(folder)) {
    const [path, key] = [`${folder}/${name}`, prefix + name];
    if (isSymlink) out[key] = `-> ${Deno.readLinkSync(path)}`;
    else if (isDirectory) {
      out[`${key}/`] = "";
      Object.assign(out, snapshot(path, `${key}/`));
    } else out[key] = sha(Deno.readFileSync(path));
  }
  return out;
}

/** SHA-256 in hexadecimal. */
export function sha(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
