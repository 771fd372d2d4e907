import type { ComparedRun } from "./compared_run.ts";
import { textOf, under } from "./json_access.ts";
import type { RunRecord } from "./run_record.ts";

/** What makes two runs hard to compare: the sentence, and what it is about. */
const FACTS: readonly (readonly [what: string, why: string, of: (run: RunRecord) => unknown])[] = [
  [
    "data",
    "their figures are of different images",
    ({ data }) => under(data, "fingerprint"),
  ],
  [
    "tensor backends",
    "the same training gives other digits on another backend",
    ({ backend }) => under(backend, "chosen") ?? textOf(backend),
  ],
  [
    "simulators of circuits",
    "the same circuit may give other digits",
    ({ facts }) => under(facts.sampler, "chosen"),
  ],
  [
    "seeds",
    "a part of any difference is chance",
    ({ seed }) => seed,
  ],
  [
    "kinds of images (synthetic or not)",
    "a result on drawn images says nothing about photographs",
    ({ synthetic }) => synthetic,
  ],
];

/** Why the runs are not simply comparable, in sentences. */
export function compareWarnings(runs: readonly ComparedRun[]): string[] {
  const warnings: string[] = [];
  for (const [what, why, of] of FACTS) {
    const groups = new Map<string, string[]>();
    for (const { run, letter } of runs) {
      const text = textOf(of(run)) ?? "not known";
      groups.set(text, [...groups.get(text) ?? [], letter]);
    }
    if (groups.size < 2) continue;
    const said = [...groups].map(([text, letters]) => `${letters.join(", ")}: ${short(text)}`);
    warnings.push(`Different ${what}, so ${why} (${said.join("; ")}).`);
  }
  const unended = runs.filter(({ run }) => run.status !== "finished").map(({ letter }) => letter);
  if (unended.length > 0) {
    warnings.push(`Not finished: ${unended.join(", ")}. Its last figures are not its best ones.`);
  }
  return warnings;
}

/** Of a fingerprint, enough to tell two apart. */
function short(text: string): string {
  return /^[0-9a-f]{40,}$/.test(text) ? `${text.slice(0, 12)}…` : text.slice(0, 60);
}
