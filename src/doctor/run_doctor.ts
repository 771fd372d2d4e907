import process from "node:process";
import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { jupyterDisplay } from "../_internal/figure.ts";
import { QSIGHT_VERSION } from "../runs/qsight_version.ts";
import type { Check } from "./check.ts";
import { CHECKS } from "./checks.ts";
import type { Finding } from "./finding.ts";
import { countsOf, pointsOf, type ReportData } from "./report.ts";
import { reportHtml } from "./report_html.ts";
import { reportText } from "./report_text.ts";
import { leftOut, runCheck } from "./run_check.ts";
import { openScene, type Scene, type SceneOptions } from "./scene.ts";

/** Options of {@linkcode runDoctor}. */
export interface DoctorOptions {
  /** Where to look: the nearest project from there upward. @default the current folder */
  readonly cwd?: string;
  /** Whether something is built and run; otherwise the checks that do are skipped. @default {true} */
  readonly build?: boolean;
  /** Codes of the checks to run. @default all of them */
  readonly checks?: readonly string[];
  /** Configuration of a training, as `qsight train --config` takes it. */
  readonly config?: string;
  /** Changes to it, as `--set` takes them. @default {[]} */
  readonly sets?: readonly string[];
  /** Called after each check, with at least one finding. */
  readonly onFindings?: (findings: readonly Finding[]) => void;
  /** Ends the examination; what was not looked at by then is skipped. */
  readonly signal?: AbortSignal;
}

/** A report that shows itself in a notebook; as JSON it is its data. */
export class DoctorReport {
  /** Plain data. */
  readonly data: ReportData;

  /** Of the findings of an examination. */
  constructor(data: ReportData) {
    this.data = data;
  }

  /** The report for a terminal. */
  get text(): string {
    return reportText(this.data);
  }

  /** What `JSON.stringify()` writes. */
  toJSON(): ReportData {
    return this.data;
  }

  /** MIME bundle: text/html, text/plain. */
  [jupyterDisplay](): Record<string, unknown> {
    return { "text/html": reportHtml(this.data), "text/plain": this.text };
  }
}

/** Checks that run at once while nothing is built, and while something is. */
const AT_ONCE = { look: 8, build: 2 };

/**
 * Examines a project and its machine in four points: dependencies, configuration, environment, build.
 * All are looked at, whatever the others came to. It throws for nothing that it finds: what is wrong
 * is a finding with one line of what to do, and what could not be looked at is skipped with a reason.
 *
 * @throws {TypeError} for an unknown option, or a code that no check has
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { runDoctor } from "@qsight/qsight/doctor";
 *
 * const report = await runDoctor({ checks: ["QD303", "QD306"] });
 * assert.deepEqual(report.data.findings.map(({ code }) => code), ["QD303", "QD306"]);
 * ```
 */
export async function runDoctor(options: DoctorOptions = {}): Promise<DoctorReport> {
  checkOptions("runDoctor()", options, [
    ...["cwd", "build", "checks", "config", "sets", "onFindings", "signal"],
  ]);
  const { cwd = process.cwd(), config, sets } = options;
  const root = new URL("../../", import.meta.url);
  return new DoctorReport(
    await examine({ cwd, root, config: { file: config, sets } }, options),
  );
}

/** As {@linkcode runDoctor}, on a scene whose parts can be replaced. */
export async function examine(
  sceneOptions: SceneOptions,
  options: Omit<DoctorOptions, "cwd" | "config" | "sets"> = {},
): Promise<ReportData> {
  const start = performance.now();
  const checks = chosenChecks(options.checks);
  const scene = openScene(sceneOptions);
  try {
    const findings = await runAll(checks, scene, options);
    return {
      schema: "qsight.doctor/1",
      version: QSIGHT_VERSION,
      runtime: runtimeOf(),
      platform: { os: process.platform, arch: process.arch },
      folder: scene.folder,
      points: pointsOf(findings),
      findings,
      counts: countsOf(findings),
      milliseconds: Math.round(performance.now() - start),
    };
  } finally {
    await scene.close();
  }
}

function chosenChecks(codes: readonly string[] | undefined): readonly Check[] {
  if (codes === undefined) return CHECKS;
  const known = CHECKS.map(({ code }) => code);
  for (const code of codes) {
    if (!known.includes(code)) {
      throw new TypeError(unknownName("runDoctor()", "check", code, known));
    }
  }
  return CHECKS.filter(({ code }) => codes.includes(code));
}

async function runAll(
  checks: readonly Check[],
  scene: Scene,
  { build = true, signal, onFindings }: DoctorOptions,
): Promise<Finding[]> {
  const results = new Map<Check, readonly Finding[]>();
  const run = async (check: Check) => {
    const findings = signal?.aborted
      ? [leftOut(check, "the examination was interrupted")]
      : !build && check.builds
      ? [leftOut(check, "left out: no build was asked for")]
      : await runCheck(check, scene, signal);
    results.set(check, findings);
    onFindings?.(findings);
  };
  await inTurns(checks.filter(({ builds }) => !builds), { atOnce: AT_ONCE.look, run });
  await inTurns(checks.filter(({ builds }) => builds), { atOnce: AT_ONCE.build, run });
  return checks.flatMap((check) => results.get(check) ?? []);
}

async function inTurns(
  checks: readonly Check[],
  { atOnce, run }: { readonly atOnce: number; run(check: Check): Promise<void> },
): Promise<void> {
  const waiting = [...checks];
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      await run(check);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function runtimeOf(): ReportData["runtime"] {
  const { Deno: deno } = globalThis as { Deno?: { readonly version: { readonly deno: string } } };
  return deno === undefined
    ? { name: "node", version: process.versions.node }
    : { name: "deno", version: deno.version.deno };
}
