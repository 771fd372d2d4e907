// TensorFlow.js itself and its WebAssembly backend.
import { type CompatibilityRow, issue, reported, reproduced } from "../compatibility_row.ts";

export const TENSORFLOW_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC101",
    title: "Training on WebAssembly lacks gradient kernels",
    components: [{ name: "@tensorflow/tfjs-backend-wasm", versions: "<=4.22.0" }],
    platforms: ["any"],
    symptoms: [
      "Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm'",
      "Kernel 'DepthwiseConv2dNativeBackpropFilter' not registered for backend 'wasm'",
      "Kernel 'DepthwiseConv2dNativeBackpropInput' not registered for backend 'wasm'",
      "Kernel 'UnsortedSegmentSum' not registered for backend 'wasm'",
      "Kernel 'Einsum' not registered for backend 'wasm'",
      "Kernel '…' not registered for backend 'wasm'",
    ],
    cause: "the WebAssembly backend was made for inference and registers no kernel for the " +
      "gradients of convolutions, of gather and of some others",
    fixes: {
      configuration: {
        none: "TensorFlow.js reads no setting that adds kernels or chooses a backend",
      },
      code: {
        do: "open the backend by openTensors() of @qsight/qsight/tensors, which registers the " +
          "missing kernels, or register them by tf.registerKernel() before the first fit()",
      },
      environment: {
        do: "train where another backend has the kernels: on a WebGPU adapter in Deno, or by " +
          "tfjs-node in Node 20 or 22",
      },
    },
    sources: [issue("tensorflow/tfjs", 8474), issue("tensorflow/tfjs", 8082)],
    verified: reproduced("tests/hardware/reproductions/tensorflow_test.ts"),
  },
  {
    id: "QC102",
    title: "Max pooling on WebAssembly sends gradients to the wrong place",
    components: [{ name: "@tensorflow/tfjs-backend-wasm", versions: "<=4.22.0" }],
    platforms: ["any"],
    symptoms: [],
    signs: "a network that pools values below zero learns worse on wasm than on cpu; nothing is " +
      "printed",
    cause:
      "the kernel starts its search for the largest value at the smallest positive number, so " +
      "a window without positive values has no winner, and its gradient goes to the first place",
    fixes: {
      configuration: { none: "no setting of the backend changes its kernels" },
      code: {
        do: "open the backend by openTensors(), which replaces the kernel, or put the ReLU " +
          "before the pooling",
      },
      environment: { do: "train on WebGPU or by tfjs-node, whose kernels are right" },
    },
    sources: [
      "https://github.com/tensorflow/tfjs/blob/287dc7f/tfjs-backend-wasm/src/cc/kernels/MaxPoolGrad.cc",
    ],
    verified: reproduced("tests/hardware/reproductions/tensorflow_test.ts"),
  },
  {
    id: "QC103",
    title: "WebAssembly files not found: TensorFlow.js goes on with plain JavaScript",
    components: [{ name: "@tensorflow/tfjs-backend-wasm", versions: "*" }],
    platforms: ["any"],
    symptoms: [
      "Aborted(Error: ENOENT: no such file or directory, open '…tfjs-backend-wasm….wasm')",
      "failed to asynchronously prepare wasm: RuntimeError: Aborted(…",
      "Initialization of backend wasm failed",
      "Make sure the server can serve the `.wasm` file relative to the bundled js file.",
    ],
    signs: 'tf.getBackend() is "cpu", and training takes a hundred times as long',
    cause:
      "the .wasm files do not stand where the backend looks (setWasmPaths(), or a bundle that " +
      "left them behind), and TensorFlow.js takes the next backend instead of failing",
    fixes: {
      configuration: {
        do: "keep @tensorflow/* out of the bundle (external), so that the files stay beside the " +
          "code that asks for them",
      },
      code: {
        do: "leave out setWasmPaths() or give it the dist folder of the package, and ask for the " +
          'backend by openTensors({ require: "wasm" }), which fails instead',
      },
      environment: { none: "the files come with the package; the machine has no part in it" },
    },
    sources: ["https://github.com/tensorflow/tfjs/tree/master/tfjs-backend-wasm"],
    verified: reproduced("tests/hardware/reproductions/tensorflow_test.ts"),
  },
  {
    id: "QC104",
    title: "A model cannot be saved to or loaded from a file",
    components: [{ name: "@tensorflow/tfjs", versions: "<=4.22.0" }],
    platforms: ["any"],
    symptoms: [
      "Cannot find any save handlers for URL '…'",
      "Cannot find any load handlers for URL '…'",
    ],
    cause: "the handler for file:// comes with tfjs-node only",
    fixes: {
      configuration: { none: "handlers are registered by code" },
      code: {
        do: "use saveModel() and loadModel() of @qsight/qsight/tensors, or tf.io.withSaveHandler()",
      },
      environment: { do: "use tfjs-node, in Node 20 or 22, which registers file://" },
    },
    sources: ["https://js.tensorflow.org/api/latest/#io.withSaveHandler"],
    verified: reproduced('by hand: model.save("file:///…") with tfjs 4.22.0 on Node 20.20.2'),
  },
  {
    id: "QC105",
    title: "Models of Keras 3 do not load",
    components: [
      { name: "@tensorflow/tfjs", versions: "<=4.22.0" },
      { name: "python:keras", versions: ">=3.0.0" },
    ],
    platforms: ["any"],
    symptoms: [
      "An InputLayer should be passed either a `batchInputShape` or an `inputShape`.",
    ],
    cause: "Keras 3 writes batch_shape where TensorFlow.js looks for batch_input_shape",
    fixes: {
      configuration: {
        do: "rename batch_shape to batch_input_shape in model.json",
      },
      code: { do: "load it by loadModel() of @qsight/qsight/tensors, which mends that and more" },
      environment: { do: "convert with the tf-keras package, which still writes Keras 2" },
    },
    sources: [issue("tensorflow/tfjs", 8494), issue("tensorflow/tfjs", 8489)],
    verified: reproduced(
      "by hand: loadLayersModel() of such a topology, tfjs 4.22.0, Node 20.20.2",
    ),
  },
  {
    id: "QC106",
    title: "The advice to install tfjs-node",
    components: [{ name: "@tensorflow/tfjs", versions: "<=4.22.0" }],
    platforms: ["any"],
    symptoms: [
      "Hi, looks like you are running TensorFlow.js in Node.js. To speed things up " +
      "dramatically, install our node backend",
    ],
    cause:
      "TensorFlow.js says so when its plain JavaScript backend is first used in Node; nothing " +
      "is wrong",
    fixes: {
      configuration: { do: "nothing is needed: it is advice, not an error" },
      code: {
        do: "tf.enableProdMode() before the first operation silences it, and so does another " +
          "backend",
      },
      environment: { none: "no machine changes what is printed" },
    },
    sources: ["https://github.com/tensorflow/tfjs/tree/master/tfjs-node"],
    verified: reproduced("by hand: tf.ones([1]) of tfjs 4.22.0 on Node 20.20.2 prints it"),
  },
  {
    id: "QC107",
    title: "A module with relaxed SIMD is refused by Node 20",
    components: [{ name: "node", versions: "<21.0.0" }],
    platforms: ["any"],
    symptoms: [
      "CompileError: WebAssembly.Module(): Compiling function #0 failed: simd opcode not " +
      "available, enable with --experimental-relaxed-simd @+32",
      "failed: simd opcode not available, enable with --experimental-relaxed-simd",
      "CompileError: WebAssembly.instantiate(): Compiling function #… failed: simd opcode " +
      "not available, enable with --experimental-relaxed-simd",
    ],
    cause: "the V8 of Node 20 has relaxed SIMD behind a flag only",
    fixes: {
      configuration: {
        do: "start Node with --experimental-wasm-relaxed-simd on its command line, in a kernel " +
          "spec as a part of argv; NODE_OPTIONS does not take it",
        template: "kernel_spec",
      },
      code: {
        do: "ask WebAssembly.validate() first and load a plain SIMD build where it says no, as " +
          "openTensors() does",
      },
      environment: { do: "use Node 21 or later, or Deno 2" },
    },
    sources: ["https://github.com/WebAssembly/relaxed-simd"],
    verified: reproduced("tests/hardware/reproductions/relaxed_simd_test.ts"),
    detector: "relaxed_simd_refused",
  },
  {
    id: "QC108",
    title: "Writing TensorBoard summaries by tfjs-node uses up the memory",
    components: [{ name: "@tensorflow/tfjs-node", versions: "*" }],
    platforms: ["any"],
    symptoms: [],
    signs: "the process grows by some kilobytes with each call of a summary file writer, to " +
      "gigabytes in a day",
    cause: "the native writer keeps what it is given",
    fixes: {
      configuration: { none: "the writer has no setting for it" },
      code: {
        do: "write event files without it: qsight runs export RUN --to tensorboard, or the runs " +
          "room",
      },
      environment: { none: "no version of the library is known to be free of it" },
    },
    sources: [issue("tensorflow/tfjs", 7432)],
    verified: reported("the issue; not measured here"),
  },
  {
    id: "QC109",
    title: "Threads of the WebAssembly backend do not start outside browsers",
    components: [{ name: "@tensorflow/tfjs-backend-wasm", versions: "*" }],
    platforms: ["any"],
    symptoms: [],
    signs: "setThreadsCount() changes nothing; one core computes",
    cause: "the backend asks whether it runs in Node, and says no to threads then",
    fixes: {
      configuration: { none: "the question has no override" },
      code: { do: "spread images over worker processes instead of threads" },
      environment: { none: "the same in every version of Node and Deno" },
    },
    sources: [issue("tensorflow/tfjs", 3830), issue("tensorflow/tfjs", 8059)],
    verified: reported("the issues; measured for this project before this date, not repeated"),
  },
];
