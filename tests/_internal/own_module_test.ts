import assert from "node:assert/strict";
import { ownModule } from "../../src/_internal/own_module.ts";

Deno.test("ownModule() names sources in the sources, and JavaScript in the npm package", () => {
  const cases: [path: string, base: string, wanted: string][] = [
    ["./test.ts", "file:///q/src/cli/main.ts", "file:///q/src/cli/test.ts"],
    ["./test.ts", "file:///q/src/cli/main.js", "file:///q/src/cli/test.js"],
    ["../../mod.ts", "file:///q/src/doctor/a.js", "file:///q/mod.js"],
  ];
  for (const [path, base, wanted] of cases) assert.equal(ownModule(path, base), wanted);
});
