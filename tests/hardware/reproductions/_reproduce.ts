// Proves a row of the compatibility matrix: the fault shows its text, the text finds the row, and
// each tier alone cures it.
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type CommandResult, runCommand } from "../../../src/_internal/run_command.ts";
import { COMPATIBILITY_MATRIX } from "../../../src/hardware/compatibility/compatibility_matrix.ts";
import type { Fixes } from "../../../src/hardware/compatibility/compatibility_row.ts";
import { explainError } from "../../../src/hardware/compatibility/explain_error.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const DEADLINE = 300_000;

/** What a cured program prints last; a program that only does not fail has proved nothing. */
export const CURED = "cured";

/** Runs something and says how it ended. */
export type Attempt = () => Promise<Pick<CommandResult, "status" | "stdout" | "stderr">>;

/** A fault that can be had here, and what cures it. */
export interface Reproduction {
  /** Code of the row. */
  readonly row: string;
  /** The program without any remedy. */
  readonly fault: Attempt;
  /** The same program with one remedy each. */
  readonly tiers: { readonly [Tier in keyof Fixes]?: Attempt };
  /** Tiers that exist and cannot be tried here, and why. */
  readonly notHere?: { readonly [Tier in keyof Fixes]?: string };
  /** Why nothing can be tried on this machine. */
  readonly missing?: string;
  /** The fault is silent: it ends well and its output has this. */
  readonly silent?: RegExp;
}

/** Registers the tests of a reproduction. */
export function reproduce({ row: id, fault, tiers, notHere, missing, silent }: Reproduction): void {
  const row = COMPATIBILITY_MATRIX.find((candidate) => candidate.id === id);
  assert.ok(row, id);
  testOrSkip(`${id} shows itself and is found by what it prints`, missing, async () => {
    const { status, stdout, stderr } = await fault();
    const said = `${stdout}\n${stderr}`;
    assert.doesNotMatch(stdout, new RegExp(`^${CURED}$`, "m"));
    if (silent !== undefined) {
      assert.match(said, silent);
      return;
    }
    assert.equal(status, "failed", said);
    assert.equal(explainError(said)[0]?.row.id, id, said);
  });
  for (const name of ["configuration", "code", "environment"] as const) {
    const [tier, attempt] = [row.fixes[name], tiers[name]];
    if (attempt === undefined) continue;
    testOrSkip(`${id} is cured by its ${name} alone`, missing, async () => {
      assert.ok(tier.do, `the row says that there is no ${name}: ${tier.none}`);
      const { status, stdout, stderr } = await attempt();
      assert.equal(status, "ok", stderr);
      assert.match(stdout, new RegExp(`^${CURED}$`, "m"), stderr);
    });
  }
  Deno.test(`${id} has no tier that is neither tried nor excused`, () => {
    for (const name of ["configuration", "code", "environment"] as const) {
      const tried = tiers[name] !== undefined || notHere?.[name] !== undefined;
      assert.equal(row.fixes[name].do !== undefined, tried, name);
    }
    assert.ok(Object.keys({ ...tiers, ...notHere }).length >= 2);
  });
}

/** Writes files into a folder of their own from which Node finds the project's packages. */
export async function withFiles<T>(
  files: Readonly<Record<string, string>>,
  body: (folder: string) => Promise<T>,
  parent = join(ROOT, "node_modules", ".qsight-test"),
): Promise<T> {
  const folder = join(parent, crypto.randomUUID());
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Settings of a run. */
export interface RunSettings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program without colours; variables of Node are those that are given. */
export function run(
  command: readonly [string, ...string[]],
  { cwd, env = {} }: RunSettings = {},
): Promise<CommandResult> {
  const { NODE_OPTIONS: _, ...own } = process.env;
  const all = { ...own, NO_COLOR: "1", ...env } as Record<string, string>;
  return runCommand(command, { cwd, env: all, timeout: DEADLINE });
}

/** Runs Node. */
export function node(args: readonly string[], settings?: RunSettings): Promise<CommandResult> {
  return run(["node", ...args], settings);
}

/** Runs this Deno. */
export function deno(args: readonly string[], settings?: RunSettings): Promise<CommandResult> {
  return run([Deno.execPath(), ...args], settings);
}

/** Why Node's major version is not among some, or undefined when it is. */
export async function missingNode(...majors: readonly number[]): Promise<string | undefined> {
  const { status, stdout } = await node(["--version"]);
  if (status !== "ok") return "node is not on PATH";
  const major = Number(/^v(\d+)/.exec(stdout)?.[1]);
  return majors.includes(major)
    ? undefined
    : `node is ${stdout.trim()}, not ${majors.join(" or ")}`;
}
