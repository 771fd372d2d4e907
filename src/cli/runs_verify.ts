import { basename } from "node:path";
import { type VerifyFinding, verifyRun } from "../runs/verify_run.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { columns } from "./runs_format.ts";
import { onlyRun } from "./runs_options.ts";
import { parseCommand } from "./usage.ts";

/** `qsight runs verify`: compares a run with its manifest, and makes the manifest true again. */
export async function runsVerifyCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, {
    command: "runs verify",
    options: {
      root: { type: "string" },
      repair: { type: "boolean" },
      json: { type: "boolean" },
    },
  });
  const folder = await onlyRun(parsed, "verify", context);
  const repair = parsed.values.repair === true;
  const found = await verifyRun(folder, { repair });
  const left = found.some(({ repaired }) => repaired !== undefined)
    ? await verifyRun(folder)
    : found;
  const ok = left.every(isAddedLater);
  const id = basename(folder);
  if (parsed.values.json === true) {
    const report = { schema: "qsight.runs/1", id, folder, ok, findings: found, left };
    context.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    context.stdout.write(found.length === 0 ? "" : findingLines(found));
    context.stdout.write(
      ok ? `${id}: all files of the manifest are whole\n` : `${id}: not as its manifest says` +
        `${
          repair ? ", and no repair can change that" : "; --repair makes the manifest true again"
        }\n`,
    );
  }
  return ok ? EXIT.ok : EXIT.failures;
}

/** Pages and exports are made of a run that has ended, and are no fault of it. */
function isAddedLater({ path, status }: VerifyFinding): boolean {
  return status === "extra" && path.startsWith("reports/");
}

/** Findings as a table. */
export function findingLines(findings: readonly VerifyFinding[]): string {
  return columns(
    ["file", "is", "found", "done"],
    findings.map((finding) => [
      finding.path,
      isAddedLater(finding) ? "added later" : finding.status,
      finding.detail,
      finding.repaired ?? "",
    ]),
  );
}
