// The native package tfjs-node-gpu 4.22.0 and the GPU it is meant for.
import { type CompatibilityRow, issue, read, reported } from "../compatibility_row.ts";

const GPU = { name: "@tensorflow/tfjs-node-gpu", versions: "<=4.22.0" };

export const NATIVE_TENSORFLOW_GPU_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC211",
    title: "The driver shows TensorFlow no GPU",
    components: [GPU, { name: "nvidia-driver", versions: "*" }],
    platforms: ["linux", "win32"],
    symptoms: [
      "failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected",
      "no CUDA-capable device is detected",
    ],
    cause: "the driver shows this process no GPU",
    fixes: {
      configuration: {
        do: "look at CUDA_VISIBLE_DEVICES: an empty value hides all cards",
        template: "start_script",
      },
      code: { none: "a process cannot make a card appear" },
      environment: { do: "in a container, start it with --gpus all" },
    },
    sources: ["https://docs.nvidia.com/cuda/cuda-c-programming-guide/"],
    verified: reported("the library's own words; no GPU here"),
    inContext: /CUDA_ERROR_NO_DEVICE|no CUDA-capable device is detected/,
  },
  {
    id: "QC212",
    title: "The NVIDIA driver is missing, too old or not running",
    components: [GPU, { name: "nvidia-driver", versions: "<450" }],
    platforms: ["linux", "win32"],
    symptoms: [
      "Could not load dynamic library 'libcuda.so.1'; dlerror: libcuda.so.1: cannot open " +
      "shared object file",
      "Could not load dynamic library 'nvcuda.dll'",
      "CUDA driver version is insufficient for CUDA runtime version",
      "failed call to cuInit: UNKNOWN ERROR (303)",
    ],
    cause: "the NVIDIA driver is missing, too old or not running",
    fixes: {
      configuration: { do: 'prefer "webgpu" or "wasm" until there is a driver' },
      code: { none: "a process cannot start a driver" },
      environment: {
        do: "install a driver of at least version 450 and see that nvidia-smi answers",
      },
    },
    sources: ["https://github.com/tensorflow/tfjs/tree/master/tfjs-node"],
    verified: reported("the library's own words; no GPU here"),
    inContext:
      /dynamic library '(?:libcuda\.so\.1|nvcuda\.dll)'|CUDA driver version is insufficient|failed call to cuInit|CUDA_ERROR_UNKNOWN/,
  },
  {
    id: "QC213",
    title: "tfjs-node-gpu computes on the CPU beside CUDA 12",
    components: [GPU, { name: "cuda", versions: ">=11.3 <14" }],
    platforms: ["linux-x64", "win32-x64"],
    symptoms: [
      "Could not load dynamic library 'libcudnn.so.8'; dlerror: libcudnn.so.8: cannot open " +
      "shared object file: No such file or directory",
      "Could not load dynamic library 'libcudart.so.11.0'; dlerror: libcudart.so.11.0: " +
      "cannot open shared object file",
      "Could not load dynamic library '…'; dlerror: …: cannot open shared object file",
    ],
    cause:
      "the GPU libraries that TensorFlow 2.9.1 was linked with are not where the loader looks, " +
      "so it goes on with the CPU",
    fixes: {
      configuration: {
        do: "where CUDA 11.2 and cuDNN 8.1 are installed already, put their folders on " +
          "LD_LIBRARY_PATH in the script that starts the process",
        template: "start_script",
      },
      code: {
        none: 'the loader decides; openTensors({ require: "gpu" }) at least fails instead of ' +
          "computing on the CPU",
      },
      environment: {
        do: "install CUDA 11.2 and cuDNN 8.1 beside what is there and put their folders on " +
          "LD_LIBRARY_PATH before the process starts; a newer CUDA does not do",
      },
    },
    sources: [
      issue("tensorflow/tfjs", 8269),
      issue("tensorflow/tfjs", 8505),
      issue("tensorflow/tfjs", 8362),
    ],
    verified: read(
      "version of the library in the package (2.9.1) and its requirements; no GPU here",
    ),
    inContext: /Could not load dynamic library '([^']+)'/,
  },
  {
    id: "QC214",
    title: "ptxas is not on PATH",
    components: [GPU, { name: "cuda", versions: "11.2" }],
    platforms: ["linux", "win32"],
    symptoms: [
      "Relying on driver to perform ptx compilation. Modify $PATH to customize ptxas location.",
    ],
    cause: "ptxas is not on PATH, so the driver compiles, slowly, at every start",
    fixes: {
      configuration: { do: "put the bin folder of CUDA on PATH", template: "start_script" },
      code: { none: "the library looks for the program by itself" },
      environment: { do: "install the nvcc package of any CUDA toolkit, which holds ptxas" },
    },
    sources: [issue("tensorflow/tfjs", 8505)],
    verified: reported("the issue; no GPU here"),
    inContext: /Relying on driver to perform ptx compilation/,
  },
  {
    id: "QC215",
    title: "GPUs that are newer than CUDA 11.2",
    components: [GPU, { name: "cuda", versions: "11.2" }],
    platforms: ["linux-x64", "win32-x64"],
    symptoms: [
      "CUDA error: no kernel image is available for execution on the device",
      "CUDA_ERROR_NO_BINARY_FOR_GPU",
    ],
    cause: "the GPU is newer than CUDA 11.2, whose code it cannot run",
    fixes: {
      configuration: {
        do: "set CUDA_CACHE_PATH to a folder that stays and allow the first start minutes",
        template: "start_script",
      },
      code: { do: 'prefer "webgpu"' },
      environment: { none: "the package has no build for a newer CUDA" },
    },
    sources: ["https://developer.nvidia.com/cuda-gpus", issue("tensorflow/tfjs", 8505)],
    verified: reported("derived from the versions of library and CUDA; no GPU here"),
    inContext:
      /no kernel image is available|CUDA_ERROR_NO_BINARY_FOR_GPU|older? .*compute capabilit/i,
  },
  {
    id: "QC221",
    title: "tfjs-node-gpu installs a CPU library on arm64 and macOS",
    components: [GPU],
    platforms: ["darwin", "linux-arm64"],
    symptoms: [],
    signs: "the GPU package installs and works, and nvidia-smi shows no process",
    cause: "for these systems its install script fetches the library of the CPU package",
    fixes: {
      configuration: { do: 'ask for "webgpu" or "wasm", and do not install the GPU package there' },
      code: {
        none:
          'there is nothing to load; openTensors({ require: "gpu" }) at least fails instead of ' +
          "computing on the CPU",
      },
      environment: { do: "use Linux or Windows on x64 with an NVIDIA card" },
    },
    sources: ["https://github.com/tensorflow/tfjs/blob/master/tfjs-node/scripts/install.js"],
    verified: read("the install script of the package"),
    detector: "gpu_tensorflow_without_gpu",
  },
];
