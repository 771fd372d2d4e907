// An empty project, and commands in it that take packages from a registry.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { type CommandResult, runCommand } from "../../src/_internal/run_command.ts";

/** A folder of its own, in which commands take packages from a registry. */
export class Project {
  constructor(readonly folder: string, readonly registry: string) {}

  /** Runs a command in the folder. */
  run(...command: [string, ...string[]]): Promise<CommandResult> {
    return this.runWith({}, command);
  }

  /** The same with more variables. */
  runWith(
    variables: Readonly<Record<string, string>>,
    command: readonly [string, ...string[]],
  ): Promise<CommandResult> {
    const PATH = `${dirname(Deno.execPath())}:${process.env.PATH}`;
    const env = { ...process.env as Record<string, string>, PATH, NO_COLOR: "1" };
    // The task that runs these tests says that its user stands in the clone.
    const own = { INIT_CWD: this.folder, NPM_CONFIG_REGISTRY: this.registry };
    return runCommand(command, {
      cwd: this.folder,
      env: { ...env, ...own, ...variables },
      timeout: 15 * 60_000,
    });
  }

  /** What a command prints that must succeed. */
  async out(...command: [string, ...string[]]): Promise<string> {
    const { status, stdout, stderr } = await this.run(...command);
    assert.equal(status, "ok", `${command.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Writes a file of the folder. */
  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.folder, name), text);
  }

  /** Runs a module in Node; the text of its error stream too. */
  async node(source: string): Promise<string> {
    await this.write("main.mjs", source);
    const { stdout, stderr } = await this.run("node", "main.mjs");
    return stdout + stderr;
  }
}

/** Runs something in an empty folder, which is gone afterwards. */
export async function inProject(registry: string, work: (project: Project) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "qsight-project-"));
  try {
    await work(new Project(folder, registry));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
