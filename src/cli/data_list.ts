import { relative } from "node:path";
import { listData, type ListedData } from "../data/fetch/list_data.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { dataFolder } from "./data_folder.ts";
import { bytesText, columns } from "./runs_format.ts";
import { parseCommand, UsageError } from "./usage.ts";

/** `qsight data list`: what is known by name, and what is on disk. */
export async function dataListCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, {
    command: "data list",
    options: { json: { type: "boolean" } },
  });
  if (parsed.positionals.length > 0) {
    throw new UsageError(
      `qsight data list: found ${parsed.positionals[0]}, wanted options only; QSIGHT_DATA names ` +
        "another folder",
    );
  }
  const folder = dataFolder(context.cwd), data = await listData(folder);
  if (parsed.values.json === true) {
    const rows = data.map(({ known, ...row }) => ({
      ...row,
      licence: known?.licence ?? null,
      fetch: known === undefined ? null : known.source.kind,
    }));
    context.stdout.write(
      `${JSON.stringify({ schema: "qsight.data/1", folder, data: rows }, null, 2)}\n`,
    );
    return EXIT.ok;
  }
  // The larger sizes of MedMNIST are many, and told in one line unless they are there.
  const shown = data.filter(({ name, status }) => status !== "absent" || !/_\d+$/.test(name));
  const rows = shown.map((row) => [row.name, statusText(row), row.known?.licence ?? "", row.about]);
  context.stdout.write(
    `Data in ${relative(context.cwd, folder) || "."} (QSIGHT_DATA names another folder)\n\n` +
      columns(["name", "on disk", "licence", "what"], rows) +
      "\nMedMNIST also has NAME_64, NAME_128 and NAME_224, with images of that size\n" +
      "Get one with qsight data fetch NAME; for those by hand it says how\n",
  );
  return EXIT.ok;
}

function statusText({ status, bytes, known }: ListedData): string {
  const size = bytes === null ? "" : ` ${bytesText(bytes)}`;
  if (status === "absent") return known?.source.kind === "hand" ? "no, by hand" : "no";
  if (status === "here") return `yes${size}`;
  return status === "partial" ? `a part,${size}` : `damaged,${size}`;
}
