import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { ARCHIVES } from "../runs/retention/archive_run.ts";
import { restoreRun } from "../runs/retention/restore_run.ts";
import { checkWritable } from "./check_writable.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { rootOption } from "./runs_options.ts";
import { parseCommand, UsageError } from "./usage.ts";

/** `qsight runs restore`: unpacks an archived run and verifies it. */
export async function runsRestoreCommand(
  args: string[],
  context: CommandContext,
): Promise<number> {
  const parsed = parseCommand(args, {
    command: "runs restore",
    options: { root: { type: "string" } },
  });
  if (parsed.positionals.length !== 1) {
    throw new UsageError(
      `qsight runs restore: wanted one archive, found ${parsed.positionals.length}; name a file or ` +
        `the id of an archived run`,
    );
  }
  const [name] = parsed.positionals;
  const root = rootOption(parsed, context);
  const places = [resolve(context.cwd, name), join(root, ARCHIVES, `${name}.tar.gz`)];
  const archive = places.find((place) => existsSync(place));
  if (archive === undefined) {
    throw new UsageError(`qsight runs restore: found neither ${places[0]} nor ${places[1]}`);
  }
  await checkWritable({ option: "qsight runs restore: --root", path: root, kind: "folder" });
  const folder = await restoreRun(archive, root);
  context.stdout.write(`${relative(context.cwd, folder) || folder} is restored and verified\n`);
  return EXIT.ok;
}
