import { absent, found, type Probe, unknown } from "../probe.ts";
import type { PermissionFacts, PermissionName } from "./environment_snapshot.ts";
import type { EnvironmentSources } from "./environment_sources.ts";

const NAMES: readonly PermissionName[] = ["read", "write", "run", "env", "net", "sys", "ffi"];
const STATES: readonly string[] = ["granted", "prompt", "denied"];

/** How Deno stands to each kind of permission as a whole; asking does not make it ask the user. */
export function probePermissions(
  { permission }: Pick<EnvironmentSources, "permission">,
): Probe<PermissionFacts> {
  const states = NAMES.map((name) => [name, permission(name)] as const);
  if (states.every(([, state]) => state === undefined)) {
    return absent("Not Deno: this runtime has no such permissions");
  }
  const odd = states.find(([, state]) => !STATES.includes(String(state)));
  if (odd !== undefined) return unknown(`Deno calls the permission ${odd[0]} "${odd[1]}"`);
  return found(Object.fromEntries(states) as PermissionFacts, "Told by Deno");
}
