import { copyFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { CURED, deno, reproduce, withFiles } from "./_reproduce.ts";

const NAME = "libqsight-probe.so";

/** Any library of this process will do, under a name that the loader does not know. */
async function someLibrary(): Promise<string | undefined> {
  const maps = await Deno.readTextFile("/proc/self/maps").catch(() => "");
  return /\S+\/libm\.so\.6/.exec(maps)?.[0];
}
const library = await someLibrary();

/** Opens the library by `path`; with `late` the program sets the variable itself, before. */
const open = (path: (folder: string) => string, { late = false, early = false } = {}) => () =>
  withFiles({
    "main.js": `const [path, folder] = Deno.args;
      if (${late}) Deno.env.set("LD_LIBRARY_PATH", folder);
      Deno.dlopen(path, {}).close();
      console.log("${CURED}");`,
  }, async (folder) => {
    await copyFile(library ?? "", join(folder, NAME));
    const env = early ? { LD_LIBRARY_PATH: folder } : undefined;
    return await deno(["run", "-A", join(folder, "main.js"), path(folder), folder], { env });
  }, tmpdir());

reproduce({
  row: "QC511",
  missing: library === undefined ? `no library to copy on ${process.platform}` : undefined,
  fault: open(() => NAME, { late: true }),
  tiers: {
    configuration: open(() => NAME, { early: true }),
    code: open((folder) => join(folder, NAME), { late: true }),
  },
  notHere: { environment: "ldconfig changes the machine" },
});
