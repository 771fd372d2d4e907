import assert from "node:assert/strict";
import util from "node:util";
import {
  explainNativeFault,
  findNativeFault,
  fixOf,
  NATIVE_FAULTS,
} from "../../../src/tensors/native/native_faults.ts";
import { installUtilPolyfill } from "../../../src/tensors/native/node_polyfill.ts";

/** What packages, libraries and loaders print, word for word. */
const TEXTS: readonly (readonly [id: string, text: string, fix: RegExp])[] = [
  [
    "QC201",
    "TypeError: (0 , util_1.isNullOrUndefined) is not a function\n    at createTensorsTypeOpAttr " +
    "(node_modules/@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js:675:25)",
    /openTensors\(\).*Node 20 or 22/,
  ],
  [
    "QC201",
    "TypeError: (0, util_1.isNullOrUndefined) is not a function",
    /openTensors\(\)/,
  ],
  [
    "QC206",
    "Error: The Node.js native addon module (tfjs_binding.node) can not be found at path: " +
    "/p/node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node. \nPlease run command " +
    "'npm rebuild @tensorflow/tfjs-node --build-addon-from-source' to rebuild the native addon " +
    "module. \nIf you have problem with building the addon module, please check " +
    "https://github.com/tensorflow/tfjs/blob/master/tfjs-node/WINDOWS_TROUBLESHOOTING.md or file " +
    "an issue.",
    /deno task install:node.*TFJS_NODE_BASE_URI/,
  ],
  [
    "QC205",
    "Error: The specified module could not be found.\n" +
    "\\\\?\\C:\\p\\node_modules\\@tensorflow\\tfjs-node\\lib\\napi-v8\\tfjs_binding.node\n" +
    "  code: 'ERR_DLOPEN_FAILED'",
    /copy deps\/lib\/tensorflow\.dll/,
  ],
  [
    "QC213",
    "W tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load dynamic library " +
    "'libcudnn.so.8'; dlerror: libcudnn.so.8: cannot open shared object file: No such file or " +
    "directory",
    /CUDA 11\.2 and cuDNN 8\.1 beside.*LD_LIBRARY_PATH/,
  ],
  [
    "QC213",
    "Could not load dynamic library 'libcudart.so.11.0'; dlerror: libcudart.so.11.0: cannot open " +
    "shared object file: No such file or directory",
    /a newer CUDA does not do/,
  ],
  [
    "QC214",
    "Relying on driver to perform ptx compilation. \nModify $PATH to customize ptxas location.",
    /bin folder of CUDA on PATH/,
  ],
  [
    "QC215",
    "CUDA error: no kernel image is available for execution on the device",
    /CUDA_CACHE_PATH.*"webgpu"/,
  ],
  [
    "QC211",
    "failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected",
    /--gpus all/,
  ],
  ["QC212", "failed call to cuInit: UNKNOWN ERROR (303)", /driver of at least version 450/],
  [
    "QC212",
    "CUDA driver version is insufficient for CUDA runtime version",
    /driver of at least version 450/,
  ],
  ["QC216", "Error: Unsupported system: gpu-linux-ppc64", /"webgpu" or "wasm"/],
  ["QC216", "Error: Unsupported system: cpu-darwin-arm64", /"webgpu" or "wasm"/],
  [
    "QC202",
    "Error: Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by " +
    "/p/node_modules/@tensorflow/tfjs-node/lib/napi-v8/../../deps/lib/libtensorflow.so.2)",
    /Debian-based image/,
  ],
  [
    "QC202",
    "Error relocating /p/deps/lib/libtensorflow_framework.so.2: __memcpy_chk: symbol not found",
    /Debian-based image/,
  ],
  [
    "QC203",
    "/lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.27' not found (required by libtensorflow.so.2)",
    /newer distribution/,
  ],
  [
    "QC204",
    "Error: libtensorflow.so.2: cannot open shared object file: No such file or directory",
    /install:node.*again/,
  ],
  [
    "QC217",
    "The TensorFlow library was compiled to use AVX instructions, but these aren't available on " +
    "your machine.",
    /processor type "host"/,
  ],
  [
    "QC212",
    "W tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load dynamic library " +
    "'libcudart.so.11.0'; dlerror: libcudart.so.11.0: cannot open shared object file: No such file " +
    "or directory\nW tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load " +
    "dynamic library 'libcuda.so.1'; dlerror: libcuda.so.1: cannot open shared object file: No such " +
    "file or directory",
    /driver of at least version 450/,
  ],
  ["QC217", "Illegal instruction (core dumped)", /processor type "host"/],
  [
    "QC218",
    "Error: getaddrinfo ENOTFOUND storage.googleapis.com",
    /TFJS_NODE_CDN_STORAGE.*TFJS_NODE_BASE_URI.*HTTPS_PROXY/,
  ],
  [
    "QC218",
    "node-pre-gyp ERR! install response status 404 Not Found on https://mirror.example/napi-v8/" +
    "4.22.0/CPU-linux-4.22.0.tar.gz",
    /npm_config_tfjs_binding_binary_host_mirror/,
  ],
  [
    "QC218",
    "error: Uncaught Error: TAR_BAD_ARCHIVE: Unrecognized archive format",
    /TFJS_NODE_BASE_URI/,
  ],
  [
    "QC219",
    "The kernel 'undefined' for backend 'tensorflow' is already registered",
    /name one version.*"overrides"/,
  ],
  [
    "QC219",
    "TypeError: Cannot read properties of undefined (reading 'backend')",
    /name one version/,
  ],
  ["QC220", "Error: /p/tfjs_binding.node: file too short", /on this machine again/],
  ["QC220", "Error: /p/tfjs_binding.node: invalid ELF header", /on this machine again/],
];

Deno.test("findNativeFault() knows each text by its row, and each row by a text", () => {
  for (const [id, text, fix] of TEXTS) {
    const fault = findNativeFault(text);
    assert.equal(fault?.id, id, text);
    assert.match(fixOf(fault), fix, id);
  }
  const tested = new Set(TEXTS.map(([id]) => id));
  assert.deepEqual(NATIVE_FAULTS.filter(({ id }) => !tested.has(id)), []);
});

Deno.test("explainNativeFault() gives what was said, why, and what to configure", () => {
  const log = "I tensorflow/core: a line that says nothing\n" + TEXTS[4][1] + "\nmore";
  assert.match(
    explainNativeFault(log),
    /^W tensorflow.*'libcudnn\.so\.8'.* \(the GPU libraries.*\)\. To mend it: .*install CUDA 11\.2/,
  );
  assert.equal(
    explainNativeFault("Error: nobody knows this\n    at x"),
    "Error: nobody knows this",
  );
  assert.equal(explainNativeFault(" \n"), "no message");
});

Deno.test("installUtilPolyfill() puts back what is missing, and leaves what is there", () => {
  const old = util as { isNullOrUndefined?: unknown; isArray?: unknown };
  const before = { ...old };
  try {
    delete old.isNullOrUndefined;
    const mine = () => true;
    old.isArray = mine;
    installUtilPolyfill();
    const isNothing = old.isNullOrUndefined as unknown as (value: unknown) => boolean;
    assert.deepEqual([null, undefined, 0, ""].map(isNothing), [true, true, false, false]);
    assert.equal(old.isArray, mine);
  } finally {
    if (before.isNullOrUndefined === undefined) delete old.isNullOrUndefined;
    else old.isNullOrUndefined = before.isNullOrUndefined;
    if (before.isArray === undefined) delete old.isArray;
    else old.isArray = before.isArray;
  }
});
