// Every public name has documentation and only public types. `deno doc --lint` also reports what
// @tensorflow/tfjs leaves out in its own declarations; those lines are not ours to mend.
import { existsSync } from "node:fs";

const root = new URL("../../", import.meta.url);
const rooms = [...Deno.readDirSync(new URL("src", root))]
  .map(({ name }) => `src/${name}/mod.ts`)
  .filter((path) => existsSync(new URL(path, root)))
  .sort();

const { stderr } = new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", ...rooms],
  cwd: root,
  env: { NO_COLOR: "1" },
}).outputSync();
const faults = new TextDecoder().decode(stderr).split(/\n\n+(?=error\[)/)
  .filter((fault) => fault.startsWith("error["))
  .filter((fault) => /-->.*\/src\/[^\n]*/.test(fault) && !/-->.*node_modules/.test(fault));
for (const fault of faults) console.error(fault.split("\n").slice(0, 2).join("\n"));
console.error(`${faults.length} faults in the documentation of ${rooms.length} rooms`);
Deno.exit(faults.length === 0 ? 0 : 1);
