// WebGPU, drivers and containers.
import { type CompatibilityRow, issue, reported, reproduced } from "../compatibility_row.ts";

const WEBGPU = { name: "@tensorflow/tfjs-backend-webgpu", versions: "<=4.22.0" };

export const GPU_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC701",
    title: "The NVIDIA driver and its library are of different versions",
    components: [{ name: "nvidia-driver", versions: "*" }],
    platforms: ["linux"],
    symptoms: ["Failed to initialize NVML: Driver/library version mismatch"],
    cause:
      "the library was upgraded, often by unattended upgrades, and the module of the kernel is " +
      "still the old one",
    fixes: {
      configuration: { do: "keep the driver's packages out of unattended upgrades" },
      code: { none: "a program cannot exchange the module" },
      environment: { do: "restart the machine, or unload and load the nvidia modules" },
    },
    sources: ["https://docs.nvidia.com/deploy/nvml-api/"],
    verified: reported("by users of the driver; no GPU here"),
  },
  {
    id: "QC702",
    title: "Errors without a cause after the GPU was lost",
    components: [WEBGPU],
    platforms: ["any"],
    symptoms: [
      "OperationError: Buffer with '' label is invalid",
      "OperationError: validation error occurred",
    ],
    cause: "WebGPU reports a lost device by a promise that TensorFlow.js does not look at, and " +
      "operations on the dead one fail one by one",
    fixes: {
      configuration: { none: "no setting brings a device back" },
      code: {
        do: "open it again by openTensors(), whose operations name the loss, and load the last " +
          "checkpoint",
      },
      environment: {
        do: "see in the system's log why the driver was reset: sleep, overheating, memory",
      },
    },
    sources: ["https://www.w3.org/TR/webgpu/#devicelost"],
    verified: reported(
      "the project's debugging log, incident 17; its guard is tests/tensors/webgpu_backend_test.ts",
    ),
  },
  {
    id: "QC703",
    title: "TensorFlow.js on WebGPU in older versions of Deno",
    components: [WEBGPU, { name: "deno", versions: "<=2.6.0" }],
    platforms: ["any"],
    symptoms: [
      "TypeError: The adapter cannot be reused, as it has been invalidated by a device creation",
      "TypeError: The adapter cannot be reused, as a device creation has invalidated it",
      "'requiredFeatures' of 'GPUDeviceDescriptor' (Argument 2), index … can not be " +
      "converted to a enum",
    ],
    cause: "up to 2.1 Deno gave an adapter out once only, and until 2.6 at least it did not know " +
      "all features that are asked for",
    fixes: {
      configuration: { do: 'prefer "wasm"' },
      code: { none: "the backend asks the adapter by itself" },
      environment: { do: "use Deno 2.9, where it works" },
    },
    sources: [
      issue("denoland/deno", 28135),
      issue("denoland/deno", 25874),
      issue("tensorflow/tfjs", 8518),
      issue("denoland/webgpu-examples", 22),
    ],
    verified: reported("the issues; Deno 2.9.6 does not show it here"),
    detector: "webgpu_on_old_deno",
  },
  {
    id: "QC704",
    title: "A line about XDG_RUNTIME_DIR when WebGPU starts",
    components: [{ name: "deno", versions: ">=2.0.0" }, { name: "mesa", versions: "*" }],
    platforms: ["linux"],
    symptoms: ["error: XDG_RUNTIME_DIR is invalid or not set in the environment."],
    cause: "the graphics driver looks for the user's folder for sockets, which containers and " +
      "services do not have; WebGPU works without it",
    fixes: {
      configuration: {
        do: "set XDG_RUNTIME_DIR to a folder that only you can write to",
        template: "start_script",
      },
      code: { none: "the driver prints it, before any code can change the variable" },
      environment: { do: "log in by a session of systemd, which sets it" },
    },
    sources: ["https://specifications.freedesktop.org/basedir-spec/latest/"],
    verified: reproduced("by hand: requestAdapter() in Deno 2.9.6 on Mesa 22.3.6 prints it"),
  },
  {
    id: "QC705",
    title: "WebGPU for Node finds no adapter on Mesa",
    components: [{ name: "webgpu", versions: "<=0.6.2" }, { name: "mesa", versions: "<=22.3.6" }],
    platforms: ["linux"],
    symptoms: ["Vulkan shaderUniform*ArrayDynamicIndexing required"],
    cause:
      "the package is made with Dawn, which asks the driver for more than Mesa of Debian 12 has",
    fixes: {
      configuration: { do: 'prefer "wasm" in Node' },
      code: { none: "the adapter is chosen inside the package" },
      environment: { do: "use Deno, whose own WebGPU runs on the same driver, or a newer Mesa" },
    },
    sources: ["https://github.com/dawn-gpu/node-webgpu"],
    verified: reported("measured for this project before this date; not repeated"),
  },
  {
    id: "QC706",
    title: "Docker has no driver for GPUs",
    components: [{ name: "docker", versions: ">=19.3.0" }],
    platforms: ["linux"],
    symptoms: [
      'docker: Error response from daemon: could not select device driver "" with ' +
      "capabilities: [[gpu]].",
      'could not select device driver "nvidia" with capabilities: [[gpu]]',
    ],
    cause:
      "the NVIDIA Container Toolkit is not installed on the host, or Docker was not restarted " +
      "since",
    fixes: {
      configuration: {
        do: "nvidia-ctk runtime configure, which enters the runtime into Docker's settings",
      },
      code: { none: "the container does not start" },
      environment: { do: "install nvidia-container-toolkit on the host and restart Docker" },
    },
    sources: [
      issue("NVIDIA/nvidia-docker", 1682),
      "https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/install-guide.html",
    ],
    verified: reported("the issue; no Docker and no GPU here"),
  },
];
