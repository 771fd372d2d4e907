// Only node: and relative imports, here and in all that is imported: it answers where packages do not.
import { homedir, userInfo } from "node:os";
import process from "node:process";
import { unknownName } from "../_internal/check_options.ts";
import { permissionState } from "../hardware/deno_permission.ts";
import { CHECKS } from "../doctor/checks.ts";
import { reportMarkdown, reportText } from "../doctor/report_text.ts";
import { reportExitCode } from "../doctor/report.ts";
import type { RedactOptions } from "../doctor/redact.ts";
import { type DoctorReport, runDoctor } from "../doctor/run_doctor.ts";
import { openStatusLine } from "../display/status_line.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { explainCommand } from "./doctor_explain.ts";
import { listOption, parseCommand, type ParsedCommand, textOption, UsageError } from "./usage.ts";

/** The options of `qsight doctor`, as parseArgs knows them. */
export const DOCTOR_COMMAND_OPTIONS = {
  "json": { type: "boolean" },
  "strict": { type: "boolean" },
  "markdown": { type: "boolean" },
  "no-build": { type: "boolean" },
  "list-checks": { type: "boolean" },
  "check": { type: "string", multiple: true },
  "config": { type: "string" },
  "set": { type: "string", multiple: true },
  "explain": { type: "string" },
} as const;

/** `qsight doctor`: says what is wrong with a project and its machine, and what to do. */
export async function doctorCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, { command: "doctor", options: DOCTOR_COMMAND_OPTIONS });
  const { values, positionals } = parsed;
  if (positionals.length > 0) {
    throw new UsageError(`qsight doctor: found "${positionals[0]}", wanted options only`);
  }
  if (values.json === true && values.markdown === true) {
    throw new UsageError("qsight doctor: --json and --markdown both want stdout; take one");
  }
  const text = textOption(parsed, "explain");
  if (text !== undefined) {
    return await explainCommand(text, { stdout: context.stdout, json: values.json === true });
  }
  if (values["list-checks"] === true) return listChecks(parsed, context);
  const codes = chosenCodes(parsed);
  const build = values["no-build"] !== true;
  const line = context.isTerminal ? openStatusLine() : undefined;
  let done = 0;
  const report = await runDoctor({
    cwd: context.cwd,
    build,
    checks: codes,
    config: textOption(parsed, "config"),
    sets: listOption(parsed, "set"),
    signal: context.signal,
    onFindings: ([{ code, title }]) =>
      line?.update(`${++done}/${codes?.length ?? CHECKS.length} ${code} ${title}`),
  });
  await line?.close();
  context.stdout.write(faceOf(report, parsed));
  const leftOut = build ? [] : CHECKS.filter(({ builds }) => builds).map(({ code }) => code);
  // What was cut short is no success, whatever had been found by then.
  if (context.signal.aborted) return EXIT.interrupted;
  return reportExitCode(report.data, { strict: values.strict === true, leftOut });
}

function chosenCodes(parsed: ParsedCommand): readonly string[] | undefined {
  const codes = listOption(parsed, "check").map((code) => code.toUpperCase());
  const known = CHECKS.map(({ code }) => code);
  const unknown = codes.find((code) => !known.includes(code));
  if (unknown !== undefined) throw new UsageError(unknownName("--check", "code", unknown, known));
  return codes.length === 0 ? undefined : codes;
}

function faceOf({ data }: DoctorReport, { values }: ParsedCommand): string {
  if (values.json === true) return `${JSON.stringify(data, null, 2)}\n`;
  if (values.markdown === true) return reportMarkdown(data, whoAmI());
  return reportText(data, { colours: hasColours() });
}

function hasColours(): boolean {
  if (process.stdout.isTTY !== true) return false;
  if (permissionState({ name: "env", variable: "NO_COLOR" }) === "prompt") return false;
  return (process.env.NO_COLOR ?? "") === "";
}

/** What must not stand in a report; where it cannot be known, forms of paths have to do. */
function whoAmI(): RedactOptions {
  const ask = (kind: string, read: () => string) => {
    if (permissionState({ name: "sys", kind }) === "prompt") return undefined;
    try {
      return read();
    } catch {
      return undefined;
    }
  };
  return {
    home: ask("homedir", homedir),
    user: ask("userInfo", () => userInfo().username),
  };
}

function listChecks({ values }: ParsedCommand, { stdout }: CommandContext): number {
  const listed = CHECKS.map(({ code, point, title, wanted, needs, deadline }) => ({
    code,
    point,
    title,
    wanted,
    needs,
    deadline,
  }));
  if (values.json === true) {
    stdout.write(
      `${JSON.stringify({ schema: "qsight.doctor-checks/1", checks: listed }, null, 2)}\n`,
    );
    return EXIT.ok;
  }
  const width = Math.max(...listed.map(({ point }) => point.length));
  for (const { code, point, title, deadline } of listed) {
    stdout.write(`${code}  ${point.padEnd(width)}  ${title} (at most ${deadline / 1000} s)\n`);
  }
  return EXIT.ok;
}
