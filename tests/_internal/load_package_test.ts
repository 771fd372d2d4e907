import assert from "node:assert/strict";
import { loadPackage } from "../../src/_internal/load_package.ts";
import { OPTIONAL_PACKAGES } from "../../src/_internal/optional_packages.ts";
import { HOMES } from "../_tools/rooms.ts";

const { imports } = JSON.parse(
  await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
) as { imports: Record<string, string> };

Deno.test("OPTIONAL_PACKAGES has the versions of deno.json", () => {
  for (const [name, version] of Object.entries(OPTIONAL_PACKAGES)) {
    assert.equal(imports[name], `npm:${name}@${version}`);
  }
});

Deno.test("OPTIONAL_PACKAGES has every package that a room imports, but for zod", () => {
  // The C library's packages are opt-in, and TensorFlow.js brings its core.
  const others = [
    "zod",
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-node",
    "@tensorflow/tfjs-node-gpu",
  ];
  const wanted = Object.keys(HOMES).filter((name) => !others.includes(name));
  assert.deepEqual(Object.keys(OPTIONAL_PACKAGES).sort(), [...wanted, "tslab"].sort());
});

const thrown = (error: unknown) => () => Promise.reject(error);

for (
  const message of [
    "Cannot find package 'sharp' imported from /a/src/images/decode_image.js", // Node
    'Import "sharp" not a dependency\n    at file:///a/src/images/decode_image.ts:3', // Deno
    "Could not find a matching package for 'npm:sharp@0.35.5' in the node_modules directory.",
  ]
) {
  Deno.test(`loadPackage() says how to install what is absent: ${message.slice(0, 30)}`, async () => {
    const cause = new TypeError(message);
    await assert.rejects(loadPackage("sharp", thrown(cause)), {
      name: "AbsentPackageError",
      message: "sharp is not installed, and this part of QSight needs it. Run " +
        '"npm install sharp@0.35.5", or in a Deno project "deno add npm:sharp@0.35.5"',
      cause,
    });
  });
}

for (
  const message of [
    "Cannot find module '@img/sharp-linux-x64/sharp.node'", // The package is there.
    "Cannot find module 'nodejs-polars'",
    "Requires ffi access, run again with the --allow-ffi flag",
  ]
) {
  Deno.test(`loadPackage() passes on what else goes wrong: ${message}`, async () => {
    const cause = new Error(message);
    await assert.rejects(loadPackage("sharp", thrown(cause)), (error) => error === cause);
  });
}

Deno.test("loadPackage() gives what was loaded", async () => {
  assert.equal(await loadPackage("yaml", () => Promise.resolve(3)), 3);
});
