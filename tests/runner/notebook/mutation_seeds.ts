// Valid files with everything that the formats have: what the mutations start from.

const bundle = {
  "text/plain": ["a\n", "b"],
  "image/png": "iVBORw0KGgo=\n",
  "image/svg+xml": "<svg>\n</svg>",
  "application/json": { list: [1, [2, { three: 3.5 }]], nothing: null },
  "application/vnd.mine.v1+json": ["a", "b"],
};
const shown = { data: bundle, metadata: { "image/png": { width: 10 }, isolated: true } };
const outputs = [
  { output_type: "stream", name: "stdout", text: ["é\n", "\u2028😀"] },
  { output_type: "stream", name: "stderr", text: "" },
  { output_type: "display_data", ...shown },
  { output_type: "execute_result", execution_count: 2, ...shown },
  { output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[31ma", "b"] },
];
const metadata = {
  kernelspec: { name: "python3", display_name: "Python 3", language: "python" },
  language_info: { name: "python", codemirror_mode: { name: "ipython", version: 3 } },
  title: "T",
  authors: [{ name: "A" }],
  widgets: { "application/vnd.jupyter.widget-state+json": { state: {}, version_major: 2 } },
};
const cellMetadata = {
  ...{ tags: ["parameters", "b"], name: "n", collapsed: false, scrolled: "auto" },
  ...{ jupyter: { source_hidden: true }, execution: { "iopub.status.busy": "2020-01-01" } },
};
const attachments = { "a.png": { "image/png": "iVBO" } };

/** Notebooks of nbformat 4.5, 4.0, 4.6 and 3, as parsed JSON. */
export const NOTEBOOKS: readonly object[] = [
  {
    ...{ nbformat: 4, nbformat_minor: 5, metadata },
    cells: [
      { cell_type: "markdown", id: "a", metadata: {}, source: ["# T\n", "x"], attachments },
      {
        cell_type: "code",
        id: "b",
        metadata: cellMetadata,
        source: "1",
        outputs,
        execution_count: 1,
      },
      { cell_type: "raw", id: "c", metadata: { format: "text/x" }, source: [], attachments: {} },
      { cell_type: "code", id: "d", metadata: {}, source: "", outputs: [], execution_count: null },
    ],
  },
  {
    ...{ nbformat: 4, nbformat_minor: 0, metadata: { orig_nbformat: 2, kernelspec: null } },
    cells: [
      { cell_type: "code", metadata: {}, source: ["a\r\n", "b"], outputs, execution_count: null },
      { cell_type: "markdown", metadata: { tags: [] }, source: "a" },
    ],
  },
  {
    ...{ nbformat: 4, nbformat_minor: 6, metadata: {}, later: { a: 1 } },
    cells: [
      { cell_type: "raw", id: "x", metadata: {}, source: "a", later: [1] },
      {
        ...{ cell_type: "code", id: "y", metadata: {}, source: "1", execution_count: 0, later: 1 },
        outputs: [{ output_type: "stream", name: "stdout", text: "a", later: 1 }],
      },
    ],
  },
  {
    ...{ nbformat: 3, nbformat_minor: 0, metadata: { name: "n", signature: "" } },
    worksheets: [{
      metadata: {},
      cells: [
        { cell_type: "heading", level: 2, source: ["H"], metadata: {} },
        { cell_type: "markdown", source: ["a\n", "b"], metadata: {} },
        {
          ...{
            cell_type: "code",
            language: "python",
            input: ["1"],
            collapsed: false,
            metadata: {},
          },
          prompt_number: 1,
          outputs: [
            { output_type: "stream", stream: "stdout", text: ["a"] },
            { output_type: "pyout", prompt_number: 1, text: ["1"], json: "[1]", metadata: {} },
            { output_type: "display_data", png: "iVBO", "text/x": "y" },
            { output_type: "pyerr", ename: "E", evalue: "v", traceback: ["t"] },
          ],
        },
      ],
    }],
  },
];

const markdown = `---
title: T
jupyter:
  kernelspec: {name: python3, display_name: Python 3, language: python}
---
# Head

\`\`\`python tags=["parameters"]
a = 1
\`\`\`

1. Item

   ~~~py no_run
   b
   ~~~
<!-- hidden -->
\`\`\`\`md
\`\`\`
\`\`\`\`
`;
const myst = `---
kernelspec:
  name: deno
---
\`\`\`{code-cell} ts
:tags: [a, b]
1
\`\`\`
\`\`\`{code-cell}
---
name: n
---
2
\`\`\`
`;
const python = `# ---
# jupyter:
#   kernelspec: {name: python3, display_name: P}
# ---
import a
# %% Title tags=["parameters"] x={"a": [1]}
b = 1
# %% [markdown]
# text
# %% {"tags": ["c"]}
`;

/** Documents and scripts. */
export const DOCUMENTS: readonly { readonly name: string; readonly text: string }[] = [
  { name: "mutated.md", text: markdown },
  { name: "mutated.md", text: myst },
  { name: "mutated.py", text: python },
  { name: "mutated.ts", text: "import a;\n// %% tags=[a]\nlet b = 1;\n// %% [markdown]\n// c\n" },
];
