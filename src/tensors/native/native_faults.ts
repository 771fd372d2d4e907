// What the native packages say when they fail, why, and what to configure. The texts are those of
// @tensorflow/tfjs-node 4.22.0 and of the TensorFlow 2.9.1 library in it.

/** A known failure of a tensor backend. */
export interface NativeFault {
  /** A short name, for tests and for the log. */
  readonly id: string;
  /** The text it is known by. */
  readonly pattern: RegExp;
  /** Why it happens. */
  readonly cause: string;
  /** What to configure. */
  readonly fix: string;
}

/** All known failures; the first that fits explains a text. */
export const NATIVE_FAULTS: readonly NativeFault[] = [
  {
    id: "util-removed",
    pattern: /isNullOrUndefined\) is not a function|isArray\) is not a function/,
    cause: "Node 23 and Deno have no util.isNullOrUndefined, which the package calls",
    fix: "open the backend by openTensors(), which puts the function back before the import, or " +
      "import the package yourself only under Node 20 or 22",
  },
  {
    id: "musl",
    pattern: /ld-linux-[\w-]+\.so\.\d|__memcpy_chk|ld-musl/,
    cause: "TensorFlow's library is made for glibc, and this system has musl (Alpine)",
    fix: "use a Debian-based image, e.g. a -slim one instead of an -alpine one",
  },
  {
    id: "old-glibc",
    pattern: /version `(?:GLIBC|GLIBCXX|CXXABI)_[\d.]+' not found/,
    cause: "this system's C library is older than the one TensorFlow's library was made with",
    fix: "use a newer distribution, e.g. Debian 11 or later",
  },
  {
    id: "missing-library-file",
    pattern: /libtensorflow(?:_framework)?\.(?:so|\d|dylib)[^\n]*(?:cannot open shared|not loaded)/,
    cause: "the binding is there, TensorFlow's library beside it is not: its download did not end",
    fix: 'run "deno task install:node" (or install:gpu) again, behind a firewall with ' +
      "TFJS_NODE_BASE_URI",
  },
  {
    id: "windows-dll",
    pattern: /The specified module could not be found[\s\S]*tfjs_binding\.node/,
    cause: "tensorflow.dll is not beside the binding",
    fix: "copy deps/lib/tensorflow.dll of the package to its lib/napi-v8",
  },
  {
    id: "binding-missing",
    pattern: /native addon module \(tfjs_binding\.node\) can not be found/,
    cause: "the package's install script did not run or could not download: Deno ignores scripts " +
      "that are not approved, npm those with --ignore-scripts",
    fix: 'run "deno task install:node" (or install:gpu); behind a firewall with a mirror in ' +
      "TFJS_NODE_BASE_URI",
  },
  {
    id: "no-cuda-device",
    pattern: /CUDA_ERROR_NO_DEVICE|no CUDA-capable device is detected/,
    cause: "the driver shows this process no GPU",
    fix: "look at CUDA_VISIBLE_DEVICES, and in a container start it with --gpus all",
  },
  {
    id: "driver",
    pattern:
      /dynamic library '(?:libcuda\.so\.1|nvcuda\.dll)'|CUDA driver version is insufficient|failed call to cuInit|CUDA_ERROR_UNKNOWN/,
    cause: "the NVIDIA driver is missing, too old or not running",
    fix: "install a driver of at least version 450 and see that nvidia-smi answers",
  },
  {
    id: "cuda-library",
    pattern: /Could not load dynamic library '([^']+)'/,
    cause: "the GPU libraries that TensorFlow 2.9.1 was linked with are not where the loader " +
      "looks, so it goes on with the CPU",
    fix: "install CUDA 11.2 and cuDNN 8.1 beside what is there and put their folders on " +
      "LD_LIBRARY_PATH before the process starts; a newer CUDA does not do",
  },
  {
    id: "ptxas",
    pattern: /Relying on driver to perform ptx compilation/,
    cause: "ptxas is not on PATH, so the driver compiles, slowly, at every start",
    fix: "put the bin folder of CUDA on PATH",
  },
  {
    id: "new-gpu",
    pattern:
      /no kernel image is available|CUDA_ERROR_NO_BINARY_FOR_GPU|older? .*compute capabilit/i,
    cause: "the GPU is newer than CUDA 11.2, whose code it cannot run",
    fix:
      "set CUDA_CACHE_PATH to a folder that stays and allow the first start minutes, or prefer " +
      '"webgpu"',
  },
  {
    id: "unsupported-system",
    pattern: /Unsupported system: (\S+)/,
    cause: "there is no TensorFlow library for this system",
    fix: 'prefer "webgpu" or "wasm"',
  },
  {
    id: "no-avx",
    pattern:
      /compiled to use \w+ instructions, but these aren't available|Illegal instruction|SIGILL/,
    cause: "TensorFlow's library needs a processor with AVX",
    fix: 'give the virtual machine the processor type "host", or prefer "wasm"',
  },
  {
    id: "download",
    pattern:
      /getaddrinfo E(?:NOTFOUND|AI_AGAIN)|response status [45]\d\d|TAR_BAD_ARCHIVE|E(?:CONNREFUSED|CONNRESET|TIMEDOUT)|certificate/,
    cause: "the library or the binding could not be downloaded, or what came is no archive",
    fix: "set TFJS_NODE_CDN_STORAGE to a mirror of storage.googleapis.com, or TFJS_NODE_BASE_URI " +
      "(up to and with libtensorflow-) and npm_config_tfjs_binding_binary_host_mirror to what you " +
      "have of it, or HTTPS_PROXY to a proxy",
  },
  {
    id: "core-copies",
    pattern:
      /kernel '[^']*' for backend '[^']*' is already registered|backend was already registered|undefined \(reading 'backend'\)/,
    cause: "two copies of @tensorflow/tfjs-core are loaded",
    fix: "let all import maps and package.json files name one version of @tensorflow/tfjs (with " +
      'npm by "overrides"), then restart',
  },
  {
    id: "wrong-binary",
    pattern:
      /invalid ELF header|file too short|not a valid Win32|ERR_DLOPEN_FAILED|wrong ELF class/,
    cause: "the binding is no library for this system: made elsewhere, or cut off in the download",
    fix: 'run "deno task install:node" (or install:gpu) on this machine again',
  },
];

/** The first known failure that a text shows. */
export function findNativeFault(text: string): NativeFault | undefined {
  return NATIVE_FAULTS.find(({ pattern }) => pattern.test(text));
}

/** What was said, why, and what to configure; a text nobody knows is given by its first line. */
export function explainNativeFault(text: string): string {
  const fault = findNativeFault(text);
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  if (fault === undefined) return lines[0] ?? "no message";
  const said = lines.find((line) => fault.pattern.test(line)) ?? lines[0];
  return `${said} (${fault.cause}). To mend it: ${fault.fix}`;
}
