import { CURED, deno, missingNode, node, reproduce, withFiles } from "./_reproduce.ts";

// A function that negates, multiplies and adds four numbers in one instruction: relaxed SIMD.
const RELAXED = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0],
  ...[65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11],
];
// The smallest module with plain SIMD: a vector of zeros.
const PLAIN = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0],
  ...[65, 0, 253, 15, 11],
];

const load = (choose: string) => `
  const [relaxed, plain] = ${
  JSON.stringify([RELAXED, PLAIN])
}.map((bytes) => new Uint8Array(bytes));
  new WebAssembly.Module(${choose});
  console.log("${CURED}");`;
const files = {
  "fault.mjs": load("relaxed"),
  "code.mjs": load("WebAssembly.validate(relaxed) ? relaxed : plain"),
};

reproduce({
  row: "QC107",
  missing: await missingNode(20),
  fault: () => withFiles(files, (folder) => node([`${folder}/fault.mjs`])),
  tiers: {
    configuration: () =>
      withFiles(
        files,
        (folder) => node(["--experimental-wasm-relaxed-simd", `${folder}/fault.mjs`]),
      ),
    code: () => withFiles(files, (folder) => node([`${folder}/code.mjs`])),
    environment: () => withFiles(files, (folder) => deno(["run", `${folder}/fault.mjs`])),
  },
});
