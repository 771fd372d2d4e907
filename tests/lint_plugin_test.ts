import assert from "node:assert/strict";
import plugin from "./_tools/lint_plugin.ts";
import { FLOORS, homeFault, HOMES, roomFault, roomOf } from "./_tools/rooms.ts";

/** What the plugin says about a file, one line a fault. */
function faults(file: string, code: string): string[] {
  return Deno.lint.runPlugin(plugin, file, code).map(({ message }) => message);
}

Deno.test("the lint plugin is quiet on imports from lower floors, the same room, node and home", () => {
  const code = `
    import { join } from "node:path";
    import { writeAtomic } from "../_internal/write_atomic.ts";
    import type { Figure } from "../_internal/figure.ts";
    import { probeHardware } from "../hardware/probe_hardware.ts";
    import { z } from "zod";
    export { a } from "./a.ts";
    export * from "./deep/b.ts";
    export const c = await import("./c.ts");
    export function d() {}
  `;
  assert.deepEqual(faults("/project/src/runs/open_run.ts", code), []);
});

for (
  const [kind, statement] of [
    ["an import", 'import { fit } from "../training/fit.ts";'],
    ["a type import", 'import type { Fit } from "../training/fit.ts";'],
    ["a re-export", 'export { fit } from "../training/fit.ts";'],
    ["a star re-export", 'export * from "../training/fit.ts";'],
    ["a late import", 'const { fit } = await import("../training/fit.ts");'],
  ]
) {
  Deno.test(`the lint plugin flags ${kind} that goes up`, () => {
    assert.deepEqual(faults("/project/src/runs/run.ts", statement), [
      "runs (floor 2) imports training (floor 5)",
    ]);
  });
}

Deno.test("the lint plugin flags an import from a room of the same floor", () => {
  assert.deepEqual(
    faults("/project/src/stages/a.ts", 'import { accuracy } from "../metrics/accuracy.ts";'),
    ["stages (floor 1) imports metrics (floor 1)"],
  );
});

Deno.test("the lint plugin flags imports from outside src and of rooms without a floor", () => {
  assert.deepEqual(faults("/project/src/runs/a.ts", 'import "../../tests/x.ts";'), [
    "src/runs imports ../../tests/x.ts from outside src",
  ]);
  assert.deepEqual(faults("/project/src/runs/a.ts", 'import "../attic/x.ts";'), [
    'Room "attic" has no floor',
  ]);
});

Deno.test("the lint plugin flags a package away from home, pinned, scoped or by a file in it", () => {
  const away = (specifier: string) =>
    faults("/project/src/metrics/a.ts", `import x from "${specifier}";`);
  for (const specifier of ["zod", "npm:zod@4", "npm:zod@^4.1.0/mini"]) {
    assert.deepEqual(away(specifier), ['Package "zod" is imported by metrics'], specifier);
  }
  const tfjs = ['Package "@tensorflow/tfjs" is imported by metrics'];
  assert.deepEqual(away("@tensorflow/tfjs"), tfjs);
  assert.deepEqual(away("npm:@tensorflow/tfjs@4.22.0/dist/tf.js"), tfjs);
});

Deno.test("the lint plugin flags a package without a home", () => {
  for (const specifier of ["lodash", "npm:lodash@4", "https://example.org/x.js", "jsr:@std/x"]) {
    const [message] = faults("/project/src/runs/a.ts", `import x from "${specifier}";`);
    assert.match(message, /has no home/, specifier);
  }
});

Deno.test("the lint plugin flags a default export in src, and only there", () => {
  assert.deepEqual(faults("/project/src/runs/a.ts", "export default 1;"), [
    "Default export in src",
  ]);
  assert.deepEqual(faults("/project/tests/a.ts", "export default 1;"), []);
});

Deno.test("the lint plugin leaves files outside src to import what they like", () => {
  const code = 'import { z } from "zod"; import "../src/training/fit.ts"; import "./x.ts";';
  assert.deepEqual(faults("/project/tests/runs/a_test.ts", code), []);
});

Deno.test("each fault of the lint plugin says what to do", () => {
  const code = 'import "../training/fit.ts"; import "lodash"; export default 1;';
  const found = Deno.lint.runPlugin(plugin, "/project/src/runs/a.ts", code);
  assert.equal(found.length, 3);
  for (const { hint } of found) assert.ok((hint ?? "").length > 10);
});

Deno.test("roomOf() names the room of a file under src and of no other", () => {
  assert.equal(roomOf("/project/src/runs/deep/a.ts"), "runs");
  assert.equal(roomOf("src/runs/a.ts"), "runs");
  assert.equal(roomOf("/project/tests/runs/a.ts"), undefined);
  assert.equal(roomOf("/project/mysrc/runs/a.ts"), undefined);
});

Deno.test("roomFault() lets every room import _internal, and _internal nothing", () => {
  for (const room of Object.keys(FLOORS)) {
    if (room === "_internal") continue;
    assert.equal(roomFault(`/p/src/${room}/a.ts`, "../_internal/x.ts"), undefined);
    assert.notEqual(roomFault("/p/src/_internal/x.ts", `../${room}/a.ts`), undefined);
  }
});

Deno.test("homeFault() allows each package in its homes, which all have floors", () => {
  for (const [name, homes] of Object.entries(HOMES)) {
    for (const room of Object.keys(FLOORS)) {
      const fault = homeFault(`/p/src/${room}/a.ts`, name);
      assert.equal(fault === undefined, homes.includes(room), `${room} imports ${name}`);
    }
    for (const home of homes) assert.ok(home in FLOORS, home);
  }
});

Deno.test("deno lint runs the plugin on this project", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  assert.deepEqual(config.lint.plugins, ["./tests/_tools/lint_plugin.ts"]);
});
