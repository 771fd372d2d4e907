import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { checkNativeMachine } from "../tensors/native/check_native_machine.ts";
import { formatBackendReport } from "../tensors/format_backend_report.ts";
import { NATIVE_VERSION, type NativeName } from "../tensors/native/native_package.ts";
import { openTensors } from "../tensors/open_tensors.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { InstallError, installNativePackage } from "./install_native.ts";
import { parseCommand, UsageError } from "./usage.ts";

const PACKAGES: Readonly<Record<string, NativeName>> = {
  gpu: "tfjs-node-gpu",
  node: "tfjs-node",
};

/** The options of `qsight install`, as parseArgs knows them. */
export const INSTALL_COMMAND_OPTIONS = { force: { type: "boolean" } } as const;

/** `qsight install`: checks the machine, installs a native backend, opens it and says how it is. */
export async function installCommand(args: string[], context: CommandContext): Promise<number> {
  const { values, positionals: [kind, ...more] } = parseCommand(args, {
    command: "install",
    options: INSTALL_COMMAND_OPTIONS,
  });
  if (kind === undefined || !Object.hasOwn(PACKAGES, kind) || more.length > 0) {
    throw new UsageError(
      `qsight install: wanted gpu or node, found "${[kind, ...more].join(" ")}"`,
    );
  }
  const name = PACKAGES[kind];
  if (!await machineWillDo(name, context) && values.force !== true) {
    context.stderr.write("Nothing was installed; --force does it all the same.\n");
    return EXIT.failures;
  }
  const project = projectFolder(context.cwd);
  context.stderr.write("Installing; the library has some hundred megabytes …\n");
  let folder: string;
  try {
    folder = await installNativePackage(name, { project, signal: context.signal });
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    context.stderr.write(`${error.message}.\n`);
    return context.signal.aborted ? EXIT.interrupted : EXIT.failures;
  }
  return await openInstalled(name, { project, folder, context });
}

/** Shows each demand, met or not, with what to do. */
async function machineWillDo(name: NativeName, context: CommandContext): Promise<boolean> {
  const checks = await checkNativeMachine(name);
  context.stdout.write(`@tensorflow/${name} ${NATIVE_VERSION} on this machine\n`);
  for (const { wanted, ok, found, fix } of checks) {
    const mend = ok ? "" : `\n        ${fix}`;
    context.stdout.write(`  ${ok ? "ok  " : "FAIL"}  ${wanted}: ${found}${mend}\n`);
  }
  return checks.every(({ ok }) => ok);
}

interface Installed {
  readonly project: string;
  readonly folder: string;
  readonly context: CommandContext;
}

async function openInstalled(
  name: NativeName,
  { project, folder, context }: Installed,
): Promise<number> {
  const before = process.cwd();
  // Native packages are looked for from the working folder.
  process.chdir(project);
  try {
    const { report } = await openTensors({ require: name });
    context.stdout.write(`\n${formatBackendReport(report)}\n`);
    return EXIT.ok;
  } catch (error) {
    const { message } = error as Error;
    context.stderr.write(
      `Installed in ${folder}, but it does not compute.\n${message}.\n` +
        `openTensors() goes on with another backend; remove the folder to be rid of it.\n`,
    );
    return EXIT.failures;
  } finally {
    process.chdir(before);
  }
}

/** The nearest folder above that is a project, or the folder itself. */
function projectFolder(cwd: string): string {
  for (let folder = cwd;; folder = dirname(folder)) {
    const names = ["deno.json", "deno.jsonc", "package.json", "node_modules"];
    if (names.some((name) => existsSync(join(folder, name)))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}
