import assert from "node:assert/strict";
import {
  compareEnvironments,
  type EnvironmentFacts,
  probeEnvironment,
} from "../../../src/hardware/mod.ts";
import { absent, found, unknown } from "../../../src/hardware/probe.ts";
import { emptyEnvironment } from "../_fake_sources.ts";

const node = (version: string, path = "/usr/bin/node") => found({ path, version, hidden: [] }, "");

async function facts(over: Partial<EnvironmentFacts> = {}): Promise<EnvironmentFacts> {
  const { runtime, programs } = await probeEnvironment({ sources: emptyEnvironment() });
  return {
    runtime,
    programs,
    path: found(["/usr/bin", "/bin"], "PATH"),
    variables: found({ LANG: "C" }, "test"),
    ...over,
  };
}

Deno.test("compareEnvironments() finds nothing between an environment and its copy through JSON", async () => {
  const here = await probeEnvironment({ ports: [] });
  assert.deepEqual(compareEnvironments(here, JSON.parse(JSON.stringify(here))), []);
});

Deno.test("compareEnvironments() names runtime, program, PATH and variables that differ", async () => {
  const base = await facts();
  const shell = await facts({
    runtime: { name: "deno", version: "2.9.6", v8: "15.0" },
    programs: { ...base.programs, node: node("20.20.2") },
    variables: found({ LANG: "C", CUDA_VISIBLE_DEVICES: "0", TZ: "UTC" }, ""),
  });
  const kernel = await facts({
    runtime: { name: "node", version: "20.20.2", v8: "11.3" },
    programs: { ...base.programs, node: node("18.1.0", "/opt/node"), npm: unknown("it hung") },
    path: found(["/usr/bin", "/venv/bin"], ""),
    variables: found({ LANG: "C", CUDA_VISIBLE_DEVICES: "", TZ: "UTC" }, ""),
  });
  assert.deepEqual(compareEnvironments(shell, kernel), [
    { what: "runtime", first: "deno 2.9.6 (V8 15.0)", second: "node 20.20.2 (V8 11.3)" },
    { what: "program node", first: "20.20.2 (/usr/bin/node)", second: "18.1.0 (/opt/node)" },
    { what: "program npm", first: "not on PATH", second: "unknown: it hung" },
    { what: "PATH", first: "only here: /bin", second: "only here: /venv/bin" },
    { what: "variable CUDA_VISIBLE_DEVICES", first: "0", second: "set to nothing" },
  ]);
});

Deno.test("compareEnvironments() sees the order of PATH where its folders are the same", async () => {
  const other = await facts({ path: found(["/bin", "/usr/bin"], "") });
  assert.deepEqual(compareEnvironments(await facts(), other), [
    { what: "order of PATH", first: "/usr/bin, /bin", second: "/bin, /usr/bin" },
  ]);
});

Deno.test("compareEnvironments() does not take what is unknown for equal to what is known", async () => {
  const blind = await facts({ path: unknown("denied"), variables: unknown("denied") });
  assert.deepEqual(compareEnvironments(blind, await facts()), [
    { what: "PATH", first: "unknown: denied", second: "2 folders" },
    { what: "variables", first: "unknown: denied", second: "known" },
  ]);
  assert.deepEqual(compareEnvironments(blind, blind), []);
  const { path: _, ...rest } = blind;
  assert.equal(compareEnvironments({ ...rest, path: absent("none") }, blind).length, 1);
});
