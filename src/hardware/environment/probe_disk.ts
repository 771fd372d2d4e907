import { absent, errorText, found, isMissing, type Probe, unknown } from "../probe.ts";
import type { DiskFacts } from "./environment_snapshot.ts";
import type { EnvironmentSources } from "./environment_sources.ts";

/** Room on the file system of a folder. */
export async function probeDisk(
  folder: string,
  { fileSystem }: Pick<EnvironmentSources, "fileSystem">,
): Promise<Probe<DiskFacts>> {
  try {
    const { totalBytes, freeBytes } = await fileSystem(folder);
    // Written so that NaN is not believed either.
    if (!(totalBytes > 0 && freeBytes >= 0)) {
      return unknown(`The file system of ${folder} tells no size`);
    }
    return freeBytes <= totalBytes
      ? found({ folder, totalBytes, freeBytes }, "Told by its file system")
      : unknown(`The file system of ${folder} says ${freeBytes} of ${totalBytes} bytes are free`);
  } catch (error) {
    return isMissing(error) ? absent(`${folder} does not exist`) : unknown(errorText(error));
  }
}
