import assert from "node:assert/strict";
import { outputPaths } from "../../../src/runner/suite/output_paths.ts";

Deno.test("outputPaths() keeps paths below the folder, and never gives two notebooks one file", () => {
  const paths = ["/p/a.ipynb", "/p/in/a.ipynb", "/q/a.ipynb", "/p/a.md", "/p/a.ts"];
  const planned = outputPaths(paths, { output: "out", cwd: "/p" });
  assert.deepEqual([...planned.values()], [
    "/p/out/a.ipynb",
    "/p/out/in/a.ipynb",
    "/p/out/outside/q/a.ipynb",
    "/p/out/a.md.ipynb",
    "/p/out/a.ts.ipynb",
  ]);
  assert.equal(
    outputPaths(["/p/a.ipynb"], { output: "/o", cwd: "/p" }).get("/p/a.ipynb"),
    "/o/a.ipynb",
  );
});

Deno.test("outputPaths() refuses to overwrite the notebooks", () => {
  assert.throws(
    () => outputPaths(["/p/a.ipynb"], { output: ".", cwd: "/p" }),
    /^RangeError: The output folder \. would overwrite the notebook \/p\/a\.ipynb.*use update/s,
  );
});
