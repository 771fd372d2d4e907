import assert from "node:assert/strict";
import { readGitState } from "../../src/runs/mod.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { inRoot, smallRun } from "./_temporary_root.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

async function repository(root: string, files: Record<string, string>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(`${root}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${root}/${path}`, text);
  }
  return root;
}

Deno.test("readGitState() reads a loose branch, from a folder inside the repository too", () =>
  inRoot(async (root) => {
    await repository(root, {
      ".git/HEAD": "ref: refs/heads/main\n",
      ".git/refs/heads/main": `${COMMIT}\n`,
      "src/deep/x": "",
    });
    const expected = { commit: COMMIT, branch: "main" };
    assert.deepEqual(await readGitState(root), expected);
    assert.deepEqual(await readGitState(`${root}/src/deep`), expected);
  }));

Deno.test("readGitState() reads packed branches and a detached head", () =>
  inRoot(async (root) => {
    await repository(root, {
      ".git/HEAD": "ref: refs/heads/feature/x\n",
      ".git/packed-refs": `# pack-refs\n${
        "f".repeat(40)
      } refs/heads/x\n${COMMIT} refs/heads/feature/x\n`,
    });
    assert.deepEqual(await readGitState(root), { commit: COMMIT, branch: "feature/x" });
    await Deno.writeTextFile(`${root}/.git/HEAD`, `${COMMIT}\n`);
    assert.deepEqual(await readGitState(root), { commit: COMMIT, branch: null });
  }));

Deno.test("readGitState() reads a linked working tree", () =>
  inRoot(async (root) => {
    await repository(root, {
      "main/.git/refs/heads/topic": `${COMMIT}\n`,
      "main/.git/worktrees/tree/HEAD": "ref: refs/heads/topic\n",
      "main/.git/worktrees/tree/commondir": "../..\n",
      "tree/.git": `gitdir: ${root}/main/.git/worktrees/tree\n`,
    });
    assert.deepEqual(await readGitState(`${root}/tree`), { commit: COMMIT, branch: "topic" });
  }));

Deno.test("readGitState() is null before the first commit and for a broken repository", () =>
  inRoot(async (root) => {
    await repository(root, { ".git/HEAD": "ref: refs/heads/main\n" });
    assert.equal(await readGitState(root), null);
    await Deno.writeTextFile(`${root}/.git/HEAD`, "garbage");
    assert.equal(await readGitState(root), null);
    await Deno.remove(`${root}/.git/HEAD`);
    assert.equal(await readGitState(root), null);
  }));

Deno.test("openRun() notes no commit outside a repository", () =>
  inRoot(async (root) => {
    await Deno.mkdir(`${root}/outside`);
    const run = await smallRun(root, { source: `${root}/outside` });
    assert.equal((await run.finish()).git, null);
  }));

testOrSkip(
  "readGitState() agrees with git itself",
  missingProgram("git"),
  () =>
    inRoot(async (root) => {
      const git = async (...args: string[]) => {
        const identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        const { stdout, success } = await new Deno.Command("git", {
          args: ["-C", root, ...identity, ...args],
        }).output();
        assert.ok(success, args.join(" "));
        return new TextDecoder().decode(stdout).trim();
      };
      await git("init", "-q", "-b", "trunk");
      await git("commit", "-q", "--allow-empty", "-m", "first");
      const expected = { commit: await git("rev-parse", "HEAD"), branch: "trunk" };
      assert.deepEqual(await readGitState(root), expected);
      await git("pack-refs", "--all");
      assert.deepEqual(await readGitState(root), expected);
    }),
);
