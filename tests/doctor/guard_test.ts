// A check, a template or a test of them that is lost must be missed: fixes were lost that way before.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { CHECKS } from "../../src/doctor/checks.ts";
import { TEMPLATE_NAMES } from "../../src/doctor/templates/template.ts";
import { importClosure, readImportGraph } from "../_internal/import_graph.ts";
import { ROOT } from "./_project.ts";

const text = async (path: string) => await readFile(new URL(path, ROOT), "utf8");
const golden = JSON.parse(await text("fixtures/doctor/golden.json"));

/** Names of checks that are missing, new, or were given to something else. */
function differences(found: Record<string, string>, wanted: Record<string, string>): string[] {
  const codes = new Set([...Object.keys(found), ...Object.keys(wanted)]);
  return [...codes].filter((code) => found[code] !== wanted[code]).sort();
}

Deno.test("no check is lost or renamed, and no code is given twice", () => {
  const found = Object.fromEntries(CHECKS.map(({ code, title }) => [code, title]));
  assert.deepEqual(differences(found, golden.checks), [], "update fixtures/doctor/golden.json");
  assert.equal(new Set(CHECKS.map(({ code }) => code)).size, CHECKS.length);
  const { QD101: _, ...fewer } = found;
  assert.deepEqual(differences(fewer, golden.checks), ["QD101"]);
});

Deno.test("codes stand in the hundred of their point, and each check has a deadline and a remedy", () => {
  const hundreds = { dependencies: "1", configuration: "2", environment: "3", build: "4" };
  for (const { code, point, deadline, remedyWhenLate, wanted } of CHECKS) {
    assert.match(code, new RegExp(`^QD${hundreds[point]}\\d\\d$`));
    assert.ok(deadline > 0 && deadline <= 180_000, code);
    assert.ok(remedyWhenLate.length > 10 && wanted.length > 3, code);
  }
});

Deno.test("no template is lost", () => {
  assert.deepEqual([...TEMPLATE_NAMES].sort(), [...golden.templates].sort());
});

Deno.test("each check has a test in which it fails", async () => {
  const files = golden.guards.filter((path: string) => path.startsWith("tests/doctor/"));
  const code = (await Promise.all(files.map(text))).join("\n");
  for (const name of Object.keys(golden.checks)) {
    assert.ok(code.includes(`"${name}"`), `no test of tests/doctor calls ${name} by its code`);
  }
});

Deno.test("the tests of the doctor exist, and CI runs the doctor on the clone", async () => {
  for (const path of golden.guards) assert.ok((await text(path)).includes("Deno.test("), path);
  const steps = (await text(".ci/run")).split("\n").filter((line) => !/^\s*#/.test(line)).join(
    "\n",
  );
  assert.match(steps, /\bstep [^\n]*doctor --strict/);
  const workflow = await text(".github/workflows/doctor.yml");
  assert.match(workflow, /doctor --strict/);
  for (const axis of ["deno:", "node:"]) assert.ok(workflow.includes(axis), axis);
});

/** Runs a script with this configuration, and with nothing allowed but to read files. */
async function withoutNative(script: string) {
  const flags = ["--no-prompt", "--allow-read", "--deny-ffi", "--deny-env", "--deny-run"];
  const config = new URL("deno.json", ROOT).pathname;
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", ...flags, "--config", config, "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = command.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { code, stdout, stderr } = await command.output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("importing mod.ts loads no native module, starts no process and reads no environment", async () => {
  const entry = new URL("mod.ts", ROOT).href;
  assert.deepEqual(await withoutNative(`await import("${entry}");`), { code: 0, said: "" });
  // The flags do see what they are there for.
  for (const name of ["@resvg/resvg-js", "nodejs-polars"]) {
    assert.notEqual((await withoutNative(`await import("${name}");`)).code, 0, name);
  }
});

Deno.test("the qsight command and the doctor import nothing but node: and their own files", async () => {
  const graph = await readImportGraph(ROOT.pathname, [
    ...["src/cli/main.ts", "src/cli/doctor.ts", "src/cli/init.ts", "src/doctor/mod.ts"],
  ]);
  const edges = new Map(
    [...graph.edges].map(([file, all]) => [file, all.filter(({ typeOnly }) => !typeOnly)]),
  );
  for (const entry of ["src/cli/main.ts", "src/doctor/mod.ts"]) {
    const { specifiers, files } = importClosure({ ...graph, edges }, [entry]);
    assert.deepEqual(specifiers.filter((name) => !/^(?:\.|node:)/.test(name)), [], entry);
    assert.ok(files.includes("src/doctor/checks.ts"), "the command leads to the checks");
    assert.ok(files.length > 40, `${files.length} files`);
  }
  const { specifiers } = importClosure({ ...graph, edges }, ["src/doctor/build/train_step.ts"]);
  assert.deepEqual(specifiers, [], "what loads packages is not imported, only started");
});
