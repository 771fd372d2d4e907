import { mkdir, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CURED, missingNode, node, reproduce, ROOT, withFiles } from "./_reproduce.ts";

/** What tslab does with a cell before it runs it: types are checked where the kernel stands. */
const CHECK = `const { realpathSync } = require("node:fs");
const tslab = realpathSync(${JSON.stringify(join(ROOT, "node_modules/tslab"))});
const { createConverter } = require(tslab + "/dist/converter.js");
const converter = createConverter({ isJS: false, cwd: process.cwd() });
const { diagnostics, output } = converter.convert("", process.argv[2]);
converter.close();
for (const { messageText } of diagnostics) console.error(messageText);
if (output) console.log("${CURED}"); else process.exitCode = 1;`;

interface Cell {
  readonly cell: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Folder in which the kernel stands. */
  readonly where?: string;
  /** Makes the project's types of Node known there. */
  readonly nodeTypes?: boolean;
}

const check = ({ cell, files = {}, where = ".", nodeTypes = false }: Cell) => () =>
  withFiles({ "check.cjs": CHECK, ...files }, async (folder) => {
    const cwd = join(folder, where);
    if (nodeTypes) {
      await mkdir(join(cwd, "node_modules/@types"), { recursive: true });
      await symlink(
        join(ROOT, "node_modules/@types/node"),
        join(cwd, "node_modules/@types/node"),
      );
    }
    return await node([join(folder, "check.cjs"), cell], { cwd });
  }, tmpdir());

const missing = await missingNode(20, 22, 24);

const code = "export const half = (value: number) => value / 2;";
const declared = "export declare const half: (value: number) => number;";
const files = {
  "library/half.ts": code,
  "notebooks/none.ipynb": "",
  "library/half.mjs": "export const half = (value) => value / 2;",
};
reproduce({
  row: "QC423",
  missing,
  fault: check({
    files,
    where: "notebooks",
    cell: 'import { half } from "../library/half"; half(2)',
  }),
  tiers: {
    configuration: check({
      files: {
        ...files,
        "node_modules/halves/package.json": '{ "main": "index.js", "types": "index.d.ts" }',
        "node_modules/halves/index.js": "exports.half = (value) => value / 2;",
        "node_modules/halves/index.d.ts": declared,
      },
      where: "notebooks",
      cell: 'import { half } from "halves"; half(2)',
    }),
    code: check({
      files,
      where: "notebooks",
      nodeTypes: true,
      cell: 'const { half } = await import(process.cwd() + "/../library/half.mjs"); half(2)',
    }),
    environment: check({ files, cell: 'import { half } from "./library/half"; half(2)' }),
  },
});

const read = 'import * as fs from "node:fs"; fs.existsSync(".")';
reproduce({
  row: "QC424",
  missing,
  fault: check({ cell: read }),
  tiers: {
    configuration: check({ cell: read, nodeTypes: true }),
    code: check({ cell: `// @ts-ignore: the types of Node are not here\n${read}` }),
  },
  notHere: { environment: "npm would have to install tslab anew, from the network" },
});

reproduce({
  row: "QC427",
  missing,
  fault: check({ files, cell: 'import { half } from "./library/half.ts"; half(2)' }),
  tiers: {
    configuration: check({
      files: {
        "node_modules/halves/package.json": '{ "main": "index.js", "types": "index.d.ts" }',
        "node_modules/halves/index.js": "exports.half = (value) => value / 2;",
        "node_modules/halves/index.d.ts": declared,
      },
      cell: 'import { half } from "halves"; half(2)',
    }),
    code: check({ files, cell: 'import { half } from "./library/half"; half(2)' }),
  },
  notHere: { environment: "Deno's kernel is run by the tests of the runner" },
});
