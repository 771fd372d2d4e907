import assert from "node:assert/strict";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { killWriters } from "../runs/_kill_writer.ts";
import { inRoot } from "../runs/_temporary_root.ts";

const KILLS = 200;

testOrSkip(
  `a run leaves whole files only, ${KILLS} kills long`,
  Deno.build.os === "windows" ? "Windows has no SIGKILL" : undefined,
  () =>
    inRoot(async (root) => {
      const { files, rows, leftovers } = await killWriters(root, { kills: KILLS, seed: 2 });
      assert.ok(files > KILLS, `only ${files} files`);
      assert.ok(rows > KILLS, `only ${rows} rows`);
      // Without one the kills missed the writes, and the test showed nothing.
      assert.ok(leftovers > 0, "no write was ever cut short");
    }),
);
