import { existsSync } from "node:fs";
import { join } from "node:path";
import { ownModule } from "../_internal/own_module.ts";
import { runCommand } from "../_internal/run_command.ts";
import type { CommandResult } from "../_internal/run_command.ts";
import type { Scene } from "./scene.ts";

/** What a script of this room is called with. */
export interface ScriptOptions {
  readonly args?: readonly string[];
  readonly signal: AbortSignal;
  /** Milliseconds; the check that calls has a deadline of its own. @default {600000} */
  readonly timeout?: number;
}

/**
 * Runs a script of this room in a process of its own, where it may crash or hang, with the
 * configuration of the project.
 *
 * @param script path from this folder, such as `build/import_entry.ts`
 */
export async function runScript(
  scene: Scene,
  script: string,
  { args = [], signal, timeout = 600_000 }: ScriptOptions,
): Promise<CommandResult> {
  const file = ownModule(script, import.meta.url);
  return await runDeno(scene, ["run", "-A", "--no-check", ...configOption(scene), file, ...args], {
    signal,
    timeout,
  });
}

/** The configuration of the project; without one, none that lies above by chance. */
export function configOption({ folder }: Scene): string[] {
  const name = ["deno.json", "deno.jsonc"].find((entry) => existsSync(join(folder, entry)));
  return name === undefined ? ["--no-config"] : ["--config", join(folder, name)];
}

/** Runs Deno in the project's folder. */
export async function runDeno(
  { deno: find, folder, env }: Scene,
  args: readonly string[],
  { signal, timeout = 600_000 }: { readonly signal: AbortSignal; readonly timeout?: number },
): Promise<CommandResult> {
  const deno = await find();
  if (deno === undefined) {
    return { status: "absent", code: null, stdout: "", stderr: "Deno is not on PATH" };
  }
  const variables = Object.entries({ ...env, NO_COLOR: "1" })
    .filter((entry): entry is [string, string] => entry[1] !== undefined);
  return await runCommand([deno, ...args], {
    cwd: folder,
    env: Object.fromEntries(variables),
    signal,
    timeout,
  });
}

/** The lines of an error stream that say what went wrong, in at most so many characters. */
export function errorLine(stderr: string, most = 300): string {
  // Of Deno's own faults only the message is ours to tell.
  const said = stderr.split(/^Stack backtrace:$/m)[0];
  const lines = said.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  const at = lines.findIndex((line) => /\berror\b/i.test(line) && !/^warning/i.test(line));
  const text = lines.slice(at === -1 ? -2 : at, at === -1 ? undefined : at + 3).join(" ");
  const short = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  return short === "" ? "it wrote nothing to stderr" : short;
}
