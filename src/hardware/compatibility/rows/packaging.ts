// Registries, bundles, and things that one runtime has and the other has not.
import { type CompatibilityRow, reported, reproduced } from "../compatibility_row.ts";

export const PACKAGING_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC901",
    title: "jsr.io cannot be reached",
    components: [{ name: "deno", versions: "*" }],
    platforms: ["any"],
    symptoms: [
      "error: JSR package manifest for '…' failed to load. Import 'https://jsr.io/…/meta.json' failed.",
      "jsr:… was not found.",
    ],
    cause: "a firewall or mirror lets npm's registry through and not jsr.io",
    fixes: {
      configuration: {
        do: "map the name to npm where the package is there too (npm:@jsr/scope__name needs " +
          "npm.jsr.io in .npmrc)",
        template: "deno.json",
      },
      code: { do: "use what Node brings, e.g. node:assert/strict instead of @std/assert" },
      environment: { do: "let jsr.io through, or set JSR_URL to a mirror" },
    },
    sources: [
      "https://jsr.io/docs/npm-compatibility",
      "https://docs.deno.com/runtime/reference/env_variables/",
    ],
    verified: reproduced(
      "by hand: deno run of an import from jsr: with Deno 2.9.6 where jsr.io is not reached",
    ),
  },
  {
    id: "QC902",
    title: "deno bundle stops at nodejs-polars",
    components: [{ name: "deno", versions: ">=2.4.0" }, { name: "nodejs-polars", versions: "*" }],
    platforms: ["any"],
    symptoms: [
      "[ERR_MODULE_NOT_FOUND] Cannot find module " +
      "'…/nodejs-polars/bin/nodejs-polars.android-arm64.node'",
    ],
    cause: "the bundler follows every native file that the package might load, on any system",
    fixes: {
      configuration: { do: "deno bundle --external nodejs-polars" },
      code: { do: "load it by import() of a name in a variable, which no bundler follows" },
      environment: { none: "the files of other systems are on no machine" },
    },
    sources: ["https://docs.deno.com/runtime/reference/cli/bundle/"],
    verified: reported("measured for this project with Deno 2.9.6 before this date; not repeated"),
  },
  {
    id: "QC903",
    title: "Node 20 has no Zstandard",
    components: [{ name: "node", versions: "<22.15.0" }],
    platforms: ["any"],
    symptoms: [
      "TypeError: zlib.zstdCompressSync is not a function",
      "zstdCompressSync is not a function",
      "zstdDecompressSync is not a function",
      "Compression method not supported: ZstdCompress",
    ],
    cause: "node:zlib has it from Node 22.15 on; Deno 2.9 has it",
    fixes: {
      configuration: { none: "no flag of Node 20 adds it" },
      code: { do: "compress by gzip, as the archives of qsight runs are" },
      environment: { do: "use Node 22.15 or later, or Deno 2.9" },
    },
    sources: ["https://nodejs.org/api/zlib.html#zlibzstdcompresssyncbuffer-options"],
    verified: reproduced("tests/hardware/reproductions/zstd_test.ts"),
  },
  {
    id: "QC904",
    title: "npm pack without a package.json",
    components: [{ name: "deno", versions: ">=2.9.0" }],
    platforms: ["any"],
    symptoms: [
      "npm error enoent Could not read package.json: Error: ENOENT: no such file or " +
      "directory, open '…package.json'",
      "npm error path …/package.json npm error errno -2",
    ],
    cause: "a project of Deno has a deno.json only, and npm does not read it",
    fixes: {
      configuration: {
        do: "add a package.json with name, version and exports",
        template: "package.json",
      },
      code: { none: "it is about the project's files" },
      environment: { do: "deno pack makes the tarball, package.json included" },
    },
    sources: ["https://docs.npmjs.com/cli/v11/commands/npm-pack"],
    verified: reproduced("by hand: npm pack of npm 11 in a folder without package.json"),
  },
];
