// The commands of docs/permissions.md are taken from there: they run, and without any item they do not.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CommandResult, runCommand } from "../../src/_internal/run_command.ts";
import { fixture } from "../runner/_fixture.ts";
import { onlyRun, SMALL } from "./_small_training.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = await readFile(join(ROOT, "docs", "permissions.md"), "utf8");

/** The permissions of a command: by name the items, none for a permission without a list. */
function permissionsOf(command: string): Map<string, readonly string[]> {
  const [, block] = PAGE.match(new RegExp(`## qsight ${command}\n\n\`\`\`sh\n([^\`]+)\`\`\``)) ??
    [];
  assert.ok(block !== undefined, command);
  const flags = block.matchAll(/--allow-(\w+)(?:=(\S+))?/g);
  return new Map(Array.from(flags, ([, name, items]) => [name, items?.split(",") ?? []]));
}

/** Each way to leave out one item, or the whole of a permission that has no list. */
function without(permissions: ReadonlyMap<string, readonly string[]>) {
  return [...permissions].flatMap(([name, items]) =>
    (items.length === 0 ? [undefined] : items).map((item) => {
      const rest = new Map(permissions);
      const kept = items.filter((other) => other !== item);
      if (kept.length === 0) rest.delete(name);
      else rest.set(name, kept);
      return { name, item, rest };
    })
  );
}

function run(
  permissions: ReadonlyMap<string, readonly string[]>,
  args: readonly string[],
): Promise<CommandResult> {
  const flags = [...permissions].map(([name, items]) =>
    items.length === 0 ? `--allow-${name}` : `--allow-${name}=${items.join()}`
  );
  const command = [Deno.execPath(), "run", "--no-prompt", "--no-check", ...flags] as const;
  const all: [string, ...string[]] = [...command, "src/cli/main.ts", ...args];
  return runCommand(all, { cwd: ROOT, timeout: 300_000 });
}

async function inFolder(work: (folder: string) => Promise<void>) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "qsight-test-")));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

Deno.test("qsight train needs the permissions of docs/permissions.md, and no others", async (t) => {
  await inFolder(async (out) => {
    const permissions = permissionsOf("train");
    permissions.set("read", [...permissions.get("read")!, out]);
    permissions.set("write", [out]);
    const train = ["train", ...SMALL, "--out", out];
    const { code, stderr } = await run(permissions, train);
    assert.equal(code, 0, stderr);
    const manifest = JSON.parse(await readFile(join(await onlyRun(out), "manifest.json"), "utf8"));
    assert.equal(manifest.kind, "run");
    for (const { name, item, rest } of without(permissions)) {
      await t.step(`not without ${name} ${item ?? ""}`, async () => {
        const before = await readdir(out);
        const { code, stderr } = await run(rest, train);
        assert.notEqual(code, 0);
        assert.match(stderr, new RegExp(`Requires ${name} access|--allow-${name}`));
        // Only where an older checkpoint is removed the training has begun: a run that was stopped.
        const left = (await readdir(out)).filter((entry) => !before.includes(entry));
        const isRun = (entry: string) => item === "uid" && /^\.?\d{8}-/.test(entry);
        assert.deepEqual(left.filter((entry) => !isRun(entry)), [], "nothing is left");
      });
    }
  });
});

Deno.test("qsight test needs the permissions of docs/permissions.md, and no others", async (t) => {
  await inFolder(async (folder) => {
    const permissions = permissionsOf("test");
    const notebook = join(folder, "ok.ipynb");
    await Deno.copyFile(fixture("ok"), notebook);
    // The notebook stands in a folder for temporary files here.
    permissions.set("write", [tmpdir()]);
    permissions.set("run", ["sh", Deno.execPath()]);
    const test = ["test", notebook];
    const { code, stdout, stderr } = await run(permissions, test);
    assert.equal(code, 0, stdout + stderr);
    assert.doesNotMatch(stdout + stderr, /not checked/);
    for (const { name, item, rest } of without(permissions)) {
      await t.step(`not without ${name} ${item ?? ""}`, async () => {
        const { code, stdout, stderr } = await run(rest, test);
        const said = stdout + stderr;
        // The one thing that is left out where it is not allowed, and says so.
        if (code === 0) assert.match(said, /Types not checked/);
        assert.match(said, new RegExp(`Requires ${name} access|--allow-${name}`));
      });
    }
  });
});

Deno.test("qsight test --max-memory says that it needs all permissions", async () => {
  const permissions = permissionsOf("test").set("run", ["sh", Deno.execPath()]);
  const limit = ["test", fixture("ok"), "--max-memory", "2000", "--no-check-types"];
  const { code, stdout, stderr } = await run(permissions, limit);
  assert.notEqual(code, 0);
  if (Deno.build.os === "linux") assert.match(stdout + stderr, /Start with -A, or leave the limit/);
});
