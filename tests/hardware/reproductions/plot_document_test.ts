import { CURED, missingNode, node, reproduce, withFiles } from "./_reproduce.ts";

const program = (document: string) =>
  `import { parseHTML } from "linkedom";
  import * as Plot from "@observablehq/plot";
  const chart = Plot.plot({ marks: [Plot.line([[0, 1], [1, 2]])]${document} });
  if (chart.outerHTML.includes("<path")) console.log("${CURED}");`;
const files = {
  "fault.mjs": program(""),
  "code.mjs": program(', document: parseHTML("<html></html>").document'),
  "preload.mjs": `import { parseHTML } from "linkedom";
    globalThis.window = { document: parseHTML("<html></html>").document };`,
};

reproduce({
  row: "QC601",
  missing: await missingNode(20, 22, 24),
  fault: () => withFiles(files, (folder) => node([`${folder}/fault.mjs`])),
  tiers: {
    configuration: () =>
      withFiles(
        files,
        (folder) => node(["--import", `${folder}/preload.mjs`, `${folder}/fault.mjs`]),
      ),
    code: () => withFiles(files, (folder) => node([`${folder}/code.mjs`])),
  },
  notHere: { environment: "a browser is a matter of tests/e2e, whose page is drawn in one" },
});
