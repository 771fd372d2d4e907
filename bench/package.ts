// What a leaf room costs somebody who installs QSight for it alone: a whole process of Node or Deno
// that imports it from the npm package, against one that imports nothing. n is the size in kB of all
// that is installed then.
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withPackage } from "../tests/_tools/pack_package.ts";
import { type BenchOptions, type BenchRow, compare } from "./measure.ts";
import { bytesBelow } from "../tests/_tools/bytes_below.ts";

const LEAVES = ["stages", "sampler_lock", "sampling"];
const ZOD = fileURLToPath(new URL("../node_modules/zod", import.meta.url));
const RUNTIMES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  Node: ["node"],
  Deno: [Deno.execPath(), "run", "-A", "--no-lock"],
};

/** Runs the benchmark. */
export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  const project = await mkdtemp(join(tmpdir(), "qsight-bench-"));
  try {
    const modules = join(project, "node_modules");
    await mkdir(join(modules, "@qsight"), { recursive: true });
    await withPackage((folder) => cp(folder, join(modules, "@qsight", "qsight"), RECURSIVE));
    await cp(ZOD, join(modules, "zod"), { ...RECURSIVE, dereference: true });
    await writeFile(join(project, "package.json"), MANIFEST);
    await writeFile(join(project, "nothing.mjs"), "");
    const n = Math.round(await bytesBelow(modules) / 1000);
    const rows: BenchRow[] = [];
    for (const [runtime, command] of Object.entries(RUNTIMES)) {
      for (const leaf of LEAVES) {
        await writeFile(join(project, `${leaf}.mjs`), `import "@qsight/qsight/${leaf}";`);
        const start = (file: string) => () => run([...command, file], project);
        rows.push(
          await compare(start(`${leaf}.mjs`), start("nothing.mjs"), {
            name: `import ./${leaf}, whole process of ${runtime}`,
            n,
            batch: 1,
            against: "an empty process",
            rounds: quick ? 7 : 15,
          }),
        );
      }
    }
    return rows;
  } finally {
    await rm(project, { recursive: true });
  }
}

const RECURSIVE = { recursive: true } as const;
const MANIFEST = '{ "type": "module", "dependencies": { "@qsight/qsight": "*" } }';

async function run([program, ...args]: readonly string[], cwd: string): Promise<void> {
  const command = new Deno.Command(program, { args, cwd, stdout: "null", stderr: "piped" });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
