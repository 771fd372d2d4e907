import { join } from "node:path";
import { tmpdir } from "node:os";
import { CURED, deno, missingNode, node, reproduce, withFiles } from "./_reproduce.ts";

const PACKAGE = "npm:quantum-circuit@0.9.250";
const use = `if (new QuantumCircuit(2).numQubits === 2) console.log("${CURED}");`;
const config = (target: string) =>
  JSON.stringify({ nodeModulesDir: "none", imports: { "quantum-circuit": target } });

/** A program of Deno in a folder of its own, with a configuration of its own. */
const inDeno = (files: Readonly<Record<string, string>>) => () =>
  withFiles(
    files,
    (folder) => deno(["run", "-A", "--no-lock", "main.js"], { cwd: folder }),
    tmpdir(),
  );

const named = `import { QuantumCircuit } from "quantum-circuit"; ${use}`;
reproduce({
  row: "QC305",
  fault: inDeno({ "deno.json": config(PACKAGE), "main.js": named }),
  tiers: {
    configuration: inDeno({
      "deno.json": config("./named.js"),
      "named.js": `export { default as QuantumCircuit } from "${PACKAGE}";`,
      "main.js": named,
    }),
    code: inDeno({
      "deno.json": config(PACKAGE),
      "main.js": `import QuantumCircuit from "quantum-circuit"; ${use}`,
    }),
  },
});

/** Bundles a program as an ES module for Node and runs it. */
async function bundled(main: string, packages: "bundle" | "external") {
  const esbuild = await import("esbuild");
  return await withFiles({ "main.mjs": main }, async (folder) => {
    try {
      await esbuild.build({
        entryPoints: [join(folder, "main.mjs")],
        bundle: true,
        packages,
        platform: "node",
        format: "esm",
        outfile: join(folder, "bundle.mjs"),
        logLevel: "silent",
      });
    } finally {
      await esbuild.stop();
    }
    return await node([join(folder, "bundle.mjs")]);
  });
}

const whole = `import QuantumCircuit from "quantum-circuit"; ${use}`;
const required = `import { createRequire } from "node:module";
  const QuantumCircuit = createRequire(import.meta.url)("quantum-circuit"); ${use}`;
reproduce({
  row: "QC306",
  missing: await missingNode(20, 22, 24),
  fault: () => bundled(whole, "bundle"),
  tiers: {
    configuration: () => bundled(whole, "external"),
    code: () => bundled(required, "bundle"),
  },
});
