import { chmod } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { checkOptions } from "../../_internal/check_options.ts";
import { isPacked } from "../../_internal/own_module.ts";
import { writeAtomic } from "../../_internal/write_atomic.ts";
import { findPrograms } from "../../hardware/find_programs.ts";
import { parseJsonc } from "../../_internal/parse_jsonc.ts";
import { readFile } from "node:fs/promises";
import { QSIGHT_VERSION } from "../../runs/qsight_version.ts";
import { planConfig } from "./config_template.ts";
import { planDeno } from "./deno_template.ts";
import { planKernels } from "./kernel_template.ts";
import { planNotebook } from "./notebook_template.ts";
import { planPackage } from "./package_template.ts";
import { readText } from "./read_text.ts";
import { planScript } from "./script_template.ts";
import type { PlannedFile, Template, TemplateContext, TemplateName } from "./template.ts";

const TEMPLATES: Readonly<Record<TemplateName, Template>> = {
  "config": planConfig,
  "deno.json": planDeno,
  "package.json": planPackage,
  "kernel_spec": planKernels,
  "start_script": planScript,
  "notebook": planNotebook,
};

/** Options of {@linkcode initProject}. */
export interface InitOptions {
  /**
   * Where `@qsight/qsight` is: the address of a folder (`file:`), or a specifier that begins with
   * `npm:`. Where it is given, another one in deno.json is replaced. @default the QSight that runs
   */
  readonly qsight?: string;
  /** Writes a package.json as well, for those who use npm. @default {false} */
  readonly npm?: boolean;
  /** Says what would be written, and writes nothing. @default {false} */
  readonly dryRun?: boolean;
}

/**
 * Makes a folder a project: a configuration with comments, deno.json, kernel specs for Deno and tslab,
 * a script that starts Jupyter, and a first notebook. What is there stays: of deno.json only missing
 * keys are added, and where a file differs from its template, that is said. Twice does no more than
 * once.
 *
 * @param folder absolute path
 * @returns what was done with each file
 * @throws {TypeError} for an unknown option
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { initProject } from "@qsight/qsight/doctor";
 *
 * const folder = await mkdtemp(join(tmpdir(), "qsight-init-"));
 * await initProject(folder);
 * const again = await initProject(folder);
 * assert.ok(again.every(({ content }) => content === undefined));
 * await rm(folder, { recursive: true });
 * ```
 */
export async function initProject(
  folder: string,
  options: InitOptions = {},
): Promise<readonly PlannedFile[]> {
  checkOptions("initProject()", options, ["qsight", "npm", "dryRun"]);
  const { dryRun = false } = options;
  const context = await templateContext(folder, options);
  const plans = await Promise.all(Object.values(TEMPLATES).map((template) => template(context)));
  const files = plans.flat();
  for (const { path, content, executable } of files) {
    if (dryRun || content === undefined) continue;
    await writeAtomic(path, content);
    if (executable === true) await chmod(path, 0o755);
  }
  return files;
}

async function templateContext(
  folder: string,
  { qsight, npm = false }: InitOptions,
): Promise<TemplateContext> {
  const root = new URL("../../../", import.meta.url);
  const packed = isPacked(import.meta.url);
  // Under its own name Deno would take the package's deno.json for that of the project.
  const description = packed ? "deno.package.json" : "deno.json";
  const deno = (globalThis as { Deno?: { execPath(): string } }).Deno;
  return {
    folder,
    qsight: qsight ?? (packed ? `npm:@qsight/qsight@${QSIGHT_VERSION}` : root.href),
    replace: qsight !== undefined,
    npm,
    own: parseJsonc(await readFile(new URL(description, root), "utf8")) as Record<string, unknown>,
    lock: await readText(fileURLToPath(new URL("deno.lock", root))),
    deno: deno?.execPath() ?? (await findPrograms("deno"))[0],
    node: (await findPrograms("node"))[0],
  };
}
