import { CURED, deno, missingNode, node, reproduce, withFiles } from "./_reproduce.ts";

const PIXEL = `await sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } })
  .raw().toBuffer()`;
const eager = {
  "main.mjs": `import sharp from "sharp";
    const pixel = ${PIXEL};
    if (pixel[0] === 255) console.log("${CURED}");`,
};
const late = {
  "main.mjs": `const red = async () => {
      const { default: sharp } = await import("sharp");
      return ${PIXEL};
    };
    if (typeof red === "function") console.log("${CURED}");`,
};

reproduce({
  row: "QC510",
  missing: await missingNode(20, 22, 24),
  fault: () => withFiles(eager, (folder) => deno(["run", "--allow-read", `${folder}/main.mjs`])),
  tiers: {
    configuration: () => withFiles(eager, (folder) => deno(["run", "-A", `${folder}/main.mjs`])),
    code: () => withFiles(late, (folder) => deno(["run", "--allow-read", `${folder}/main.mjs`])),
    environment: () => withFiles(eager, (folder) => node([`${folder}/main.mjs`])),
  },
});
