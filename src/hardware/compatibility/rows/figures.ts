// Figures: Plot, linkedom, resvg, and what front ends show of them.
import { type CompatibilityRow, issue, reported, reproduced } from "../compatibility_row.ts";

export const FIGURE_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC601",
    title: "Observable Plot without a document",
    components: [{ name: "@observablehq/plot", versions: "<=0.6.17" }],
    platforms: ["any"],
    symptoms: [
      "TypeError: Cannot read properties of undefined (reading 'documentElement') … plot",
      "TypeError: Cannot read properties of undefined (reading 'documentElement')",
      "TypeError: Cannot read properties of undefined (reading 'createElementNS')",
    ],
    cause:
      "Plot draws into a document, takes the browser's when it is loaded, and there is none in " +
      "Node, Deno and their kernels",
    fixes: {
      configuration: {
        do: "preload a file that makes a document before Plot is imported: node --import, deno " +
          "--preload",
        template: "start_script",
      },
      code: {
        do: 'hand one in: Plot.plot({ …, document: parseHTML("<html></html>").document }) with ' +
          "linkedom; the plots of @qsight/qsight do so",
      },
      environment: { do: "draw in a browser" },
    },
    sources: ["https://observablehq.com/plot/features/plots"],
    verified: reproduced("tests/hardware/reproductions/plot_document_test.ts"),
  },
  {
    id: "QC602",
    title: "linkedom from 0.18.13 on needs a package that a registry may lack",
    components: [{ name: "linkedom", versions: ">=0.18.13" }],
    platforms: ["any"],
    symptoms: [
      "npm error 404 Not Found - GET …/cssomnom - Not found",
      "404 'cssomnom@…' is not in this registry.",
      "No matching version found for cssomnom@…",
      "npm package 'cssomnom' does not exist",
      "Could not find npm package 'cssomnom' matching '…'",
      "Cannot find module 'cssomnom'",
      "Cannot find package 'cssomnom' imported from …",
    ],
    cause: "cssom was exchanged for a new package, cssomnom, which mirrors and lists of allowed " +
      "packages did not have at first; the registry has it on the date below",
    fixes: {
      configuration: { do: "pin linkedom to 0.18.12, in overrides too", template: "package.json" },
      code: { none: "the package is not installed, so no code can load it" },
      environment: { do: "let the mirror fetch cssomnom" },
    },
    sources: ["https://www.npmjs.com/package/cssomnom", "https://www.npmjs.com/package/linkedom"],
    verified: reproduced("tests/e2e/compatibility_test.ts, by a registry of before the package"),
  },
  {
    id: "QC603",
    title: "resvg finds no root in an SVG without namespace",
    components: [{ name: "@resvg/resvg-js", versions: "<=2.6.2" }],
    platforms: ["any"],
    symptoms: [
      "Error: SVG data parsing failed cause the document does not have a root node",
    ],
    cause:
      "the outerHTML of Plot and of DOM libraries has no xmlns, and resvg takes only elements " +
      "of SVG's namespace",
    fixes: {
      configuration: { none: "resvg has no option for it" },
      code: {
        do:
          'put xmlns="http://www.w3.org/2000/svg" on the svg element; renderPng() and the figures of this project have it',
      },
      environment: { none: "the parser is a part of the package" },
    },
    sources: ["https://github.com/thx/resvg-js"],
    verified: reproduced('by hand: new Resvg("<svg …/>") of 2.6.2 on Node 20.20.2'),
  },
  {
    id: "QC604",
    title: "A figure is missing in a notebook that is not trusted",
    components: [{ name: "jupyter", versions: "*" }],
    platforms: ["any"],
    symptoms: [],
    signs: "a reader of a saved notebook sees text instead of the SVG, and no scripts run",
    cause:
      "Jupyter shows no image/svg+xml and no inline SVG of a notebook that was not trusted on " +
      "that machine",
    fixes: {
      configuration: { do: "jupyter trust NOTEBOOK.ipynb, where you know where it comes from" },
      code: { do: "give the output a PNG beside the SVG; figures of this project have both" },
      environment: { do: "execute the notebook again on that machine" },
    },
    sources: ["https://jupyter-server.readthedocs.io/en/latest/operators/security.html"],
    verified: reported(
      "measured for this project with Notebook 6 and Lab 4 before this date; not repeated",
    ),
  },
  {
    id: "QC605",
    title: "Symbol.for() as the name of a member of an interface",
    components: [{ name: "typescript", versions: ">=2.7.0" }],
    platforms: ["any"],
    symptoms: [
      "TS1169 [ERROR]: A computed property name in an interface must refer to an expression " +
      "whose type is a literal type or a 'unique symbol' type.",
      "A computed property name in an interface must refer to an expression whose type is a " +
      "literal type or a 'unique symbol' type.",
    ],
    cause: 'a call has no type that a name can have, so [Symbol.for("Jupyter.display")] cannot ' +
      "stand in an interface",
    fixes: {
      configuration: { none: "no option of the compiler allows it" },
      code: {
        do: 'name the symbol first: const display: unique symbol = Symbol.for("Jupyter.display")',
      },
      environment: { none: "the same in every version of TypeScript" },
    },
    sources: ["https://www.typescriptlang.org/docs/handbook/symbols.html#unique-symbol"],
    verified: reproduced("by hand: deno check with Deno 2.9.6"),
  },
  {
    id: "QC606",
    title: "The table of a data frame is cut at 50 rows",
    components: [{ name: "nodejs-polars", versions: "*" }],
    platforms: ["any"],
    symptoms: [],
    signs: "a frame as the last expression of a cell shows 50 rows and not how many there are",
    cause: "the package renders that many and no header with the shape",
    fixes: {
      configuration: { none: "the number is fixed in the package" },
      code: { do: "print frame.shape beside it, or show slices" },
      environment: { none: "the front end gets no more rows" },
    },
    sources: [issue("pola-rs/nodejs-polars", 250)],
    verified: reported("the issue"),
  },
];
