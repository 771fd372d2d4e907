import { absent, errorText, found, isMissing, type Probe, unknown } from "./probe.ts";

type ReadText = (path: string) => Promise<string>;

const ROOT = "/sys/fs/cgroup";

/** Version 1 writes "no limit" as the largest multiple of the page size below 2^63. */
const NO_LIMIT = 2 ** 60;

/** Processors' worth of time that the control groups of this process grant (version 2 or 1). */
export function probeCgroupCpu(readText: ReadText): Promise<Probe<number>> {
  return leastLimit(readText, "cpu", async (folder, version) => {
    if (version === 2) {
      const [quota, period] = (await readText(`${folder}/cpu.max`)).trim().split(/\s+/);
      return quota === "max" ? Infinity : share(Number(quota), Number(period ?? 100000));
    }
    const quota = Number(await readText(`${folder}/cpu.cfs_quota_us`));
    if (quota <= 0) return quota === -1 ? Infinity : NaN;
    return share(quota, Number(await readText(`${folder}/cpu.cfs_period_us`)));
  });
}

/** A period of 0 is broken, not endless time. */
function share(quota: number, period: number): number {
  return period > 0 ? quota / period : NaN;
}

/** Bytes of memory that the control groups of this process grant (version 2 or 1). */
export function probeCgroupMemory(readText: ReadText): Promise<Probe<number>> {
  return leastLimit(readText, "memory", async (folder, version) => {
    const file = version === 2 ? "memory.max" : "memory.limit_in_bytes";
    const text = (await readText(`${folder}/${file}`)).trim();
    const bytes = text === "max" ? Infinity : text === "" ? NaN : Number(text);
    return bytes >= NO_LIMIT ? Infinity : bytes;
  });
}

/** The least limit from the group of this process up to the root: each of them binds. */
async function leastLimit(
  readText: ReadText,
  controller: string,
  read: (folder: string, version: 1 | 2) => Promise<number>,
): Promise<Probe<number>> {
  let membership: string;
  try {
    membership = await readText("/proc/self/cgroup");
  } catch (error) {
    return isMissing(error)
      ? absent("No control groups on this system")
      : unknown(errorText(error));
  }
  let least = Infinity, where = "", fault = "";
  for (const { folder, version } of groupFolders(membership, controller)) {
    try {
      const limit = await read(folder, version);
      if (!(limit > 0)) fault = `${folder} holds no ${controller} limit that can be read`;
      else if (limit < least) [least, where] = [limit, folder];
    } catch (error) {
      // Inside a container the outer folders are not mounted: missing is not a fault.
      if (!isMissing(error)) fault = errorText(error);
    }
  }
  if (least < Infinity) return found(least, `Control group ${where}`);
  return fault === "" ? absent(`No control group limits ${controller}`) : unknown(fault);
}

/** Folders that may hold a limit: of each membership line, the group and all its parents. */
function groupFolders(membership: string, controller: string) {
  const folders: { folder: string; version: 1 | 2 }[] = [];
  for (const line of membership.split(/\r?\n/)) {
    const [id, controllers, path] = line.split(":");
    if (path === undefined) continue;
    const version = id === "0" && controllers === "" ? 2 : 1;
    if (version === 1 && !controllers.split(",").includes(controller)) continue;
    const base = version === 2 ? ROOT : `${ROOT}/${controllers}`;
    const parts = path.split("/").filter((part) => part !== "" && part !== "..");
    for (let depth = parts.length; depth >= 0; depth--) {
      folders.push({ folder: [base, ...parts.slice(0, depth)].join("/"), version });
    }
  }
  return folders;
}
