// How long qsight doctor takes: looking only, and whole. Against the start of Deno itself, and of the
// type check of the same entry point, which the whole one contains.
import { fileURLToPath } from "node:url";
import { type BenchOptions, type BenchRow, compare, type Work } from "./measure.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Both sides begin in processes of their own, as a user begins them. */
export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  const facts = { n: 1, batch: 1, rounds: quick ? 3 : 7 };
  const looking = await compare(qsight("doctor", "--no-build"), deno("eval", "0"), {
    ...facts,
    name: "doctor --no-build",
    against: "deno eval 0",
  });
  const whole = await compare(qsight("doctor"), deno("check", "--quiet", "mod.ts"), {
    ...facts,
    name: "doctor",
    against: "deno check mod.ts, cached",
  });
  return [looking, whole];
}

function qsight(...args: string[]): Work {
  return deno("run", "-A", "--no-check", "src/cli/main.ts", ...args);
}

function deno(...args: string[]): Work {
  return async () => {
    const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdout: "null" });
    const { success } = await command.output();
    if (!success) throw new Error(`deno ${args.join(" ")} failed; run it to see why`);
  };
}
