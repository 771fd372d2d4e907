// The Jupyter kernel of Deno.
import { type CompatibilityRow, issue, read, reported, reproduced } from "../compatibility_row.ts";

const KERNEL = { name: "deno", versions: ">=1.37.0 <=2.9.6" };
const EVERY_MACHINE = "the same in every front end and on every machine";

export const DENO_KERNEL_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC401",
    title: "The stop button ends the Deno kernel, and its variables are lost",
    components: [KERNEL],
    platforms: ["linux", "darwin"],
    symptoms: [
      'Kernel "deno" ended (SIGINT)',
      "kernel exit … SIGINT",
    ],
    signs: "after the stop button the kernel restarts and no variable is defined any more",
    cause:
      "deno jupyter --install writes no interrupt_mode, so a stop is a SIGINT, which nothing " +
      "in the kernel listens to; with interrupt_mode message a cell that awaits stays silent " +
      "for good",
    fixes: {
      configuration: {
        do: '"interrupt_mode": "message" in kernel.json, for cells that compute without ' +
          "awaiting; do not use it for cells that await",
        template: "kernel_spec",
      },
      code: {
        do: 'listen before the long part: Deno.addSignalListener("SIGINT", …) that aborts an ' +
          "AbortController, as fit() does while it trains",
      },
      environment: { none: "no released version of Deno handles the signal in its kernel" },
    },
    sources: [issue("denoland/deno", 24491), issue("denoland/deno", 32359)],
    verified: reproduced("tests/e2e/compatibility_test.ts"),
  },
  {
    id: "QC402",
    title: "A large output tears the connection to the Deno kernel",
    components: [KERNEL],
    platforms: ["any"],
    symptoms: ["Frame with reserved flags", "ValueError: Invalid Signature: …"],
    cause:
      "the kernel writes a large message in several calls, and a message of the next request " +
      "gets between two of them",
    fixes: {
      configuration: {
        none: "the kernel has no setting for its sockets",
      },
      code: {
        do: "display less than some megabytes in one cell: save the figure, and show a small one",
      },
      environment: {
        do: "execute notebooks by qsight run or qsight test, which hold such a cell until its " +
          "outputs are here",
      },
    },
    sources: ["https://rfc.zeromq.org/spec/23/"],
    verified: read(
      "the project's debugging log, incident 9; its guard is " +
        "tests/runner/kernels/deno_kernel_test.ts",
    ),
  },
  {
    id: "QC403",
    title: "Notebooks with a Deno kernel crash nbclient",
    components: [{ name: "deno", versions: "<2.9.1" }, { name: "python:nbclient", versions: "*" }],
    platforms: ["any"],
    symptoms: [
      "display_id = content.get('transient', {}).get('display_id', None) … AttributeError: " +
      "'NoneType' object has no attribute 'get'",
    ],
    signs: "errors of cells are swallowed, or a process is left behind",
    cause:
      "the kernel sent a null where the protocol has an object; it was written anew in 2.8.2, " +
      "with mends up to 2.9.1",
    fixes: {
      configuration: { none: "neither side has a setting for it" },
      code: { none: "the message is the kernel's, not the cell's" },
      environment: { do: "use Deno 2.9.1 or later" },
    },
    sources: [
      issue("denoland/deno", 34483),
      issue("denoland/deno", 35328),
      issue("denoland/deno", 35585),
    ],
    verified: reported("the pull requests; 2.9.6 does not show it here"),
    detector: "deno_kernel_before_rewrite",
  },
  {
    id: "QC404",
    title: "The Deno kernel is not found after an upgrade by Homebrew",
    components: [{ name: "deno", versions: "<2.8.2" }],
    platforms: ["darwin"],
    symptoms: ["No such file or directory: '…/Cellar/deno/…/bin/deno'"],
    cause: "the kernel spec holds the path of the version that was installed then",
    fixes: {
      configuration: {
        do: "deno jupyter --install --force writes the spec anew",
        template: "kernel_spec",
      },
      code: { none: "the kernel does not start" },
      environment: { do: "Deno 2.8.2 or later writes a path that stays" },
    },
    sources: [issue("denoland/deno", 34492)],
    verified: reported("the pull request; no macOS here"),
  },
  {
    id: "QC405",
    title: "Deno 1.40.3 has a broken kernel",
    components: [{ name: "deno", versions: "1.40.3" }],
    platforms: ["any"],
    symptoms: ["JS PANIC: Unknown or disabled op 'op_jupyter_broadcast'"],
    cause: "a regression of that one version",
    fixes: {
      configuration: { none: "the kernel does not start whatever its settings" },
      code: { none: "the kernel does not start" },
      environment: { do: "use Deno 1.40.4 or later" },
    },
    sources: [issue("denoland/deno", 22231), issue("denoland/deno", 22240)],
    verified: reported("the issues"),
    detector: "deno_kernel_1_40_3",
  },
  {
    id: "QC406",
    title: "import.meta in a notebook cell",
    components: [KERNEL],
    platforms: ["any"],
    symptoms: ["SyntaxError: Cannot use 'import.meta' outside a module"],
    cause: "cells run as a script with await, not as a module",
    fixes: {
      configuration: { none: "the kernel always evaluates cells that way" },
      code: { do: "use Deno.cwd(), which is the notebook's folder in Jupyter" },
      environment: { none: EVERY_MACHINE },
    },
    sources: ["https://docs.deno.com/runtime/reference/cli/jupyter/"],
    verified: reproduced("by hand: a cell with import.meta.url in the kernel of Deno 2.9.6"),
  },
  {
    id: "QC407",
    title: "A bare name is not a dependency where the kernel runs",
    components: [{ name: "deno", versions: ">=2.0.0" }],
    platforms: ["any"],
    symptoms: [
      'Import "…" not a dependency',
      'Import "zod" not a dependency … hint: If you want to use the npm package, try running ' +
      "`deno add npm:zod`",
    ],
    cause: "the deno.json that counts is found upward from where the kernel stands, not from the " +
      "file that imports",
    fixes: {
      configuration: {
        do: "put a deno.json with imports into the notebook's folder or one above it",
        template: "deno.json",
      },
      code: { do: 'write the version where it is used: import { z } from "npm:zod@4.6.7"' },
      environment: {
        do: "start Jupyter so that the kernel stands in the project's folder or below",
      },
    },
    sources: ["https://docs.deno.com/runtime/fundamentals/configuration/"],
    verified: reproduced("tests/hardware/reproductions/deno_imports_test.ts"),
  },
  {
    id: "QC408",
    title: "Text written to process.stdout never reaches the notebook",
    components: [KERNEL],
    platforms: ["any"],
    symptoms: [],
    signs: "progress bars and spinners of npm packages show nothing in a notebook",
    cause:
      "the kernel forwards console.* and displays, not what is written to the streams of the " +
      "process",
    fixes: {
      configuration: { none: "the kernel has no setting that captures its streams" },
      code: {
        do: "print by console.log(), or update a display by its id, as the progress of qsight does",
      },
      environment: { none: EVERY_MACHINE },
    },
    sources: ["https://docs.deno.com/runtime/reference/cli/jupyter/"],
    verified: reported("measured for this project with Deno 2.9.6 before this date; not repeated"),
  },
  {
    id: "QC409",
    title: "Widgets, history and magics do nothing in the Deno kernel",
    components: [KERNEL],
    platforms: ["any"],
    symptoms: [],
    signs: "a widget shows its text instead of itself, %time is a syntax error",
    cause:
      "the kernel answers comm_open with comm_close and keeps no history; magics are IPython's",
    fixes: {
      configuration: { none: "they are not implemented" },
      code: { do: "show HTML, SVG and PNG, and measure by performance.now()" },
      environment: { do: "use ipykernel where a widget is what it is about" },
    },
    sources: ["https://github.com/denoland/deno/blob/main/cli/js/jupyter_kernel.js"],
    verified: read("the kernel's source in Deno 2.9"),
  },
  {
    id: "QC410",
    title: "A native package ends the kernel of an old Deno",
    components: [{ name: "deno", versions: "<=1.36.4" }, { name: "nodejs-polars", versions: "*" }],
    platforms: ["any"],
    symptoms: [],
    signs: "the kernel restarts when a cell imports npm:nodejs-polars",
    cause: "the kernel of that time could not load Node-API addons",
    fixes: {
      configuration: { none: "the kernel has no setting for addons" },
      code: { none: "the import itself ends the process" },
      environment: { do: "use Deno 2.9, where the same cell works" },
    },
    sources: [issue("denoland/deno", 20524)],
    verified: reported("the issue; it works in Deno 2.9.6 here"),
  },
  {
    id: "QC411",
    title: "A variable of a cell makes a package believe that it is in a browser",
    components: [{ name: "deno", versions: "*" }],
    platforms: ["any"],
    symptoms: [],
    signs: 'an npm package says "document is not defined" in a notebook and works in a script',
    cause: "variables of cells are global, and one with a name that packages look for (window, " +
      "self, navigator) changes what they think they run in",
    fixes: {
      configuration: { none: "cells share one global scope" },
      code: { do: "import packages before such a variable is declared, or name it otherwise" },
      environment: { do: "restart the kernel: a variable cannot be taken back" },
    },
    sources: [issue("denoland/deno", 25872)],
    verified: reported("the issue"),
  },
];
