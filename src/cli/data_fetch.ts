import { relative, resolve } from "node:path";
import { fetchData } from "../data/fetch/fetch_data.ts";
import type { DownloadProgress } from "../data/fetch/download_options.ts";
import { FetchError } from "../data/fetch/fetch_error.ts";
import { openStatusLine } from "../display/status_line.ts";
import { DiskFullError } from "../_internal/disk_full_error.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { dataFolder } from "./data_folder.ts";
import { bytesText } from "./runs_format.ts";
import { parseCommand, textOption, UsageError } from "./usage.ts";

/** `qsight data fetch`: downloads public data sets by name. */
export async function dataFetchCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, {
    command: "data fetch",
    options: { output: { type: "string" }, "base-url": { type: "string" } },
  });
  const { positionals: names } = parsed;
  if (names.length === 0) {
    throw new UsageError("qsight data fetch: name a data set; qsight data list shows all");
  }
  const { cwd } = context, output = textOption(parsed, "output");
  const folder = output === undefined ? dataFolder(cwd) : resolve(cwd, output);
  const baseUrl = textOption(parsed, "base-url");
  if (baseUrl !== undefined && !URL.canParse(baseUrl)) {
    throw new UsageError(`--base-url ${baseUrl}: wanted an address, as https://mirror.org/files/`);
  }
  let code: number = EXIT.ok;
  for (const name of names) {
    const fetched = await fetchOne(name, { folder, baseUrl }, context);
    if (fetched === EXIT.interrupted) return fetched;
    code = Math.max(code, fetched);
  }
  return code;
}

async function fetchOne(
  name: string,
  { folder, baseUrl }: { readonly folder: string; readonly baseUrl: string | undefined },
  { cwd, stdout, stderr, isTerminal, signal }: CommandContext,
): Promise<number> {
  const line = openStatusLine({
    output: { write: (text) => stderr.write(text), isTTY: isTerminal, columns: stderr.columns },
  });
  const onProgress = (progress: DownloadProgress) => line.update(`${name}: ${howFar(progress)}`);
  try {
    const options = { folder, onProgress, signal, ...baseUrl !== undefined && { baseUrl } };
    const { path, received } = await fetchData(name, options);
    await line.close();
    const shown = relative(cwd, path) || path;
    stdout.write(
      `${shown}: ${received === 0 ? "was there already" : bytesText(received)}, MD5 is right\n` +
        `Check it with: qsight data check ${shown}\nTrain on it with: qsight train --data ${shown}\n`,
    );
    return EXIT.ok;
  } catch (error) {
    await line.close();
    if (error instanceof RangeError) throw new UsageError(`qsight data fetch: ${error.message}`);
    if (signal.aborted) {
      stderr.write(`${name}: stopped; the same command goes on where it was\n`);
      return EXIT.interrupted;
    }
    if (!(error instanceof FetchError || error instanceof DiskFullError)) throw error;
    stderr.write(`${error.name}: ${error.message}\n`);
    return EXIT.failures;
  }
}

function howFar({ bytes, total }: DownloadProgress): string {
  if (total === undefined) return bytesText(bytes);
  return `${bytesText(bytes)} of ${bytesText(total)} (${Math.floor(bytes / total * 100)} %)`;
}
