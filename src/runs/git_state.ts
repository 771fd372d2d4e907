import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** Where the working tree stands. */
export interface GitState {
  /** Full commit hash. */
  readonly commit: string;
  /** Branch name, or null when none is checked out. */
  readonly branch: string | null;
}

/**
 * The commit that is checked out around a folder, read from the files of git without starting it;
 * null outside a repository, before the first commit, or when the files cannot be read.
 */
export async function readGitState(from: string): Promise<GitState | null> {
  try {
    const gitFolder = await findGitFolder(resolve(from));
    if (gitFolder === undefined) return null;
    const head = (await readFile(join(gitFolder, "HEAD"), "utf8")).trim();
    const ref = /^ref: (.+)$/.exec(head)?.[1];
    if (ref === undefined) return isCommit(head) ? { commit: head, branch: null } : null;
    // A linked working tree keeps HEAD for itself and shares the rest.
    const shared = await readText(join(gitFolder, "commondir"));
    const folders = [gitFolder, ...shared === undefined ? [] : [resolve(gitFolder, shared.trim())]];
    for (const folder of folders) {
      const commit = await readRef(folder, ref);
      if (commit !== undefined) return { commit, branch: ref.replace(/^refs\/heads\//, "") };
    }
    return null;
  } catch {
    return null;
  }
}

async function findGitFolder(from: string): Promise<string | undefined> {
  for (let folder = from;; folder = dirname(folder)) {
    const git = join(folder, ".git");
    const kind = await stat(git).catch(() => undefined);
    if (kind?.isDirectory()) return git;
    if (kind?.isFile()) {
      const target = /^gitdir: (.+)$/m.exec(await readFile(git, "utf8"))?.[1];
      return target === undefined ? undefined : resolve(folder, target.trim());
    }
    if (dirname(folder) === folder) return undefined;
  }
}

async function readRef(folder: string, ref: string): Promise<string | undefined> {
  const loose = (await readText(join(folder, ref)))?.trim();
  if (loose !== undefined && isCommit(loose)) return loose;
  const packed = await readText(join(folder, "packed-refs")) ?? "";
  const line = packed.split("\n").find((entry) => entry.endsWith(` ${ref}`));
  return line?.split(" ")[0];
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

function isCommit(text: string): boolean {
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text);
}
