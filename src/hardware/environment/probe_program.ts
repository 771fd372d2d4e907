import { absent, found, type Probe, unknown } from "../probe.ts";
import type { ProgramFacts, ProgramName } from "./environment_snapshot.ts";
import type { EnvironmentSources } from "./environment_sources.ts";

/** All programs that are looked for. */
export const PROGRAMS: readonly ProgramName[] = [
  "deno",
  "node",
  "npm",
  "chromium",
  "google-chrome",
  "firefox",
];

/** A program on PATH and its version, by running it: a file of that name proves nothing. */
export async function probeProgram(
  name: string,
  { findPrograms, run, milliseconds }:
    & Pick<EnvironmentSources, "findPrograms" | "run">
    & { readonly milliseconds: number },
): Promise<Probe<ProgramFacts>> {
  const [path, ...hidden] = await findPrograms(name);
  if (path === undefined) return absent(`${name} is not on PATH`);
  const { status, code, stdout, stderr } = await run([path, "--version"], milliseconds);
  if (status === "timeout") {
    return unknown(`${path} --version did not answer within ${milliseconds} ms`);
  }
  const said = firstLine(stdout);
  if (status !== "ok") {
    const end = code === null ? "could not be started" : `ended with code ${code}`;
    return unknown(`${path} --version ${end}: ${said || firstLine(stderr) || "no output"}`);
  }
  const version = /\d+(?:\.\d+)+(?:[-+][\w.-]+)?/.exec(said)?.[0];
  if (version === undefined) {
    return unknown(`${path} --version printed ${said === "" ? "nothing" : `"${said}"`}`);
  }
  return found({ path, version, hidden }, `${path} --version`);
}

/** Short enough for a sentence. */
function firstLine(text: string): string {
  const line = text.split(/\r?\n/).map((line) => line.trim()).find((line) => line !== "") ?? "";
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
