/** Which floor a room stands on; imports go strictly downward. */
export const FLOORS: Readonly<Record<string, number>> = {
  _internal: 0,
  hardware: 1,
  stages: 1,
  sampler_lock: 1,
  sampling: 1,
  metrics: 1,
  config: 1,
  images: 1,
  tables: 1,
  display: 1,
  tensors: 2,
  plots: 2,
  runs: 2,
  runner: 2,
  data: 3,
  quantum: 3,
  explain: 3,
  report: 3,
  model: 4,
  training: 5,
  doctor: 6,
  cli: 7,
};

/** The only rooms that may import a package. */
export const HOMES: Readonly<Record<string, readonly string[]>> = {
  "zod": ["config", "runs", "runner"],
  "sharp": ["images"],
  "@resvg/resvg-js": ["images"],
  "dejavu-fonts-ttf": ["images"],
  "fast-png": ["images"],
  "nodejs-polars": ["tables"],
  "@tensorflow/tfjs": ["tensors"],
  "@tensorflow/tfjs-core": ["tensors"],
  "@tensorflow/tfjs-backend-wasm": ["tensors"],
  "@tensorflow/tfjs-backend-webgpu": ["tensors"],
  "@tensorflow/tfjs-node": ["tensors"],
  "@tensorflow/tfjs-node-gpu": ["tensors"],
  "@observablehq/plot": ["plots"],
  "koffi": ["tensors"],
  "linkedom": ["plots"],
  "@babel/parser": ["runner"],
  "@jupyterlab/services": ["runner"],
  "diff": ["runner"],
  "parse5": ["runner"],
  "pixelmatch": ["runner"],
  "yaml": ["runner"],
  "quantum-circuit": ["quantum"],
};

/** A broken rule, in the words of the linter. */
export interface Fault {
  readonly message: string;
  readonly hint: string;
}

/** The room of a file under src, or undefined for files elsewhere. */
export function roomOf(path: string): string | undefined {
  return /(?:^|.*\/)src\/([^/]+)\//.exec(path)?.[1];
}

/** The fault of a relative import that goes up or sideways, if it does. */
export function roomFault(filename: string, specifier: string): Fault | undefined {
  const from = roomOf(filename);
  if (from === undefined || !specifier.startsWith(".")) return undefined;
  const target = new URL(specifier, `file://${filename}`).pathname;
  const to = roomOf(target);
  if (to === from) return undefined;
  if (to === undefined) {
    return {
      message: `src/${from} imports ${specifier} from outside src`,
      hint: "Move it into src",
    };
  }
  const [fromFloor, toFloor] = [FLOORS[from], FLOORS[to]];
  if (fromFloor === undefined || toFloor === undefined) {
    const unknown = fromFloor === undefined ? from : to;
    return { message: `Room "${unknown}" has no floor`, hint: "Add it to tests/_tools/rooms.ts" };
  }
  if (toFloor < fromFloor) return undefined;
  return {
    message: `${from} (floor ${fromFloor}) imports ${to} (floor ${toFloor})`,
    hint: "A room imports only from strictly lower floors; move the shared part down",
  };
}

/** The fault of a package imported away from its home, if it is. */
export function homeFault(filename: string, specifier: string): Fault | undefined {
  const from = roomOf(filename);
  if (from === undefined || specifier.startsWith(".") || specifier.startsWith("node:")) {
    return undefined;
  }
  const bare = specifier.replace(/^npm:/, "").replace(/(?<=.)@[\d^~].*$/, "");
  const name = bare.split("/").slice(0, bare.startsWith("@") ? 2 : 1).join("/");
  const homes = HOMES[name];
  if (homes === undefined) {
    return { message: `Package "${name}" has no home`, hint: "Add it to tests/_tools/rooms.ts" };
  }
  if (homes.includes(from)) return undefined;
  return {
    message: `Package "${name}" is imported by ${from}`,
    hint: `Only ${homes.join(", ")} may import it; call that room instead`,
  };
}
