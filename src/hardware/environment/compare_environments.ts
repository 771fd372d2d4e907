import type { Probe } from "../probe.ts";
import type {
  EnvironmentDifference,
  EnvironmentFacts,
  ProgramFacts,
} from "./environment_snapshot.ts";

/**
 * What is not the same in two environments, such as a terminal and a notebook kernel: runtime,
 * programs and their versions, PATH, variables. Pure; also for snapshots that went through JSON.
 *
 * @returns one entry a difference, in a fixed order; empty when none was found
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compareEnvironments, type EnvironmentFacts } from "@qsight/qsight/hardware";
 *
 * const shell: EnvironmentFacts = {
 *   runtime: { name: "deno", version: "2.9.6", v8: "15.0" },
 *   path: { status: "ok", value: ["/usr/bin"], reason: "PATH" },
 *   variables: { status: "ok", value: { CUDA_VISIBLE_DEVICES: "0" }, reason: "test" },
 *   programs: {} as EnvironmentFacts["programs"],
 * };
 * const kernel = { ...shell, variables: { ...shell.variables, value: {} } } as EnvironmentFacts;
 * assert.deepEqual(compareEnvironments(shell, kernel), [
 *   { what: "variable CUDA_VISIBLE_DEVICES", first: "0", second: "not set" },
 * ]);
 * ```
 */
export function compareEnvironments(
  first: EnvironmentFacts,
  second: EnvironmentFacts,
): EnvironmentDifference[] {
  const runtime = ({ runtime: { name, version, v8 } }: EnvironmentFacts) =>
    `${name} ${version} (V8 ${v8})`;
  const programs = namesOf(first.programs, second.programs);
  return [
    difference("runtime", runtime(first), runtime(second)),
    ...programs.map((name) =>
      difference(
        `program ${name}`,
        describeProgram(first.programs[name]),
        describeProgram(second.programs[name]),
      )
    ),
    pathDifference(first.path, second.path),
    ...variableDifferences(first.variables, second.variables),
  ].filter((entry) => entry !== undefined);
}

function difference(
  what: string,
  first: string,
  second: string,
): EnvironmentDifference | undefined {
  return first === second ? undefined : { what, first, second };
}

function describeProgram(probe: Probe<ProgramFacts> | undefined): string {
  if (probe === undefined) return "not looked for";
  if (probe.status === "ok") return `${probe.value.version} (${probe.value.path})`;
  return probe.status === "absent" ? "not on PATH" : `unknown: ${probe.reason}`;
}

/** Folders that only one of them has; where the folders are the same, their order. */
function pathDifference(
  first: Probe<readonly string[]>,
  second: Probe<readonly string[]>,
): EnvironmentDifference | undefined {
  if (first.status !== "ok" || second.status !== "ok") {
    const say = (probe: Probe<readonly string[]>) =>
      probe.status === "ok" ? `${probe.value.length} folders` : `unknown: ${probe.reason}`;
    return difference("PATH", say(first), say(second));
  }
  const only = (here: readonly string[], there: readonly string[]) => {
    const names = here.filter((folder) => !there.includes(folder));
    return names.length === 0 ? "nothing of its own" : `only here: ${names.join(", ")}`;
  };
  const [one, two] = [only(first.value, second.value), only(second.value, first.value)];
  if (one !== two) return { what: "PATH", first: one, second: two };
  return difference("order of PATH", first.value.join(", "), second.value.join(", "));
}

function variableDifferences(
  first: EnvironmentFacts["variables"],
  second: EnvironmentFacts["variables"],
): (EnvironmentDifference | undefined)[] {
  if (first.status !== "ok" || second.status !== "ok") {
    const say = (probe: EnvironmentFacts["variables"]) =>
      probe.status === "ok" ? "known" : `unknown: ${probe.reason}`;
    return [difference("variables", say(first), say(second))];
  }
  return namesOf(first.value, second.value).map((name) =>
    difference(`variable ${name}`, said(first.value[name]), said(second.value[name]))
  );
}

function said(value: string | undefined): string {
  return value === undefined ? "not set" : value === "" ? "set to nothing" : value;
}

function namesOf<K extends string>(
  a: Readonly<Record<K, unknown>>,
  b: Readonly<Record<K, unknown>>,
): K[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort() as K[];
}
