import { emptyMachine } from "../hardware/_fake_sources.ts";
import { type HardwareSnapshot, probeHardware } from "../../src/hardware/mod.ts";
import { openRun, type OpenRunOptions, type Run } from "../../src/runs/mod.ts";

/** A machine about which nothing is known, so that manifests do not differ between machines. */
export const noHardware: HardwareSnapshot = await probeHardware({ sources: emptyMachine() });

/** Runs a test body with a root folder that is removed behind it. */
export async function inRoot(body: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "qsight runs ä-" });
  try {
    await body(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** A run with seed 1, an empty configuration and a fixed time. */
export function smallRun(root: string, options: Partial<OpenRunOptions> = {}): Promise<Run> {
  const now = new Date("2026-01-31T12:34:56.789Z");
  return openRun({ root, seed: 1, config: {}, now, hardware: noHardware, ...options });
}

/** All files below a folder, sorted. */
export function filesIn(folder: string, prefix = ""): string[] {
  return Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(`${folder}/${name}`, `${prefix}${name}/`) : [prefix + name]
  ).sort();
}
