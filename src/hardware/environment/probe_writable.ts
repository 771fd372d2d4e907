import { isNotGranted } from "../deno_permission.ts";
import { absent, errorText, found, type Probe } from "../probe.ts";
import type { EnvironmentSources } from "./environment_sources.ts";

/**
 * Whether files can be made, renamed and removed in a folder, by doing it: permission bits say
 * nothing of a file system that is full, read-only or somebody else's.
 */
export async function probeWritable(
  folder: string,
  { tryWriting }: Pick<EnvironmentSources, "tryWriting">,
): Promise<Probe<string>> {
  try {
    await tryWriting(folder);
  } catch (error) {
    if (isNotGranted(error)) throw error;
    return absent(`${folder} cannot be written: ${errorText(error)}`);
  }
  return found(folder, "A file was made, renamed and removed there");
}
