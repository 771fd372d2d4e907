import assert from "node:assert/strict";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { killWriters } from "./_kill_writer.ts";
import { inRoot } from "./_temporary_root.ts";

/** The soak tests kill two hundred. */
const KILLS = 10;

testOrSkip(
  "a run whose process is killed while it writes leaves whole files only",
  Deno.build.os === "windows" ? "Windows has no SIGKILL" : undefined,
  () =>
    inRoot(async (root) => {
      const { files, rows } = await killWriters(root, { kills: KILLS, seed: 1 });
      assert.ok(files > KILLS, `only ${files} files`);
      assert.ok(rows > 0, "no row was ever written");
    }),
);
