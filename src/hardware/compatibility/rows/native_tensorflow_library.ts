// The library behind tfjs-node and tfjs-node-gpu 4.22.0: systems, processors, downloads, copies.
import { type CompatibilityRow, issue, read, reported, reproduced } from "../compatibility_row.ts";

const NODE = { name: "@tensorflow/tfjs-node", versions: "<=4.22.0" };
const GPU = { name: "@tensorflow/tfjs-node-gpu", versions: "<=4.22.0" };

export const NATIVE_TENSORFLOW_LIBRARY_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC216",
    title: "There is no TensorFlow library for this system",
    components: [NODE, GPU],
    platforms: ["darwin-arm64", "linux-ppc64"],
    symptoms: ["Error: Unsupported system: cpu-…", "Error: Unsupported system: gpu-…"],
    cause: "there is no TensorFlow library for this system, in older versions of the package not " +
      "for Apple silicon either",
    fixes: {
      configuration: { do: 'prefer "webgpu" or "wasm"' },
      code: { none: "nothing can be computed without the library" },
      environment: { do: "use x64, where there is one" },
    },
    sources: [issue("tensorflow/tfjs", 4514)],
    verified: read("the install script of the package, which names the systems it knows"),
    inContext: /Unsupported system: (\S+)/,
  },
  {
    id: "QC217",
    title: "TensorFlow's library needs a processor with AVX",
    components: [NODE, GPU],
    platforms: ["linux-x64", "win32-x64", "darwin-x64"],
    symptoms: [
      "The TensorFlow library was compiled to use AVX instructions, but these aren't " +
      "available on your machine.",
      "Illegal instruction (core dumped) … tfjs",
      "tfjs … Illegal instruction (core dumped)",
    ],
    cause: "TensorFlow's library needs a processor with AVX",
    fixes: {
      configuration: { do: 'prefer "wasm"' },
      code: { none: "a missing instruction ends the process and cannot be caught" },
      environment: { do: 'give the virtual machine the processor type "host"' },
    },
    sources: [issue("tensorflow/tfjs", 2631), issue("tensorflow/tfjs", 4414)],
    verified: reported("the issues; every processor here has AVX"),
    inContext:
      /compiled to use \w+ instructions, but these aren't available|Illegal instruction|SIGILL/,
  },
  {
    id: "QC218",
    title: "TensorFlow's library could not be downloaded",
    components: [NODE, GPU],
    platforms: ["any"],
    symptoms: [
      "getaddrinfo ENOTFOUND storage.googleapis.com",
      "getaddrinfo EAI_AGAIN storage.googleapis.com",
      "node-pre-gyp ERR! install response status 404 Not Found on …tf-builds/pre-built-binary",
      "TAR_BAD_ARCHIVE: Unrecognized archive format … tfjs-node",
    ],
    cause: "the library or the binding could not be downloaded, or what came is no archive",
    fixes: {
      configuration: {
        do: "set TFJS_NODE_CDN_STORAGE to a mirror of storage.googleapis.com, or " +
          "TFJS_NODE_BASE_URI (up to and with libtensorflow-) and " +
          "npm_config_tfjs_binding_binary_host_mirror to what you have of it, or HTTPS_PROXY " +
          "to a proxy",
      },
      code: { none: "it happens at the install, before any code runs" },
      environment: { do: "let the machine that installs reach storage.googleapis.com" },
    },
    sources: ["https://github.com/tensorflow/tfjs/tree/master/tfjs-node"],
    verified: reproduced(
      "by hand: npm install of tfjs-node 4.22.0 where that host cannot be reached",
    ),
    inContext:
      /getaddrinfo E(?:NOTFOUND|AI_AGAIN)|response status [45]\d\d|TAR_BAD_ARCHIVE|E(?:CONNREFUSED|CONNRESET|TIMEDOUT)|certificate/,
  },
  {
    id: "QC219",
    title: "Two copies of TensorFlow.js are loaded",
    components: [{ name: "@tensorflow/tfjs-core", versions: "*" }],
    platforms: ["any"],
    symptoms: [
      "The kernel '…' for backend '…' is already registered",
      "cpu backend was already registered. Reusing existing backend factory.",
      "backend was already registered. Reusing existing backend factory.",
      "TypeError: Cannot read properties of undefined (reading 'backend')",
      "Platform node has already been set. Overwriting the platform with node.",
    ],
    cause: "two copies of @tensorflow/tfjs-core are loaded",
    fixes: {
      configuration: {
        do: "let all import maps and package.json files name one version of @tensorflow/tfjs " +
          '(with npm by "overrides"), then restart',
        template: "deno.json",
      },
      code: { do: "import TensorFlow.js in one place, and never require() a second folder's copy" },
      environment: { none: "the copies are a matter of the project's packages" },
    },
    sources: [issue("tensorflow/tfjs", 4659), issue("tensorflow/tfjs", 7706)],
    verified: reproduced("by hand: tfjs 4.22.0 loaded twice on Node 20.20.2"),
    detector: "tensorflow_parts_differ",
    inContext:
      /kernel '[^']*' for backend '[^']*' is already registered|backend was already registered|undefined \(reading 'backend'\)/,
  },
  {
    id: "QC220",
    title: "The binding of tfjs-node is no library for this system",
    components: [NODE, GPU],
    platforms: ["any"],
    symptoms: [
      "tfjs_binding.node: invalid ELF header",
      "tfjs_binding.node: file too short",
      "tfjs_binding.node is not a valid Win32 application",
      "tfjs_binding.node: wrong ELF class",
    ],
    cause: "the binding is no library for this system: made elsewhere, or cut off in the download",
    fixes: {
      configuration: {
        do: 'run "deno task install:node" (or install:gpu) on this machine again',
      },
      code: { none: "the loader stops before any code runs" },
      environment: { do: "do not share node_modules between systems, e.g. into a container" },
    },
    sources: ["https://nodejs.org/api/errors.html#err_dlopen_failed"],
    verified: reported("the loader's own words, which the tests of the native backends use"),
    inContext:
      /invalid ELF header|file too short|not a valid Win32|ERR_DLOPEN_FAILED|wrong ELF class/,
  },
  {
    id: "QC222",
    title: "node-gyp does not build with Python 3.12",
    components: [{ name: "node-gyp", versions: "<10.0.0" }, { name: "python", versions: ">=3.12" }],
    platforms: ["any"],
    symptoms: [
      "ModuleNotFoundError: No module named 'distutils' … gyp",
      "gyp … ModuleNotFoundError: No module named 'distutils'",
    ],
    cause: "distutils left Python with version 3.12, and node-gyp before version 10 needs it",
    fixes: {
      configuration: { do: "name an older Python: npm_config_python=python3.11" },
      code: { none: "it happens at the install, before any code runs" },
      environment: { do: "install setuptools for that Python, or node-gyp 10" },
    },
    sources: [issue("nodejs/node-gyp", 2869), issue("tensorflow/tfjs", 8118)],
    verified: reported("the issues; not run here"),
  },
];
