import assert from "node:assert/strict";
import { programsOnPath } from "../../src/_internal/programs_on_path.ts";

Deno.test("programsOnPath() lists what PATH holds of a name, first to last, and no folder or plain file", async () => {
  const root = await Deno.makeTempDir();
  try {
    for (const folder of ["a", "b", "c", "d"]) await Deno.mkdir(`${root}/${folder}`);
    await Deno.mkdir(`${root}/a/tool`);
    await Deno.writeTextFile(`${root}/b/tool`, "not executable", { mode: 0o644 });
    for (const folder of ["c", "d"]) {
      await Deno.writeTextFile(`${root}/${folder}/tool`, "#!/bin/sh\n", { mode: 0o755 });
    }
    const path = ["", "/no/such/folder", ...["a", "b", "d", "c", "d"].map((x) => `${root}/${x}`)]
      .join(":");
    assert.deepEqual(await programsOnPath("tool", { path }), [`${root}/d/tool`, `${root}/c/tool`]);
    assert.deepEqual(await programsOnPath("other", { path }), []);
    assert.deepEqual(await programsOnPath("tool", { path: "" }), []);
    assert.deepEqual(await programsOnPath(`${root}/c/tool`, { path: "" }), [`${root}/c/tool`]);
    assert.deepEqual(await programsOnPath(`${root}/a/tool`, { path }), []);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
