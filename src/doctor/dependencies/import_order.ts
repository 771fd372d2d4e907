import type { Outcome } from "../finding.ts";
import { ok, skipped } from "../finding.ts";
import { errorLine, runScript } from "../run_script.ts";
import type { Scene } from "../scene.ts";

/** Packages that are native, or put something in force when they load. */
const HEAVY_PACKAGES: readonly string[] = [
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-backend-wasm",
  "@resvg/resvg-js",
  "sharp",
  "nodejs-polars",
  "quantum-circuit",
];

/**
 * Imports the heavy packages of the project one after the other, forward and backward: each pair is
 * then loaded in both orders.
 */
export async function checkImportOrder(
  scene: Scene,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const { declared, deno } = await scene.project();
  if (deno?.fault !== undefined) return [skipped(`${deno.path} cannot be read`)];
  const names = HEAVY_PACKAGES.filter((name) => declared.some((entry) => entry.name === name));
  if (names.length === 0) return [skipped("the project declares none of them")];
  const orders = [names, names.toReversed()];
  const results = await Promise.all(
    orders.map((args) => runScript(scene, "dependencies/import_in_order.ts", { args, signal })),
  );
  const faults = results.flatMap((result, i): Outcome[] => {
    if (result.status === "ok") return [];
    const loaded = result.stdout.split("\n").filter((line) => line !== "");
    const at = orders[i][loaded.length] ?? "the last one";
    return [{
      status: "failure",
      found: `${at} after ${loaded.join(", ") || "nothing"}: ${errorLine(result.stderr)}`,
      remedy: "Look the message up: qsight doctor --explain TEXT; a fresh deno install may mend it",
      source: at,
    }];
  });
  return faults.length > 0 ? faults : [ok(`${names.join(", ")}, and backward`)];
}
