import { statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf } from "../_internal/message_of.ts";
import { initProject } from "../doctor/templates/init_project.ts";
import type { PlannedFile } from "../doctor/templates/template.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { parseCommand, textOption, UsageError } from "./usage.ts";

/** The options of `qsight init`, as parseArgs knows them. */
export const INIT_COMMAND_OPTIONS = {
  dir: { type: "string" },
  qsight: { type: "string" },
  npm: { type: "boolean" },
} as const;

const WORDS: Readonly<Record<PlannedFile["action"], string>> = {
  "write": "written",
  "merge": "added to",
  "keep": "kept",
  "leave out": "left out",
};

/** `qsight init`: makes a folder a project, and keeps what is there. */
export async function initCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, { command: "init", options: INIT_COMMAND_OPTIONS });
  const [extra] = parsed.positionals;
  if (extra !== undefined) {
    throw new UsageError(`qsight init: found "${extra}", wanted options only; --dir ${extra}?`);
  }
  const folder = resolve(context.cwd, textOption(parsed, "dir") ?? ".");
  const spec = textOption(parsed, "qsight");
  const qsight = spec === undefined ? undefined : qsightAddress(spec, context.cwd);
  let files: readonly PlannedFile[];
  try {
    files = await initProject(folder, { qsight, npm: parsed.values.npm === true });
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === undefined) throw error;
    context.stderr.write(`qsight init: ${messageOf(error)}; choose another folder with --dir\n`);
    return EXIT.failures;
  }
  const width = Math.max(...Object.values(WORDS).map((word) => word.length));
  for (const { path, action, reason, drift } of files) {
    const why = reason === undefined ? "" : `: ${reason}`;
    context.stdout.write(`${WORDS[action].padEnd(width)}  ${relative(folder, path)}${why}\n`);
    for (const line of drift) context.stdout.write(`${" ".repeat(width)}    ${line}\n`);
  }
  if (files.some(({ content }) => content !== undefined)) {
    const near = relative(context.cwd, folder);
    const go = near === "" ? "" : `cd ${near.startsWith("..") ? folder : near} && `;
    context.stdout.write(`\nNext: ${go}deno install && deno task qsight doctor\n`);
  }
  return EXIT.ok;
}

/** The address of a folder with QSight, or the specifier as it stands. */
function qsightAddress(spec: string, cwd: string): string {
  if (spec.startsWith("npm:")) return spec;
  const folder = resolve(cwd, spec);
  const entry = join(folder, "mod.ts");
  if (statSync(entry, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new UsageError(
      `qsight init: --qsight ${spec}: found no mod.ts there; wanted a folder with QSight, or npm:…`,
    );
  }
  return pathToFileURL(join(folder, "/")).href;
}
