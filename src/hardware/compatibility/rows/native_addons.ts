// Packages with native parts: nodejs-polars, zeromq, and what installs or loads such parts.
import { type CompatibilityRow, issue, reported, reproduced } from "../compatibility_row.ts";

export const NATIVE_ADDON_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC501",
    title: "npm leaves out the native part of nodejs-polars on Node 20",
    components: [{ name: "nodejs-polars", versions: ">=0.25.0 <=0.26.1" }, {
      name: "node",
      versions: "<22.0.0",
    }],
    platforms: ["any"],
    symptoms: [
      "Error: Cannot find module 'nodejs-polars-linux-x64-gnu'",
      "Error: Cannot find module 'nodejs-polars-linux-arm64-gnu'",
      "Error: Cannot find module 'nodejs-polars-darwin-arm64'",
      "Error: Cannot find module 'nodejs-polars-win32-x64-msvc'",
    ],
    cause:
      "the package says it runs on Node 20, its native parts ask for Node 22, and npm skips an " +
      "optional package that does not fit without a word",
    fixes: {
      configuration: {
        do: "pin nodejs-polars to 0.24.1, which loads in Node 20 and in Deno; or list the native " +
          "part of the same version among the dependencies",
        template: "package.json",
      },
      code: {
        none: "the native part is not on the disk, so no way of importing finds it",
      },
      environment: { do: "install and run with Node 22 or later" },
    },
    sources: ["https://www.npmjs.com/package/nodejs-polars-linux-x64-gnu"],
    verified: reproduced("tests/e2e/compatibility_test.ts"),
    detector: "polars_skipped_by_npm",
  },
  {
    id: "QC502",
    title: "Deno cannot resolve nodejs-polars",
    components: [{ name: "nodejs-polars", versions: "0.24.0 || >=0.26.0 <=0.26.1" }, {
      name: "deno",
      versions: ">=2.0.0",
    }],
    platforms: ["any"],
    symptoms: [
      "error: Could not find npm package 'nodejs-polars-android-arm64' matching '0.26.1'.",
      "Could not find npm package 'nodejs-polars-…' matching '…'",
    ],
    cause:
      "one of its optional parts was never published in that version; npm passes over it, Deno " +
      "does not",
    fixes: {
      configuration: {
        do: "pin nodejs-polars to 0.24.1 or 0.25.2",
        template: "deno.json",
      },
      code: { none: "the package is not installed, so no code can load it" },
      environment: {
        do: 'let npm make node_modules and tell Deno so with "nodeModulesDir": "manual"',
      },
    },
    sources: ["https://www.npmjs.com/package/nodejs-polars"],
    verified: reproduced("tests/e2e/compatibility_test.ts"),
    detector: "polars_refused_by_deno",
  },
  {
    id: "QC503",
    title: "A native part of the wrong processor family on macOS",
    components: [{ name: "nodejs-polars", versions: "0.12.0" }],
    platforms: ["darwin"],
    symptoms: [
      "incompatible architecture (have 'arm64', need 'x86_64')",
      "incompatible architecture (have 'x86_64', need 'arm64')",
    ],
    cause: "the file that was packed, or the runtime that loads it, is for the other family of " +
      "processors",
    fixes: {
      configuration: { do: "take another version of the package", template: "package.json" },
      code: { none: "the loader stops before any code runs" },
      environment: { do: "use a Node or Deno of the machine's own family, not one under Rosetta" },
    },
    sources: [issue("pola-rs/nodejs-polars", 216)],
    verified: reported("the issue; no macOS here"),
  },
  {
    id: "QC504",
    title: "A data frame prints as {}",
    components: [{ name: "nodejs-polars", versions: "*" }, { name: "deno", versions: "<=2.7.11" }],
    platforms: ["any"],
    symptoms: [],
    signs: "console.log(frame) prints {}",
    cause: "the frame is a proxy, and older versions of Deno print the proxy's own properties",
    fixes: {
      configuration: { none: "there is no setting for how proxies are printed" },
      code: { do: "console.log(frame.toString()), or show it as the last expression of a cell" },
      environment: { do: "use Deno 2.9.6" },
    },
    sources: [issue("denoland/deno", 33236)],
    verified: reported("the issue"),
  },
  {
    id: "QC505",
    title: "zeromq does not load in older versions of Deno",
    components: [{ name: "zeromq", versions: ">=6.0.0" }, { name: "deno", versions: "<2.8.2" }],
    platforms: ["any"],
    symptoms: ["undefined symbol: uv_unref", "undefined symbol: uv_…"],
    cause: "the addon calls libuv directly, whose symbols Deno did not offer",
    fixes: {
      configuration: { none: "a symbol that is missing cannot be configured" },
      code: { none: "the loader stops before any code runs" },
      environment: { do: "use Deno 2.8.2 or later" },
    },
    sources: [issue("denoland/deno", 28621), issue("denoland/deno", 34657)],
    verified: reported("the issue; zeromq loads in Deno 2.9.6 here"),
    detector: "zeromq_on_old_deno",
  },
  {
    id: "QC506",
    title: "A zeromq client in Deno never gets its answer",
    components: [{ name: "zeromq", versions: ">=6.0.0" }, { name: "deno", versions: "<=2.9.6" }],
    platforms: ["linux"],
    symptoms: [],
    signs: "receive() of a request socket never resolves; the server side works",
    cause: "the socket does not wake the event loop while nothing else does",
    fixes: {
      configuration: { none: "neither side has a setting for it" },
      code: { do: "keep a timer alive while you wait: setInterval(() => {}, 20)" },
      environment: { do: "run the client in Node" },
    },
    sources: [issue("denoland/deno", 36559)],
    verified: reported("measured for this project with Deno 2.9.6 before this date; not repeated"),
  },
  {
    id: "QC507",
    title: "An addon of the old kind does not load in Deno",
    components: [{ name: "zeromq", versions: "<6.0.0" }, { name: "deno", versions: "*" }],
    platforms: ["any"],
    symptoms: ["napi_register_module_v1 not found", "undefined symbol: napi_register_module_v1"],
    cause: "the addon was made with NAN for Node's own interface, and Deno knows Node-API only",
    fixes: {
      configuration: {
        do: "pin a version that was made with Node-API: zeromq 6",
        template: "deno.json",
      },
      code: { none: "the loader stops before any code runs" },
      environment: { do: "run it in Node" },
    },
    sources: [issue("denoland/deno", 18345)],
    verified: reported("the issue"),
  },
  {
    id: "QC508",
    title: "zeromq has no native part for this Node",
    components: [{ name: "zeromq", versions: "*" }],
    platforms: ["any"],
    symptoms: [
      "Error: No native build was found for platform=… arch=… runtime=…",
      "No native build was found for platform=darwin arch=x64",
    ],
    cause: "there is no prebuilt file for this system, family of processors and C library; often " +
      "Node itself is of another family than the machine",
    fixes: {
      configuration: { none: "which file is looked for follows from the running Node" },
      code: { none: "the package does not load" },
      environment: {
        do: "use a Node of the machine's own family (process.arch), and a glibc image instead of " +
          "Alpine",
      },
    },
    sources: [issue("yunabe/tslab", 62), issue("zeromq/zeromq.js", 567)],
    verified: reported("the issues"),
  },
  {
    id: "QC509",
    title: "Deno ignored build scripts",
    components: [{ name: "deno", versions: ">=2.0.0" }],
    platforms: ["any"],
    symptoms: [
      'Ignored build scripts for packages: … Run "deno approve-scripts" to run build scripts.',
      "Ignored build scripts for packages: npm:zeromq@6.8.0 npm:core-js@3.29.1",
    ],
    cause:
      "Deno runs no script of a package that nobody approved; zeromq and core-js do not need " +
      "theirs, tfjs-node does",
    fixes: {
      configuration: {
        do: "nothing for zeromq and core-js; for others name the package: deno approve-scripts " +
          "npm:NAME",
        template: "deno.json",
      },
      code: { none: "it is about the install" },
      environment: { do: "npm install runs all scripts, if you trust them" },
    },
    sources: ["https://docs.deno.com/runtime/fundamentals/node/"],
    verified: reproduced("by hand: deno install of this project with Deno 2.9.6 prints it"),
  },
  {
    id: "QC510",
    title: "Deno refuses what a native package needs",
    components: [{ name: "deno", versions: ">=2.0.0" }],
    platforms: ["any"],
    symptoms: [
      'NotCapable: Requires env access to "…", run again with the --allow-env flag',
      'NotCapable: Requires ffi access to "…", run again with the --allow-ffi flag',
      'NotCapable: Requires sys access to "…", run again with the --allow-sys flag',
      'NotCapable: Requires read access to "…", run again with the --allow-read flag',
      'NotCapable: Requires run access to "…", run again with the --allow-run flag',
    ],
    cause:
      "packages with native parts read variables, ask for the C library and load files, each " +
      "of which is a permission",
    fixes: {
      configuration: {
        do: "give the permissions where the program is started, -A in the script that starts it",
        template: "start_script",
      },
      code: {
        do: "load such packages late, inside the function that needs them, so that the rest runs " +
          "without",
      },
      environment: { do: "run it in Node, which asks for no permissions" },
    },
    sources: ["https://docs.deno.com/runtime/fundamentals/security/"],
    verified: reproduced("tests/hardware/reproductions/permissions_test.ts"),
  },
  {
    id: "QC511",
    title: "LD_LIBRARY_PATH set by the program itself is not heeded",
    components: [{ name: "glibc", versions: "*" }],
    platforms: ["linux"],
    symptoms: [
      "Could not open library: Could not open library: …: cannot open shared object file: No " +
      "such file or directory",
    ],
    cause: "the loader reads the variable once, when the process starts; what the program sets " +
      "later only its children see",
    fixes: {
      configuration: {
        do: "set the variable in the script or the kernel spec that starts the process",
        template: "start_script",
      },
      code: { do: "open the library by its full path" },
      environment: { do: "enter the folder into /etc/ld.so.conf.d and run ldconfig" },
    },
    sources: ["https://man7.org/linux/man-pages/man8/ld.so.8.html"],
    verified: reproduced("tests/hardware/reproductions/library_path_test.ts"),
  },
];
