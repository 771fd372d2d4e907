// Run in a process of its own: what the Deno kernel sees around itself, as one line of JSON.
import process from "node:process";
import { ownModule } from "../../_internal/own_module.ts";
import { runCells } from "./run_cells.ts";

/** A cell that prints what `probeEnvironment()` finds in the kernel; it needs no package. */
const CELL = `const { probeEnvironment } = await import("${
  ownModule("../../hardware/mod.ts", import.meta.url)
}");
console.log(JSON.stringify(await probeEnvironment({ ports: [], programs: ["deno", "node"] })));`;

if (import.meta.main) {
  const [folder, timeout] = process.argv.slice(2);
  const { printed: [text], fault } = await runCells([CELL], {
    kernel: "deno",
    folder,
    timeout: Number(timeout),
  });
  if (fault !== undefined) throw new Error(fault);
  process.stdout.write(`${text}\n`);
  process.exit(0);
}
