import { CURED, missingNode, node, reproduce, withFiles } from "./_reproduce.ts";

// Node 20.19 and later are told by a flag to be as 20.18 was.
const OLD = { NODE_OPTIONS: "--no-experimental-require-module" };

const attempt = (load: string, env: Readonly<Record<string, string>>) => () =>
  withFiles({
    "node_modules/modern/package.json": '{ "type": "module", "exports": "./index.js" }',
    "node_modules/modern/index.js": "export const answer = 42;",
    "cell.cjs": `(async () => {
      const { answer } = ${load};
      if (answer === 42) console.log("${CURED}");
    })();`,
  }, (folder) => node([`${folder}/cell.cjs`], { env }));

reproduce({
  row: "QC425",
  missing: await missingNode(20, 22),
  fault: attempt('require("modern")', OLD),
  tiers: {
    configuration: attempt('require("modern")', {
      NODE_OPTIONS: `${OLD.NODE_OPTIONS} --experimental-require-module`,
    }),
    code: attempt('await import("modern")', OLD),
    environment: attempt('require("modern")', {}),
  },
});
