// Quantum simulators: quantum-circuit here, Qiskit Aer in Python.
import { type CompatibilityRow, issue, read, reported, reproduced } from "../compatibility_row.ts";

const AER_GPU = { name: "python:qiskit-aer-gpu", versions: ">=0.13.0" };

export const QUANTUM_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC301",
    title: "QISKIT_AER_CUDA moves nothing to the GPU",
    components: [{ name: "python:qiskit-aer", versions: "*" }],
    platforms: ["any"],
    symptoms: [
      "QISKIT_AER_CUDA=1",
      "export QISKIT_AER_CUDA=…",
      "QISKIT_AER_CUDA_MAJOR=12",
      'os.environ["QISKIT_AER_CUDA"]',
    ],
    signs: "the variable is set, and the simulation goes on on the CPU",
    cause:
      "no version of qiskit-aer reads QISKIT_AER_CUDA; QISKIT_AER_CUDA_MAJOR only steers how " +
      "its package is built",
    fixes: {
      configuration: {
        do: "unset the variable: it is a placebo; what is read at run time are AER_MULTI_GPU and " +
          "AER_HYBRID, and neither brings a GPU",
      },
      code: {
        do: 'ask AerSimulator().available_devices() whether it contains "GPU", and choose by the ' +
          "answer",
      },
      environment: { do: "install qiskit-aer-gpu for the CUDA of the machine, alone" },
    },
    sources: ["https://github.com/Qiskit/qiskit-aer/tree/837c3ef"],
    verified: read("the source of qiskit-aer at commit 837c3ef has no reference to it"),
    detector: "aer_placebo",
  },
  {
    id: "QC302",
    title: "Aer does not offer the GPU",
    components: [{ name: "python:qiskit-aer", versions: "*" }, AER_GPU],
    platforms: ["linux", "win32"],
    symptoms: [
      'RuntimeError: Simulation device "GPU" is not supported on this system',
      'ERROR: Failed to load qobj: Simulation device "GPU" is not supported on this system',
    ],
    cause:
      "the module that was imported is the CPU build (both packages write the same files), or " +
      "the driver or the card does not fit the CUDA that the GPU build was made for",
    fixes: {
      configuration: {
        do: "list only qiskit-aer-gpu (CUDA 12) or qiskit-aer-gpu-cu11 among the requirements, " +
          "never beside qiskit-aer",
      },
      code: { do: 'look at available_devices() before device="GPU" is asked for, and fall back' },
      environment: {
        do: "uninstall both and install the one that fits the driver; there is no GPU build for " +
          "Windows",
      },
    },
    sources: [
      issue("Qiskit/qiskit-aer", 2351),
      issue("Qiskit/qiskit-aer", 2037),
      issue("Qiskit/qiskit-aer", 1381),
      issue("Qiskit/qiskit-aer", 929),
    ],
    verified: reported("the issues; no Qiskit and no GPU here"),
    detector: "aer_twice",
  },
  {
    id: "QC303",
    title: "The GPU build of Aer lags behind Qiskit 2",
    components: [{ name: "python:qiskit", versions: ">=2.0.0" }, {
      name: "python:qiskit-aer-gpu",
      versions: "<0.17.0",
    }],
    platforms: ["linux"],
    symptoms: [
      "ImportError: cannot import name 'convert_to_target' from 'qiskit.providers'",
    ],
    cause:
      "the function left Qiskit with version 2, and the GPU package of that time still imports " +
      "it",
    fixes: {
      configuration: { do: "require qiskit<2 or qiskit-aer-gpu>=0.17" },
      code: { none: "the import fails inside the package" },
      environment: { none: "the same on every machine" },
    },
    sources: [issue("Qiskit/qiskit-aer", 2336)],
    verified: reported("the issue; no Qiskit here"),
    detector: "aer_gpu_behind_qiskit",
  },
  {
    id: "QC304",
    title: "Aer and execute moved out of Qiskit",
    components: [{ name: "python:qiskit", versions: ">=1.0.0" }],
    platforms: ["any"],
    symptoms: [
      "ImportError: cannot import name 'Aer' from 'qiskit'",
      "ImportError: cannot import name 'execute' from 'qiskit'",
      "NameError: name 'execute' is not defined … qiskit",
    ],
    cause:
      "with Qiskit 1.0 the simulators became a package of their own, and execute() was removed",
    fixes: {
      configuration: { do: "require qiskit<1 for programs that nobody changes any more" },
      code: {
        do: "from qiskit_aer import AerSimulator, and backend.run(transpile(circuit, backend))",
      },
      environment: { none: "the same on every machine" },
    },
    sources: [
      issue("Qiskit/qiskit-aer", 2060),
      issue("Qiskit/qiskit-aer", 2070),
      issue("Qiskit/qiskit-aer", 2082),
    ],
    verified: reported("the issues; no Qiskit here"),
  },
  {
    id: "QC305",
    title: "quantum-circuit has no named export",
    components: [{ name: "quantum-circuit", versions: "<=0.9.250" }],
    platforms: ["any"],
    symptoms: [
      "SyntaxError: The requested module 'quantum-circuit' does not provide an export named " +
      "'QuantumCircuit'",
      "SyntaxError: Named export 'QuantumCircuit' not found. The requested module " +
      "'quantum-circuit' is a CommonJS module",
    ],
    cause:
      "the package is CommonJS and its whole export is the class, so a module sees a default " +
      "export only",
    fixes: {
      configuration: {
        do: "let the import map point quantum-circuit to a file of your own that exports it by " +
          "name",
        template: "deno.json",
      },
      code: { do: 'import QuantumCircuit from "quantum-circuit"' },
      environment: { none: "the same in every version of Node and Deno" },
    },
    sources: ["https://nodejs.org/api/esm.html#commonjs-namespaces"],
    verified: reproduced("tests/hardware/reproductions/quantum_circuit_test.ts"),
  },
  {
    id: "QC306",
    title: "quantum-circuit in an ES module bundle",
    components: [{ name: "quantum-circuit", versions: "<=0.9.250" }, {
      name: "esbuild",
      versions: ">=0.12.0",
    }],
    platforms: ["any"],
    symptoms: [
      'Error: Dynamic require of "fs" is not supported … antlr4',
      'Error: Dynamic require of "fs" is not supported … quantum-circuit',
      'Error: Dynamic require of "fs" is not supported',
    ],
    cause:
      "the package and its parser are CommonJS and call require() for modules of Node, which " +
      "an ES module does not have",
    fixes: {
      configuration: {
        do: "bundle with --packages=external, or --format=cjs",
      },
      code: {
        do: 'load it by createRequire(import.meta.url)("quantum-circuit"), which no bundler ' +
          "follows, or by import() of a name in a variable",
      },
      environment: { none: "no version of Node gives require() to a module" },
    },
    sources: [issue("evanw/esbuild", 1921)],
    verified: reproduced("tests/hardware/reproductions/quantum_circuit_test.ts"),
  },
  {
    id: "QC307",
    title: "Warnings of the parser in quantum-circuit",
    components: [{ name: "quantum-circuit", versions: "<=0.9.250" }],
    platforms: ["any"],
    symptoms: [
      "Warning: Accessing non-existent property 'INVALID_ALT_NUMBER' of module exports " +
      "inside circular dependency",
    ],
    cause: "antlr4, which it loads, imports its own files in a circle; results are right",
    fixes: {
      configuration: { do: "NODE_OPTIONS=--no-warnings, if it must be silent; nothing is wrong" },
      code: { do: "load the package late and only where it is used, as openSampler() does" },
      environment: { none: "every Node prints it; Deno does not" },
    },
    sources: ["https://nodejs.org/api/modules.html#cycles"],
    verified: reproduced("by hand: import of quantum-circuit 0.9.250 on Node 20.20.2 prints it"),
  },
];
