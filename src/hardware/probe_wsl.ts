import { absent, errorText, found, isMissing, type Probe, unknown } from "./probe.ts";

const RELEASE = "/proc/sys/kernel/osrelease";

/** Which Windows Subsystem for Linux this is, by the name of its kernel. */
export async function probeWsl(
  readText: (path: string) => Promise<string>,
): Promise<Probe<"WSL1" | "WSL2">> {
  let release: string;
  try {
    release = (await readText(RELEASE)).trim();
  } catch (error) {
    return isMissing(error) ? absent("No Linux kernel") : unknown(errorText(error));
  }
  if (release === "") return unknown(`${RELEASE} is empty`);
  // Version 1 calls itself "4.4.0-19041-Microsoft", version 2 "…-microsoft-standard-WSL2".
  if (/microsoft-standard|wsl2/i.test(release)) return found("WSL2", `Kernel ${release}`);
  return /microsoft/i.test(release)
    ? found("WSL1", `Kernel ${release}`)
    : absent(`Kernel ${release} is not Microsoft's`);
}
