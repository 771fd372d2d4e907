// tslab, the Jupyter kernel for Node, and what all kernels share.
import { type CompatibilityRow, issue, reported, reproduced } from "../compatibility_row.ts";

const TSLAB = { name: "tslab", versions: "<=1.0.22" };

export const NODE_KERNEL_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC421",
    title: "A tslab cell that prints much never ends",
    components: [TSLAB, { name: "zeromq", versions: ">=6.0.0" }],
    platforms: ["any"],
    symptoms: [
      "Error: Socket is busy writing; only one send operation may be in progress at any time",
      "errno: 16, code: 'EBUSY' … Socket is busy writing",
    ],
    signs: "the output stops at about 500 lines, and the cell runs into its deadline",
    cause:
      "tslab does not wait until one message is sent before it sends the next, and the socket " +
      "refuses to be used twice at a time",
    fixes: {
      configuration: {
        do: "start the kernel with --require of a file that queues the sends of zeromq, as " +
          "qsight run and qsight test do",
        template: "kernel_spec",
      },
      code: { do: "print a hundred lines at a time instead of one" },
      environment: {
        none: "the same with every Node and every version of zeromq 6 that was tried",
      },
    },
    sources: ["https://github.com/zeromq/zeromq.js", issue("yunabe/tslab", 74)],
    verified: reproduced("tests/hardware/reproductions/zeromq_test.ts"),
  },
  {
    id: "QC422",
    title: "Outputs are lost in silence while the reader is busy",
    components: [{ name: "zeromq", versions: "*" }, { name: "python:ipykernel", versions: "*" }],
    platforms: ["any"],
    symptoms: [],
    signs: "a cell of thousands of outputs ends with some missing, on a busy machine only",
    cause:
      "a publishing socket drops what is sent while a thousand messages wait for a slow reader " +
      "(its high-water mark)",
    fixes: {
      configuration: {
        do: "take the bound from the kernel's socket when it starts, as qsight run and qsight " +
          "test do for tslab and ipykernel",
        template: "kernel_spec",
      },
      code: {
        do: "where the socket is yours: sendHighWaterMark: 0; in a cell: fewer, larger outputs",
      },
      environment: { none: "a faster machine makes it rarer and does not end it" },
    },
    sources: ["https://zguide.zeromq.org/docs/chapter2/#High-Water-Marks"],
    verified: reproduced("tests/hardware/reproductions/zeromq_test.ts"),
  },
  {
    id: "QC423",
    title: "tslab refuses imports from outside the notebook's folder",
    components: [TSLAB],
    platforms: ["any"],
    symptoms: [
      "File '…' is not under 'rootDir' '…'. 'rootDir' is expected to contain all source files.",
    ],
    cause: "tslab gives TypeScript the folder of the kernel as rootDir",
    fixes: {
      configuration: {
        do: "install what is imported as a package, in node_modules of the project, and import " +
          "it by its name",
        template: "package.json",
      },
      code: {
        do: 'hide the path from the compiler: await import(process.cwd() + "/../dist/x.mjs"), ' +
          "or require(), without types",
      },
      environment: { do: "start the kernel in the folder above both" },
    },
    sources: ["https://www.typescriptlang.org/tsconfig/#rootDir"],
    verified: reproduced("tests/hardware/reproductions/tslab_test.ts"),
  },
  {
    id: "QC424",
    title: "tslab does not know Node's own modules",
    components: [TSLAB, { name: "@types/node", versions: "*" }],
    platforms: ["any"],
    symptoms: [
      "Cannot find module 'fs' or its corresponding type declarations.",
      "Cannot find module 'path' or its corresponding type declarations.",
      "Cannot find module 'node:fs' or its corresponding type declarations.",
      "Cannot find module 'node:path' or its corresponding type declarations.",
      "Cannot find module 'node:assert/strict' or its corresponding type declarations.",
      "Cannot find name 'process'. Do you need to install type definitions for node?",
      "Cannot find name 'require'. Do you need to install type definitions for node?",
      "Cannot find name 'Buffer'. Do you need to install type definitions for node?",
    ],
    cause: "tslab checks types and finds no @types/node: package managers that isolate packages, " +
      "Deno's among them, put only declared ones at the top of node_modules",
    fixes: {
      configuration: {
        do: "declare @types/node beside tslab, in deno.json or package.json, and install",
        template: "deno.json",
      },
      code: { do: "// @ts-ignore above the line, which keeps the rest of the cell checked" },
      environment: { do: "install with npm, which puts the package where tslab looks" },
    },
    sources: ["https://github.com/yunabe/tslab"],
    verified: reproduced("tests/hardware/reproductions/tslab_test.ts"),
    detector: "tslab_without_node_types",
  },
  {
    id: "QC425",
    title: "A cell of tslab imports a package that is an ES module only",
    components: [TSLAB, { name: "node", versions: "<20.19.0 || >=21.0.0 <22.12.0" }],
    platforms: ["any"],
    symptoms: [
      "Error [ERR_REQUIRE_ESM]: require() of ES Module … not supported",
      "Instead change the require of … to a dynamic import() which is available in all " +
      "CommonJS modules.",
    ],
    cause: "tslab turns cells into CommonJS, and older versions of Node cannot require() an ES " +
      "module",
    fixes: {
      configuration: {
        do: "NODE_OPTIONS=--experimental-require-module, which Node 20.17 and 22 know",
        template: "kernel_spec",
      },
      code: { do: 'const m = await import("package")' },
      environment: { do: "use Node 20.19, 22.12 or later, which can do it by themselves" },
    },
    sources: [
      issue("yunabe/tslab", 72),
      "https://nodejs.org/api/modules.html#loading-ecmascript-modules-using-require",
    ],
    verified: reproduced("tests/hardware/reproductions/require_module_test.ts"),
    detector: "tslab_without_require_of_modules",
  },
  {
    id: "QC426",
    title: "tslab picks up a TypeScript that is not its own",
    components: [TSLAB, { name: "typescript", versions: "*" }],
    platforms: ["any"],
    symptoms: [
      "TypeError: Cannot read properties of undefined (reading 'locals') … converter.js",
    ],
    cause: "tslab reaches into the inside of one version of TypeScript, and another one was found",
    fixes: {
      configuration: {
        do: "pin @tslab/typescript-for-tslab to the version that tslab asks for",
        template: "package.json",
      },
      code: { none: "it fails before the cell runs" },
      environment: { do: "remove and install tslab again" },
    },
    sources: [issue("yunabe/tslab", 82)],
    verified: reported("the issue"),
  },
  {
    id: "QC427",
    title: "A cell of tslab imports a .ts file by its full name",
    components: [TSLAB],
    platforms: ["any"],
    symptoms: [
      "An import path can only end with a '.ts' extension when 'allowImportingTsExtensions' " +
      "is enabled.",
    ],
    cause: "tslab's TypeScript wants the name without the ending, and files of Deno have it",
    fixes: {
      configuration: {
        do: "install the code as a package: deno pack, then the tarball in node_modules",
      },
      code: {
        do:
          "import a built .mjs, or a .ts file without relative imports by its name without ending",
      },
      environment: { do: "use the Deno kernel, which wants the ending" },
    },
    sources: ["https://www.typescriptlang.org/tsconfig/#allowImportingTsExtensions"],
    verified: reproduced("tests/hardware/reproductions/tslab_test.ts"),
  },
  {
    id: "QC428",
    title: "import() inside code that was made from text",
    components: [{ name: "node", versions: "*" }],
    platforms: ["any"],
    symptoms: [
      "TypeError [ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING]: A dynamic import callback was not " +
      "specified.",
      "ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING",
    ],
    cause:
      "code that runs by node:vm, as cells of tslab do, may import only what the runner of the " +
      "code resolves",
    fixes: {
      configuration: { none: "the callback is given by the program that runs the code" },
      code: {
        do: "write import() or require() in the cell itself, not inside new Function() or " +
          "vm.runInContext()",
      },
      environment: { do: "use the Deno kernel, where cells may import as they like" },
    },
    sources: ["https://nodejs.org/api/errors.html#err_vm_dynamic_import_callback_missing"],
    verified: reproduced("by hand: vm.runInThisContext('import(\"fs\")') on Node 20.20.2"),
  },
  {
    id: "QC429",
    title: "The install of an older tslab fails at zeromq",
    components: [{ name: "tslab", versions: "<=1.0.15" }],
    platforms: ["any"],
    symptoms: [],
    signs: "npm install ends in a build of zeromq that fails",
    cause: "it depends on a beta of zeromq without prebuilt files for newer versions of Node",
    fixes: {
      configuration: { do: "pin tslab to 1.0.22", template: "package.json" },
      code: { none: "it is about the install" },
      environment: { do: "give the machine a compiler, cmake and Python for the build" },
    },
    sources: [issue("yunabe/tslab", 74), issue("zeromq/zeromq.js", 530)],
    verified: reported("the pull request; 1.0.22 installs without a build here"),
  },
  {
    id: "QC430",
    title: "After WebAssembly was opened, a rejection nobody handles ends tslab's kernel",
    components: [TSLAB, { name: "@tensorflow/tfjs-backend-wasm", versions: "<=4.22.0" }],
    platforms: ["any"],
    symptoms: [],
    signs: "the kernel is gone after an error in a promise that no cell awaits",
    cause:
      "the module of the backend adds listeners for such errors to the process, and they throw " +
      "again",
    fixes: {
      configuration: { none: "the file of the backend has no setting for it" },
      code: {
        do: "open the backend by openTensors(), or remove the new process.listeners() after " +
          "tf.ready()",
      },
      environment: { do: "use the Deno kernel, which prints such errors and goes on" },
    },
    sources: [
      "https://emscripten.org/docs/tools_reference/settings_reference.html#nodejs-catch-rejection",
    ],
    verified: reproduced(
      'by hand: setBackend("wasm") of tfjs 4.22.0 in Node 20.20.2, then a rejection',
    ),
  },
];
