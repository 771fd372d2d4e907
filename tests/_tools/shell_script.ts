// Scripts as documents show them, run against this clone.
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Runs a script in a folder where `deno task qsight` and the published package are this clone. */
export async function shellScript(
  cwd: string,
  text: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; shown: string }> {
  const bin = join(cwd, ".bin");
  await mkdir(bin, { recursive: true });
  const deno = join(bin, "deno"), real = Deno.execPath();
  await writeFile(
    deno,
    `#!/bin/sh\ncase "$1 $2 $3" in\n` +
      `"task qsight "*) shift 2 ;;\n` +
      `"run -A npm:@qsight/qsight") shift 3 ;;\n` +
      `*) exec "${real}" "$@" ;;\nesac\n` +
      `exec "${real}" run -A "${MAIN}" "$@"\n`,
  );
  await chmod(deno, 0o755);
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-euo", "pipefail", "-c", text],
    cwd,
    env: {
      PATH: `${bin}:${Deno.env.get("PATH")}`,
      // Where the user stands; of a task that runs these tests it is the clone.
      INIT_CWD: cwd,
      NO_COLOR: "1",
      GITHUB_ACTIONS: "",
      ...env,
    },
    stdin: "null",
  }).output();
  const shown = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return { code, shown };
}
