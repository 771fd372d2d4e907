import { mkdtemp, readdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import { join } from "node:path";
import process from "node:process";
import { permissionState, requirePermission } from "../deno_permission.ts";
import { findPrograms, isExecutable } from "../find_programs.ts";
import { type HardwareSources, hostSources } from "../sources.ts";
import type { PermissionName } from "./environment_snapshot.ts";

/** Where the probes of the environment get their raw facts. Tests hand in captured ones. */
export interface EnvironmentSources
  extends Pick<HardwareSources, "readText" | "run" | "versions" | "now" | "sleep"> {
  /** As in `process.platform`; needs no permission. */
  os(): string;
  /** Names in a folder, or all paths below it; rejects with a code such as ENOENT. */
  listFolder(path: string, recursive?: boolean): Promise<readonly string[]>;
  /** Whether a file is there and may be executed. */
  isExecutable(file: string): Promise<boolean>;
  /** Files that a program's name stands for, in the order of PATH. */
  findPrograms(name: string): Promise<readonly string[]>;
  /** An environment variable; throws where it may not be read. */
  variable(name: string): string | undefined;
  /** The home folder. */
  home(): string;
  /** The folder that the process stands in. */
  cwd(): string;
  /** Size and room of the file system of a folder, in bytes. */
  fileSystem(folder: string): Promise<{ readonly totalBytes: number; readonly freeBytes: number }>;
  /** Makes, renames and removes a file in a folder; rejects where the system refuses. */
  tryWriting(folder: string): Promise<void>;
  /** Binds a loopback TCP port, lets it go, and says which it was. */
  bindPort(port: number): Promise<number>;
  /** How Deno stands to a kind of permission; undefined in another runtime. */
  permission(name: PermissionName): string | undefined;
}

/** This machine. */
export function hostEnvironment(): EnvironmentSources {
  const { readText, run, versions, now, sleep } = hostSources();
  return {
    readText,
    run,
    versions,
    now,
    sleep,
    findPrograms,
    isExecutable,
    bindPort,
    tryWriting,
    os: () => process.platform,
    async listFolder(path, recursive = false) {
      requirePermission({ name: "read", path }, `Listing ${path}`);
      return await readdir(path, { recursive });
    },
    variable(name) {
      requirePermission({ name: "env", variable: name }, `Reading the variable ${name}`);
      return process.env[name];
    },
    home() {
      requirePermission({ name: "sys", kind: "homedir" }, "Looking for the home folder");
      return os.homedir();
    },
    cwd() {
      requirePermission({ name: "read", path: "." }, "Reading the current folder");
      return process.cwd();
    },
    async fileSystem(folder) {
      requirePermission({ name: "read", path: folder }, `Looking at ${folder}`);
      requirePermission({ name: "sys", kind: "statfs" }, "Reading the size of a file system");
      const { bsize, blocks, bavail } = await statfs(folder);
      return { totalBytes: bsize * blocks, freeBytes: bsize * bavail };
    },
    permission: (name) => permissionState({ name }),
  };
}

async function tryWriting(folder: string): Promise<void> {
  requirePermission({ name: "read", path: folder }, `Looking at ${folder}`);
  requirePermission({ name: "write", path: folder }, `Writing to ${folder}`);
  // In a folder of its own, so that nothing is left of it whatever fails.
  const own = await mkdtemp(join(folder, ".qsight-trial-"));
  try {
    await writeFile(join(own, "a"), "trial");
    await rename(join(own, "a"), join(own, "b"));
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

function bindPort(port: number): Promise<number> {
  requirePermission({ name: "net", host: `127.0.0.1:${port}` }, `Binding 127.0.0.1:${port}`);
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.unref();
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });
}
