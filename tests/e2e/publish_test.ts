// `deno publish` has nothing to say against this package, but for imports that are meant so.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/_internal/run_command.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** They load what is named at run time: commands, the package to examine, tslab from its kernel. */
const COMPUTED = [
  "src/cli/main.ts",
  "src/cli/share_tfjs.ts",
  "src/cli/subcommand.ts",
  "src/display/show.ts",
  "src/doctor/build/import_entry.ts",
  "src/doctor/dependencies/import_in_order.ts",
];

Deno.test("deno publish --dry-run is content, and takes the sources alone", async () => {
  const command = [Deno.execPath(), "publish", "--dry-run", "--allow-dirty"] as const;
  const { code, stdout, stderr } = await runCommand(command, {
    cwd: ROOT,
    timeout: 600_000,
    env: { ...Deno.env.toObject(), NO_COLOR: "1" },
  });
  const said = stdout + stderr;
  assert.equal(code, 0, said.slice(0, 2000));
  assert.doesNotMatch(said, /\berror\[|slow-type/);
  const warnings = Array.from(said.matchAll(/^warning\[([\w-]+)\][^\n]*\n\s*--> (\S+?):\d+/gm));
  assert.deepEqual(
    warnings.map(([, code, path]) => [code, path.slice(ROOT.length)]).sort(),
    COMPUTED.map((path) => ["unanalyzable-dynamic-import", path]),
  );
  const files = Array.from(said.matchAll(/^\s+file:\/\/(\S+) \(/gm), ([, path]) => path)
    .map((path) => path.slice(ROOT.length));
  assert.ok(files.length > 400);
  const [others, sources] = [false, true].map((isSource) =>
    files.filter((file) => file.startsWith("src/") === isSource)
  );
  assert.deepEqual(others.sort(), ["CHANGELOG.md", "LICENSE", "README.md", "deno.json", "mod.ts"]);
  assert.ok(sources.every((file) => /\.(?:ts|json)$/.test(file)));
});
