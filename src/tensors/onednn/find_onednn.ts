import process from "node:process";
import type { Finding } from "../finding.ts";
import { foreignInterface } from "./foreign_interface.ts";
import { MAJOR, Onednn, openOnednn } from "./onednn.ts";

/** Where oneDNN is looked for, and how it is to work. */
export interface OnednnOptions {
  /**
   * Path of the library. @default {undefined} what the environment variable QSIGHT_ONEDNN says, or
   * libdnnl.so.2 where the system's loader looks
   */
  readonly library?: string;
  /** Threads that it computes with. Results differ in their last digits with it. @default {1} */
  readonly threads?: number;
}

/** The variable that names a library, or that is "off". */
const VARIABLE = "QSIGHT_ONEDNN";

/** By system, the names that the loader is asked for; the first is the one that is wanted. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  linux: ["libdnnl.so.2", "libdnnl.so.3", "libdnnl.so"],
  darwin: ["libdnnl.2.dylib", "libdnnl.dylib"],
  win32: ["dnnl.dll"],
};

/** An open oneDNN, or why there is none. */
export async function findOnednn(
  { library, threads = 1 }: OnednnOptions = {},
  { variable = readVariable(VARIABLE), getInterface = foreignInterface }: {
    /** What the environment variable says. */
    readonly variable?: string;
    readonly getInterface?: typeof foreignInterface;
  } = {},
): Promise<Onednn | Finding> {
  if (library === undefined && variable === "off") {
    return { status: "refused", reason: `the environment variable ${VARIABLE} is "off"` };
  }
  const unable = unableProcessor(process.arch);
  if (unable !== undefined) return { status: "refused", reason: unable };
  const given = library ?? variable;
  const paths = given === undefined ? NAMES[process.platform] ?? [] : [given];
  const faults: Finding[] = [];
  for (const path of paths) {
    const foreign = await getInterface(path);
    if ("status" in foreign) return foreign;
    const found = openOnednn(foreign, { path, threads });
    if (found instanceof Onednn) return found;
    if (found.status === "refused") return found;
    faults.push(found);
  }
  const hint = given === undefined ? " (Debian and Ubuntu: apt-get install libdnnl2)" : "";
  const said = faults[0]?.reason ?? `no name of it is known for ${process.platform}`;
  return { status: "absent", reason: `oneDNN ${MAJOR}.x is not found${hint}: ${said}` };
}

/** Elsewhere oneDNN 2 has little more than code without the processor's vectors. */
function unableProcessor(arch: string): string | undefined {
  if (arch === "x64") return undefined;
  return `oneDNN ${MAJOR}.x is fast on x64 processors only, and this one is ${arch}`;
}

function readVariable(name: string): string | undefined {
  try {
    return process.env[name] || undefined;
  } catch {
    // A Deno process without --allow-env.
    return undefined;
  }
}
