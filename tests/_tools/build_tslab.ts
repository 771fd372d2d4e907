// Puts the npm package below node_modules, where tslab and Node find "@qsight/qsight" with its types
// from any folder of this project. Deno goes on taking the sources.
import { cp, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { withPackage } from "./pack_package.ts";

const target = fileURLToPath(new URL("../../node_modules/@qsight/qsight", import.meta.url));
await withPackage(async (folder) => {
  await rm(target, { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true });
  await cp(folder, target, { recursive: true });
});
console.log(target);
