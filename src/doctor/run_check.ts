import { messageOf } from "../_internal/message_of.ts";
import { redactTokens } from "./redact.ts";
import type { Check } from "./check.ts";
import type { Finding, Outcome } from "./finding.ts";
import type { Scene } from "./scene.ts";

/** Runs one check. Never throws, and ends at its deadline whatever the check does. */
export async function runCheck(
  check: Check,
  scene: Scene,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const start = performance.now();
  const denied = check.needs.filter((need) => !scene.may(need));
  const outcomes = denied.length > 0
    ? [notAllowed(denied)]
    : await withinDeadline(check, { scene, signal });
  const milliseconds = Math.round(performance.now() - start);
  return outcomes.map((outcome) => findingOf(check, outcome, milliseconds));
}

/** A finding of a check that nobody ran. */
export function leftOut(check: Check, reason: string): Finding {
  return findingOf(check, { status: "skipped", found: reason }, 0);
}

function notAllowed(denied: readonly string[]): Outcome {
  const flags = denied.map((need) => `--allow-${need}`).join(" ");
  return { status: "skipped", found: `not allowed to look: needs ${flags}`, remedy: "Run with -A" };
}

async function withinDeadline(
  check: Check,
  { scene, signal }: { readonly scene: Scene; readonly signal: AbortSignal | undefined },
): Promise<readonly Outcome[]> {
  const { deadline, remedyWhenLate } = check;
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal?.addEventListener("abort", abort);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<readonly Outcome[]>((resolve) => {
    timer = setTimeout(() => {
      controller.abort();
      resolve([{
        status: "failure",
        found: `no answer within ${deadline / 1000} s`,
        remedy: remedyWhenLate,
      }]);
    }, deadline);
  });
  const answer = Promise.resolve().then(() => check.run(scene, controller.signal))
    .catch((error): readonly Outcome[] => [{
      status: "failure",
      found: `the check itself failed: ${messageOf(error).split("\n")[0]}`,
      remedy: "Report it, with the output of qsight doctor --markdown",
    }]);
  const outcomes = await Promise.race([answer, late]);
  clearTimeout(timer);
  signal?.removeEventListener("abort", abort);
  return outcomes;
}

function findingOf({ code, point, title, wanted }: Check, outcome: Outcome, milliseconds: number) {
  return {
    code,
    point,
    title,
    status: outcome.status,
    found: oneLine(outcome.found),
    wanted: oneLine(outcome.wanted ?? wanted),
    remedy: outcome.remedy === undefined || outcome.remedy === null
      ? null
      : oneLine(outcome.remedy),
    source: outcome.source === undefined || outcome.source === null
      ? null
      : redactTokens(outcome.source),
    milliseconds,
  };
}

/** Without tokens and control characters: what programs print goes to terminals and reports. */
function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex -- these are what is to go
  const plain = redactTokens(text).replace(/\x1b\[[0-9;]*[A-Za-z]/g, "");
  return plain.replace(/[\s\p{Cc}]+/gu, " ").trim();
}
