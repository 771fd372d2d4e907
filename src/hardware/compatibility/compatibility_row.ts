import type { DetectorId } from "./detectors.ts";

/** Something that a row is about, with the versions that it holds for. */
export interface Component {
  /** A package, a runtime (`node`, `deno`) or a part of the system (`cuda`); `python:` before a Python package. */
  readonly name: string;
  /** Comparators such as `>=0.25.0 <0.27.0`, alternatives behind `||`, or `*`. */
  readonly versions: string;
}

/** Name of a file that this project can write for its users, and that a tier may ask for. */
export type TemplateName = "deno.json" | "package.json" | "start_script" | "kernel_spec";

/** All names of templates. */
export const TEMPLATES: readonly TemplateName[] = [
  "deno.json",
  "package.json",
  "start_script",
  "kernel_spec",
];

/** One tier of a remedy: what to do, or why there is nothing to do on that tier. */
export type FixTier =
  | { readonly do: string; readonly template?: TemplateName; readonly none?: undefined }
  | { readonly none: string; readonly do?: undefined };

/** What can be done about a row: by configuration, in the code, or to the machine. */
export interface Fixes {
  /** Settings, versions and files that a program reads. */
  readonly configuration: FixTier;
  /** The code that calls the component. */
  readonly code: FixTier;
  /** The machine: runtimes, drivers, system packages. */
  readonly environment: FixTier;
}

/** How it is known that a row is true. */
export interface Verification {
  /** Day, `YYYY-MM-DD`. */
  readonly on: string;
  /** `"reproduced"` by this project; `"read"` in source or documentation; `"reported"` by others. */
  readonly how: "reproduced" | "read" | "reported";
  /** What exactly was done or read; a test of this project begins with `tests/`. */
  readonly by: string;
}

/**
 * One row of the compatibility matrix. Plain data but for `inContext`.
 */
export interface CompatibilityRow {
  /** Stable code, e.g. `QC101`; a code is never used again for another row. */
  readonly id: string;
  /** The conflict in one line. */
  readonly title: string;
  /** What does not go together. */
  readonly components: readonly Component[];
  /** `any`, or such as `linux`, `linux-x64`, `darwin-arm64`, `win32`. */
  readonly platforms: readonly string[];
  /** What is printed, word for word; `…` stands for what differs each time. */
  readonly symptoms: readonly string[];
  /** What is seen where nothing is printed. */
  readonly signs?: string;
  /** Why it happens. */
  readonly cause: string;
  /** What can be done, cheapest first. */
  readonly fixes: Fixes;
  /** Where it was read or reported. */
  readonly sources: readonly string[];
  /** How it is known. */
  readonly verified: Verification;
  /** What tells from versions and platform that the row holds on a machine. */
  readonly detector?: DetectorId;
  /** A looser text that tells the row once it is known which component speaks. */
  readonly inContext?: RegExp;
}

/** The day on which the rows were last gone through. */
const VERIFIED_ON = "2026-11-28";

/** Address of an issue or a pull request. */
export function issue(repository: string, number: number): string {
  return `https://github.com/${repository}/issues/${number}`;
}

/** Reproduced by this project: by a test, or by hand with the versions given. */
export function reproduced(by: string): Verification {
  return { on: VERIFIED_ON, how: "reproduced", by };
}

/** Read in source or documentation. */
export function read(by: string): Verification {
  return { on: VERIFIED_ON, how: "read", by };
}

/** Reported by others; not seen here. */
export function reported(by: string): Verification {
  return { on: VERIFIED_ON, how: "reported", by };
}

/** What can be done, in the order of the tiers. */
export function possibleFixes({ fixes }: Pick<CompatibilityRow, "fixes">): string[] {
  return [fixes.configuration, fixes.code, fixes.environment]
    .flatMap((tier) => tier.do === undefined ? [] : [tier.do]);
}
