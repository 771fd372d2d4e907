import { CURED, deno, missingNode, node, reproduce, withFiles } from "./_reproduce.ts";

const program = (pack: string, unpack: string) => ({
  "main.mjs": `import zlib from "node:zlib";
    const bytes = Buffer.from("a".repeat(1000));
    const packed = zlib.${pack}(bytes);
    if (packed.length < 100 && zlib.${unpack}(packed).equals(bytes)) console.log("${CURED}");`,
});
const zstd = program("zstdCompressSync", "zstdDecompressSync");

reproduce({
  row: "QC903",
  missing: await missingNode(20),
  fault: () => withFiles(zstd, (folder) => node([`${folder}/main.mjs`])),
  tiers: {
    code: () =>
      withFiles(program("gzipSync", "gunzipSync"), (folder) => node([`${folder}/main.mjs`])),
    environment: () => withFiles(zstd, (folder) => deno(["run", "-A", `${folder}/main.mjs`])),
  },
});
