import process from "node:process";
import { runCommand } from "../../_internal/run_command.ts";
import type { MachineCheck } from "./check_native_machine.ts";
import { explainNativeFault, findNativeFault } from "./native_faults.ts";
import type { NativePackage } from "./native_package.ts";

/** What a native package did in a process of its own. */
export interface NativeTrial {
  /** What went wrong, explained; undefined when it computed. */
  readonly fault: string | undefined;
  /** Whether its operations run on a GPU. */
  readonly gpu: boolean;
  /** Version of TensorFlow's library. */
  readonly library: string;
  /** All that native code printed. */
  readonly log: string;
}

/** Asks what the machine has of what the package demands. */
type MachineCheckup = () => Promise<readonly MachineCheck[]>;

/** A GPU that is newer than the library compiles for minutes at its first start. */
const DEADLINE = 300_000;

const MARK = "qsight-native-trial:";

/** Loads the package at the folder in its last argument, multiplies, and says what it saw. */
const SCRIPT = `
import { createRequire } from "node:module";
import process from "node:process";
import util from "node:util";
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const say = (facts) => process.stdout.write("\\n${MARK}" + JSON.stringify(facts) + "\\n");
try {
  const folder = FOLDER;
  const tf = createRequire(folder + "/package.json")(folder);
  const backend = tf.backend();
  const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]]));
  const value = product.dataSync()[0];
  if (value !== 11) throw new Error("a matrix product gave " + value + " instead of 11");
  say({ gpu: backend.isUsingGpuDevice === true, library: backend.binding?.TF_Version ?? "unknown" });
} catch (error) {
  say({ fault: String(error?.message ?? error), stack: String(error?.stack ?? "") });
}
`;

/**
 * Tries a native package in a process of its own: a missing instruction or a broken library ends
 * that process and not this one, and what native code prints can be read there.
 */
export async function tryNativePackage(
  { folder }: NativePackage,
  check: MachineCheckup,
): Promise<NativeTrial> {
  const script = SCRIPT.replace("FOLDER", JSON.stringify(folder));
  const command = "deno" in process.versions
    ? ["eval", "--no-config", "--no-lock", script]
    : ["--input-type=module", "--eval", script];
  const result = await runCommand([process.execPath, ...command], { timeout: DEADLINE });
  const { status, code, stdout, stderr } = result;
  const said = stdout.split("\n").findLast((line) => line.startsWith(MARK));
  const log = `${stdout.split("\n").filter((line) => !line.startsWith(MARK)).join("\n")}${stderr}`;
  const nothing = { gpu: false, library: "unknown", log };
  if (status === "timeout") {
    return { ...nothing, fault: `it did not answer within ${DEADLINE / 1000} s` };
  }
  if (status === "absent") {
    return { ...nothing, fault: `it could not be tried in a process of its own: ${stderr}` };
  }
  if (said === undefined) return { ...nothing, fault: await crash(code, log, check) };
  const facts = JSON.parse(said.slice(MARK.length)) as Partial<NativeTrial> & { fault?: string };
  if (facts.fault !== undefined) {
    return { ...nothing, fault: explainNativeFault(`${facts.fault}\n${log}`) };
  }
  return { fault: undefined, gpu: facts.gpu === true, library: facts.library ?? "unknown", log };
}

/** A process that a signal has ended says nothing; what the machine lacks may explain it. */
async function crash(code: number | null, log: string, check: MachineCheckup): Promise<string> {
  const ending = `its process ended ${code === null ? "by a signal" : `with code ${code}`}`;
  if (findNativeFault(log) !== undefined) return `${ending}: ${explainNativeFault(log)}`;
  const unmet = (await check()).filter(({ ok }) => !ok)
    .map(({ wanted, found, fix }) => `it wants ${wanted}, and here is ${found}: ${fix}`);
  return [ending, ...unmet].join("; ");
}

/** The GPU's name as TensorFlow prints it when it makes the device. */
export function deviceInLog(log: string): string | undefined {
  return /device: \d+, name: ([^,\n]+)/.exec(log)?.[1].trim();
}
