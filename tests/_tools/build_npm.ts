// Writes the npm package to out/, which git ignores: `npm publish out/qsight-qsight-VERSION.tgz`.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { packTarball } from "./pack_package.ts";

const out = fileURLToPath(new URL("../../out/", import.meta.url));
await mkdir(out, { recursive: true });
console.log(await packTarball(out));
