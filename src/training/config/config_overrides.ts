import { unknownName } from "../../_internal/check_options.ts";
import { planNamed } from "../../stages/built_in_stages.ts";
import { PLAN_KEYS } from "../../stages/parse_stages.ts";
import type { JsonObject } from "./config_file.ts";

/**
 * Changes single values of a configuration: `fit.batchSize=8`, `stages.0.epochs=2`,
 * `stages.quantum.epochs=2`, `stages=full`. Values are JSON, or else text as it stands.
 *
 * @param config stays as it is
 * @param sets later ones win
 * @throws {TypeError} for a change without `=`, and one that leads nowhere
 */
export function applySets(config: JsonObject, sets: readonly string[]): JsonObject {
  const out = structuredClone(config);
  for (const set of sets) {
    const at = set.indexOf("=");
    if (at < 1) throw new TypeError(`--set ${set}: wanted key=value, as in stages.0.epochs=2`);
    const path = set.slice(0, at).split(".");
    if (path[0] === "stages" && path.length > 1) out.stages = openPlan(out.stages, path[1]);
    put(out, path, valueOf(set.slice(at + 1)));
  }
  return out;
}

/** A plan that is only named becomes its stages where one of them is to change. */
function openPlan(stages: unknown, key: string): unknown {
  const named = typeof stages === "string" ? { plan: stages } : stages;
  if (named === null || typeof named !== "object" || Array.isArray(named)) return named;
  // All other keys below `stages` are stages.
  if (PLAN_KEYS.includes(key)) return named;
  if ("stages" in named) return (named as JsonObject).stages;
  const plan = named as { readonly plan: unknown };
  return structuredClone([...planNamed("configuration: stages", plan)]);
}

function put(root: JsonObject, path: readonly string[], value: unknown): void {
  let place: JsonObject = root;
  for (const [depth, step] of path.entries()) {
    const where = path.slice(0, depth).join(".") || "configuration";
    const key = keyIn(place, step, where);
    if (depth === path.length - 1) {
      place[key] = value;
      return;
    }
    const next = Object.hasOwn(place, key) ? place[key] : undefined;
    if (next !== undefined && next !== null && typeof next !== "object") {
      const name = path.slice(0, depth + 1).join(".");
      throw new TypeError(
        `--set ${path.join(".")}: ${name} is ${JSON.stringify(next)} and has nothing inside; set ` +
          `${name} as a whole`,
      );
    }
    if (next === undefined || next === null) place[key] = {};
    place = place[key] as JsonObject;
  }
}

/** Elements of arrays are named by position, stages by their name too. */
function keyIn(place: JsonObject, step: string, where: string): string {
  if (!Array.isArray(place)) {
    if (step !== "" && step !== "__proto__") return step;
    throw new TypeError(`--set ${where}: "${step}" is no key; write section.key=value`);
  }
  const names = place.map((entry) => (entry as { readonly name?: unknown } | null)?.name);
  const at = /^\d+$/.test(step) ? Number(step) : names.indexOf(step);
  if (at >= 0 && at < place.length) return String(at);
  const known = [...place.keys()].map(String);
  const own = names.filter((name) => typeof name === "string");
  throw new TypeError(unknownName(`--set ${where}`, "element", step, [...known, ...own]));
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
