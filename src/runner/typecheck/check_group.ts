import { rm } from "node:fs/promises";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { type CommandResult, runCommand } from "../../_internal/run_command.ts";
import { type Diagnostic, parseDenoReport, type ReportedPlace } from "./deno_report.ts";
import { NO_MODULE } from "./false_alarms.ts";
import {
  claimHiddenFile,
  OWNER_LINES,
  rewriteHiddenFile,
  sweepHiddenFiles,
} from "./hidden_file.ts";
import { openImportGraph } from "./import_graph.ts";
import type { NotebookCheck } from "./notebook_check.ts";

/** How often a group is begun anew without a cell that ends Deno's check before it begins. */
const ATTEMPTS = 12;

/** A check and the folder that its imports are resolved from. */
export interface PlacedCheck {
  readonly check: NotebookCheck;
  readonly folder: string;
}

/** Options of {@linkcode checkGroup}. */
export interface CheckGroupOptions {
  /** Folder of the configuration that all have in common, if there is one. */
  readonly project: string | undefined;
  /** The executable. */
  readonly deno: string;
  /** Milliseconds for each process. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

interface Written extends PlacedCheck {
  readonly file: string;
  readonly url: string;
}

/**
 * Checks notebooks of one project with one process: a hidden module beside each notebook, so that
 * imports mean what they mean to a kernel there, and one that imports them all. Faults and gaps go
 * to the checks. The files are removed on every way out.
 */
export async function checkGroup(
  group: readonly PlacedCheck[],
  options: CheckGroupOptions,
): Promise<void> {
  const files: string[] = [];
  try {
    const written = await writeModules(group, files);
    if (written.length === 0) return;
    const [{ folder }] = written;
    const root = await claimRoot(options.project ?? folder, folder);
    files.push(root);
    await new GroupRun(written, { ...options, root, cwd: folder }).run();
  } finally {
    await Promise.all(files.map((file) => rm(file, { force: true })));
  }
}

/** Beside the configuration: Deno passes over files that it is given from an excluded folder. */
async function claimRoot(project: string, folder: string): Promise<string> {
  const claim = async (where: string) => {
    await sweepHiddenFiles(where);
    return await claimHiddenFile(where, { text: "", extension: ".mts" });
  };
  return await claim(project).catch(() => claim(folder));
}

async function writeModules(group: readonly PlacedCheck[], files: string[]): Promise<Written[]> {
  const written: Written[] = [];
  for (const folder of new Set(group.map((placed) => placed.folder))) {
    // A folder that cannot be read or written to is told of below.
    await sweepHiddenFiles(folder).catch(() => undefined);
  }
  for (const { check, folder } of group) {
    try {
      const { moduleText: text, extension } = check;
      const file = await claimHiddenFile(folder, { text, extension });
      files.push(file);
      written.push({ check, folder, file, url: pathToFileURL(file).href });
    } catch (error) {
      check.gaps.push(
        `its folder cannot be written to, and the check needs a module beside the notebook: ` +
          (error as Error).message,
      );
    }
  }
  return written;
}

/** One process after the other, until Deno comes to check the types. */
class GroupRun {
  readonly #checks: ReadonlyMap<string, Written>;
  readonly #options: CheckGroupOptions & { readonly root: string; readonly cwd: string };

  constructor(
    written: readonly Written[],
    options: CheckGroupOptions & { readonly root: string; readonly cwd: string },
  ) {
    this.#checks = new Map(written.map((one) => [one.url, one]));
    this.#options = options;
  }

  async run(): Promise<void> {
    let fatal = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { root, deno, cwd, timeout, signal } = this.#options;
      const imports = [...this.#checks.keys()].map((url) => `import ${JSON.stringify(url)};\n`);
      await rewriteHiddenFile(root, imports.join(""));
      // A kernel may import from any host.
      const command = [deno, "check", "--quiet", "--allow-import", root] as const;
      const env = { ...process.env, NO_COLOR: "1" } as Record<string, string>;
      const result = await runCommand([...command], { cwd, timeout, signal, env });
      if (result.status === "absent") return this.#giveUp(`deno cannot be run: ${result.stderr}`);
      if (result.status === "timeout") {
        return this.#giveUp("the check was stopped by its time limit or its signal");
      }
      const report = parseDenoReport(result.stderr);
      if (report.fatal === undefined) return await this.#collect(report.diagnostics, result);
      fatal = report.fatal.message;
      if (!await this.#leaveOut(report.fatal)) break;
    }
    this.#giveUp(`deno check ended early: ${fatal}`);
  }

  /** Why none of the notebooks was checked. */
  #giveUp(reason: string): void {
    for (const { check } of this.#checks.values()) check.gaps.push(reason);
  }

  async #collect(
    diagnostics: readonly Diagnostic[],
    { stderr, code: exit }: CommandResult,
  ): Promise<void> {
    for (const { code, message, place } of diagnostics) {
      if (place === undefined) {
        this.#giveUp(`deno check says of the whole project: TS${code} ${message}`);
        continue;
      }
      const own = this.#checks.get(place.module);
      if (own !== undefined) {
        own.check.report({ code, message: named(message, own) }, inModule(place));
      } // Other faults of imported files are the business of their own project.
      else if (code === NO_MODULE) await this.#blameImporters(message, place);
    }
    for (const { check } of this.#checks.values()) {
      if (check.isWitnessed) continue;
      const said = diagnostics.length === 0 ? stderr.trim() : "";
      check.gaps.push(`deno check did not look at it (exit code ${exit}) ${said}`.trimEnd());
    }
  }

  /** A module that an imported file does not find keeps the cell from running too. */
  async #blameImporters(message: string, { module, line, column }: ReportedPlace): Promise<void> {
    const text = `${message}\n  imported by ${module}:${line}:${column}`;
    for (const { own, place } of await this.#importersOf(module)) {
      own.check.report({ code: NO_MODULE, message: text }, inModule(place));
    }
  }

  /** Leaves out the cells to blame for the end of a process; false where none is found. */
  async #leaveOut(fatal: { readonly message: string; readonly place?: ReportedPlace }) {
    const { message, place } = fatal;
    if (place === undefined) return false;
    const isSyntax = /^SyntaxError\b|could not be parsed/.test(message);
    const own = this.#checks.get(place.module);
    const blamed = own === undefined ? await this.#importersOf(place.module) : [{ own, place }];
    let isAny = false;
    for (const { own: { check, file }, place: found } of blamed) {
      const cell = check.placeOf(inModule(found));
      if (cell === undefined) continue;
      isAny = true;
      check.leaveOut(cell, {
        kind: own !== undefined && isSyntax ? "syntax" : "import",
        message: own !== undefined
          ? named(message.replace(/^SyntaxError: /, ""), own)
          : `${message}\n  in ${place.module}:${place.line}:${place.column}`,
      });
      await rewriteHiddenFile(file, check.moduleText);
    }
    return isAny;
  }

  /** The notebooks that lead to a module, and where. */
  async #importersOf(module: string): Promise<{ own: Written; place: ReportedPlace }[]> {
    const graph = await openImportGraph(this.#options.deno, this.#options);
    return [...this.#checks.values()].flatMap((own) => {
      const place = graph.importOf(own.url, module);
      return place === undefined ? [] : [{ own, place }];
    });
  }
}

/** A message about the notebook, not about its hidden module. */
function named(message: string, { url, check }: Written): string {
  return message.replaceAll(url, check.path);
}

/** The hidden file has a line more than the module. */
function inModule(place: ReportedPlace): ReportedPlace {
  return { ...place, line: place.line - OWNER_LINES };
}
