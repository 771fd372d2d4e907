// The native packages tfjs-node and tfjs-node-gpu 4.22.0: installing and loading them. The texts are
// theirs and those of the TensorFlow 2.9.1 library. The first whose `inContext` fits explains a text.
import { type CompatibilityRow, issue, reported, reproduced } from "../compatibility_row.ts";

const NODE = { name: "@tensorflow/tfjs-node", versions: "<=4.22.0" };
const GPU = { name: "@tensorflow/tfjs-node-gpu", versions: "<=4.22.0" };

export const NATIVE_TENSORFLOW_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC201",
    title: "tfjs-node calls functions that Node 23 and Deno do not have",
    components: [NODE, GPU, { name: "node", versions: ">=23.0.0" }, {
      name: "deno",
      versions: ">=2.0.0",
    }],
    platforms: ["any"],
    symptoms: [
      "TypeError: (0 , util_1.isNullOrUndefined) is not a function",
      "TypeError: (0, util_1.isNullOrUndefined) is not a function",
      "TypeError: (0 , util_1.isArray) is not a function",
      "createTensorsTypeOpAttr … isNullOrUndefined … is not a function",
    ],
    cause: "util.isNullOrUndefined and util.isArray, which the package calls, left Node with " +
      "version 23, and Deno never had them; the mended source was not released",
    fixes: {
      configuration: {
        do: "preload a file that puts both functions back: --require in Node, --preload in Deno",
        template: "start_script",
      },
      code: {
        do: "open the backend by openTensors(), which puts the functions back before the import",
      },
      environment: { do: "import the package yourself only under Node 20 or 22" },
    },
    sources: [
      issue("tensorflow/tfjs", 8425),
      issue("tensorflow/tfjs", 8609),
      issue("tensorflow/tfjs", 8746),
    ],
    verified: reproduced("tests/e2e/compatibility_test.ts"),
    detector: "native_tensorflow_without_util",
    inContext: /isNullOrUndefined\) is not a function|isArray\) is not a function/,
  },
  {
    id: "QC202",
    title: "TensorFlow's library on Alpine and other systems with musl",
    components: [NODE, GPU, { name: "musl", versions: "*" }],
    platforms: ["linux"],
    symptoms: [
      "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed " +
      "by …libtensorflow",
      "Error relocating …libtensorflow_framework.so.2: __memcpy_chk: symbol not found",
    ],
    cause:
      "TensorFlow's library is made for glibc, and this system has musl (Alpine); gcompat does " +
      "not help",
    fixes: {
      configuration: { do: 'prefer "wasm", which needs no library' },
      code: { none: "the loader stops before any code runs" },
      environment: { do: "use a Debian-based image, e.g. a -slim one instead of an -alpine one" },
    },
    sources: [issue("tensorflow/tfjs", 1425), issue("tensorflow/tfjs", 6556)],
    verified: reported("the issues; not run on Alpine here"),
    detector: "native_tensorflow_on_musl",
    inContext: /ld-linux-[\w-]+\.so\.\d|__memcpy_chk|ld-musl/,
  },
  {
    id: "QC203",
    title: "TensorFlow's library on a distribution that is too old",
    components: [NODE, GPU, { name: "glibc", versions: "<2.27" }],
    platforms: ["linux"],
    symptoms: [
      "version `GLIBC_2.27' not found (required by …libtensorflow",
      "version `GLIBCXX_…' not found (required by …libtensorflow",
      "version `CXXABI_…' not found (required by …libtensorflow",
    ],
    cause: "this system's C library is older than the one TensorFlow's library was made with",
    fixes: {
      configuration: { do: 'prefer "wasm", which needs no library' },
      code: { none: "the loader stops before any code runs" },
      environment: { do: "use a newer distribution, e.g. Debian 11 or later" },
    },
    sources: ["https://www.tensorflow.org/install/lang_c"],
    verified: reported("the loader's own words; not run on such a system here"),
    inContext: /version `(?:GLIBC|GLIBCXX|CXXABI)_[\d.]+' not found/,
  },
  {
    id: "QC204",
    title: "The binding of tfjs-node is there, the library is not",
    components: [NODE, GPU],
    platforms: ["any"],
    symptoms: [
      "libtensorflow.so.2: cannot open shared object file: No such file or directory",
      "libtensorflow_framework.so.2: cannot open shared object file: No such file or directory",
      "Library not loaded: @rpath/libtensorflow.2.dylib",
    ],
    cause: "the binding is there, TensorFlow's library beside it is not: its download did not end",
    fixes: {
      configuration: {
        do: 'run "deno task install:node" (or install:gpu) again, behind a firewall with ' +
          "TFJS_NODE_BASE_URI",
      },
      code: { none: "nothing can be computed without the library" },
      environment: { do: "let the machine reach storage.googleapis.com, or a mirror of it" },
    },
    sources: ["https://github.com/tensorflow/tfjs/tree/master/tfjs-node"],
    verified: reported("by users of the package; the loader's own words"),
    inContext:
      /libtensorflow(?:_framework)?\.(?:so|\d|dylib)[^\n]*(?:cannot open shared|not loaded)/,
  },
  {
    id: "QC205",
    title: "tfjs-node on Windows does not find tensorflow.dll",
    components: [NODE, GPU],
    platforms: ["win32"],
    symptoms: [
      "Error: The specified module could not be found. …tfjs_binding.node",
    ],
    cause: "tensorflow.dll is not beside the binding",
    fixes: {
      configuration: { none: "the folder in which Windows looks is fixed" },
      code: { none: "the loader stops before any code runs" },
      environment: { do: "copy deps/lib/tensorflow.dll of the package to its lib/napi-v8" },
    },
    sources: [
      issue("tensorflow/tfjs", 8323),
      issue("tensorflow/tfjs", 8433),
      issue("tensorflow/tfjs", 8579),
    ],
    verified: reported("the issues; not run on Windows here"),
    inContext: /The specified module could not be found[\s\S]*tfjs_binding\.node/,
  },
  {
    id: "QC206",
    title: "tfjs-node was installed without its binding",
    components: [NODE, GPU],
    platforms: ["any"],
    symptoms: [
      "Error: The Node.js native addon module (tfjs_binding.node) can not be found at path: …",
      "Please run command 'npm rebuild @tensorflow/tfjs-node --build-addon-from-source' to " +
      "rebuild the native addon module.",
      "Ignored build scripts for packages: … npm:@tensorflow/tfjs-node@4.22.0",
    ],
    cause: "the package's install script did not run or could not download: Deno ignores scripts " +
      "that are not approved, npm those with --ignore-scripts",
    fixes: {
      configuration: {
        do: 'run "deno task install:node" (or install:gpu); behind a firewall with a mirror in ' +
          "TFJS_NODE_BASE_URI",
      },
      code: { do: 'prefer "wasm", which needs no binding' },
      environment: { none: "any machine can load it once it was downloaded" },
    },
    sources: [issue("tensorflow/tfjs", 8581), issue("tensorflow/tfjs", 8579)],
    verified: reproduced("by hand: deno install and import of tfjs-node 4.22.0, Deno 2.9.6"),
    inContext: /native addon module \(tfjs_binding\.node\) can not be found/,
  },
];
