// deno task bench [name…] [--quick] [--json]
import { parseArgs } from "node:util";
import { probeHardware } from "../src/hardware/probe_hardware.ts";
import type { BenchOptions, BenchRow } from "./measure.ts";

/** Each benchmark is a module of its own that exports `bench`. */
const NAMES = ["quantum", "tensors", "runner", "explain", "training", "runs", "doctor", "package"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const wanted = positionals.length > 0 ? positionals : NAMES;
const rows: BenchRow[] = [];
for (const name of wanted) {
  if (!NAMES.includes(name)) {
    console.error(`Unknown benchmark "${name}". Known: ${NAMES.join(", ")}`);
    Deno.exit(4);
  }
  const module: { bench(options: BenchOptions): Promise<BenchRow[]> } = await import(
    new URL(`./${name}.ts`, import.meta.url).href
  );
  if (!values.json) console.log(`# ${name}`);
  const found = await module.bench({ quick: values.quick });
  rows.push(...found);
  if (!values.json) console.table(found);
}
if (values.json) {
  const { cpu } = await probeHardware();
  const machine = { deno: Deno.version.deno, cores: cpu.usable };
  console.log(JSON.stringify({ schema: "qsight.bench/1", machine, rows }, null, 2));
}
