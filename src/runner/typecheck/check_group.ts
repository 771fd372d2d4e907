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
import { type ImportGraph, openImportGraph } from "./import_graph.ts";
import type { CellPlace } from "./mapped_text.ts";
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
  #graph: Promise<ImportGraph> | undefined;
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
      this.#graph = undefined;
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
      if (code !== NO_MODULE) {
        own?.check.report({ code, message: named(message, own) }, inModule(place));
      } // Other faults of imported files are the business of their own project.
      else await this.#reportImports(message, place);
    }
    for (const { check } of this.#checks.values()) {
      if (check.isWitnessed) continue;
      const said = diagnostics.length === 0 ? stderr.trim() : "";
      check.gaps.push(`deno check did not look at it (exit code ${exit}) ${said}`.trimEnd());
    }
  }

  /** Deno tells of a module that is not there once, however many import it. */
  async #reportImports(message: string, place: ReportedPlace): Promise<void> {
    const { module, line, column } = place;
    const origin = this.#checks.get(module);
    const text = origin === undefined
      ? `${message}\n  imported by ${module}:${line}:${column}`
      : named(message, origin);
    for (const { own, place: found } of await this.#importersOf(message, place)) {
      own.check.reportImport(found, text);
    }
  }

  /** Leaves out the cells to blame for the end of a process; false where none is found. */
  async #leaveOut(fatal: { readonly message: string; readonly place?: ReportedPlace }) {
    const { message, place } = fatal;
    if (place === undefined) return false;
    const isSyntax = /^SyntaxError\b|could not be parsed/.test(message);
    const origin = this.#checks.get(place.module);
    const blamed = origin !== undefined && isSyntax
      ? [{ own: origin, place: origin.check.placeOf(inModule(place)) }]
      : await this.#importersOf(message, place);
    let isAny = false;
    for (const { own, place: found } of blamed) {
      if (found === undefined) continue;
      isAny = true;
      own.check.leaveOut(found, {
        kind: origin !== undefined && isSyntax ? "syntax" : "import",
        message: origin !== undefined
          ? named(message.replace(/^SyntaxError: /, ""), origin)
          : `${message}\n  in ${place.module}:${place.line}:${place.column}`,
      });
      await rewriteHiddenFile(own.file, own.check.moduleText);
    }
    return isAny;
  }

  /** All imports in the notebooks that lead to what cannot be loaded, as a message says. */
  async #importersOf(message: string, reported: ReportedPlace): Promise<Importer[]> {
    const all = [...this.#checks.values()];
    const origin = this.#checks.get(reported.module);
    const place = origin?.check.placeOf(inModule(reported), NO_MODULE);
    const specifier = place === undefined ? undefined : origin?.check.importAt(place);
    const file = /(?<!from )["'](file:[^"']+)["']/.exec(message)?.[1];
    if (origin !== undefined && (file === undefined || specifier === undefined)) {
      // Not a file: the same words fail in the same way everywhere in a project.
      if (specifier === undefined) return place === undefined ? [] : [{ own: origin, place }];
      return all.flatMap((own) => importers(own, [specifier]));
    }
    const wanted = file ?? reported.module;
    this.#graph ??= openImportGraph(this.#options.deno, this.#options);
    const graph = await this.#graph;
    return all.flatMap((own) => importers(own, graph.importsLeadingTo(wanted, { from: own.url })));
  }
}

interface Importer {
  readonly own: Written;
  readonly place: CellPlace;
}

function importers(own: Written, specifiers: readonly string[]): Importer[] {
  return specifiers.flatMap((one) => own.check.placesOfImport(one)).map((place) => ({
    own,
    place,
  }));
}

/** A message about the notebook, not about its hidden module. */
function named(message: string, { url, check }: Written): string {
  return message.replaceAll(url, check.path);
}

/** The hidden file has a line more than the module. */
function inModule(place: ReportedPlace): ReportedPlace {
  return { ...place, line: place.line - OWNER_LINES };
}
