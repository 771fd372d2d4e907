import {
  AVX2,
  CPU_ENGINE,
  CPU_RUNTIME,
  FUNCTIONS,
  IN_ORDER_STREAM,
  INSTRUCTIONS,
  STATUS,
  THREAD_FUNCTION,
  VERSION_FUNCTION,
} from "./c_api.ts";
import type { ForeignFunctions, ForeignInterface, ForeignLibrary } from "./foreign_library.ts";
import type { Finding } from "../finding.ts";
import { Scratch } from "./scratch.ts";

/** The version whose C interface is spoken here; 3 describes its operations in another way. */
export const MAJOR = 2;

/** The words for a status that is not success. */
export function faultOf(what: string, status: number): string {
  return `oneDNN: ${what}: ${STATUS[status] ?? `status ${status}`}`;
}

/** How a library is opened. */
export interface OpenOnednnOptions {
  /** A path, or a name that the system's loader looks for. */
  readonly path: string;
  readonly threads: number;
}

/** An open oneDNN: the processor as its engine, and one stream of work. */
export class Onednn {
  readonly version: string;
  /** The instructions that it uses on this processor. */
  readonly instructions: string;
  /** Whether they are wider than those of WebAssembly. */
  readonly isFast: boolean;
  readonly threads: number;
  readonly call: ForeignFunctions<typeof FUNCTIONS>;
  readonly scratch: Scratch;
  readonly engine: number;
  readonly stream: number;
  readonly #library: ForeignLibrary<typeof FUNCTIONS>;

  constructor(
    library: ForeignLibrary<typeof FUNCTIONS>,
    { version, threads }: { readonly version: string; readonly threads: number },
  ) {
    this.#library = library;
    this.call = library.functions;
    this.version = version;
    this.threads = threads;
    this.scratch = new Scratch(library.addressOf);
    const found = this.call.dnnl_get_effective_cpu_isa();
    const known = INSTRUCTIONS.find(([bits]) => bits === found);
    this.instructions = known?.[1] ?? `instructions ${found}`;
    this.isFast = (found & AVX2) === AVX2;
    // Primitives are kept by shape here; a second cache would keep those that are freed.
    this.call.dnnl_set_primitive_cache_capacity(0);
    this.engine = this.create(
      "an engine",
      (place) => this.call.dnnl_engine_create(place, CPU_ENGINE, 0),
    );
    this.stream = this.create(
      "a stream",
      (place) => this.call.dnnl_stream_create(place, this.engine, IN_ORDER_STREAM),
    );
  }

  /** Throws with the words for a status that is not success. */
  check(what: string, status: number): void {
    if (status !== 0) throw new Error(faultOf(what, status));
  }

  /** The handle that a function writes to the address it is given. */
  create(what: string, make: (place: number) => number): number {
    const place = this.scratch.room(8);
    this.check(what, make(place));
    return this.scratch.addressAt(place);
  }

  addressOf(view: Uint8Array): number {
    return this.#library.addressOf(view);
  }

  /** Text in the library's memory, at most so many bytes of it. */
  text(address: number, most: number): string {
    return new TextDecoder().decode(this.#library.read(address, most)).split("\0")[0];
  }

  close(): void {
    this.call.dnnl_stream_destroy(this.stream);
    this.call.dnnl_engine_destroy(this.engine);
  }
}

/**
 * Opens a library as oneDNN 2, or says why not: `"absent"` if it does not load, `"refused"` if it is
 * another version, or is built or works in another way.
 */
export function openOnednn(
  foreign: ForeignInterface,
  { path, threads }: OpenOnednnOptions,
): Onednn | Finding {
  let asked;
  try {
    asked = askVersion(foreign, path);
  } catch (error) {
    return { status: "absent", reason: firstLine(error) };
  }
  const { version, runtime } = asked;
  if (Number.parseInt(version) !== MAJOR) {
    const reason = `${path} is oneDNN ${version}, and ${MAJOR}.x is wanted, as 3.x has another ` +
      `interface (Debian and Ubuntu: apt-get install libdnnl2)`;
    return { status: "refused", reason };
  }
  const named = `${path} (oneDNN ${version})`;
  try {
    const fault = setThreads(foreign, { path, threads }, runtime);
    if (fault !== undefined) return { status: "refused", reason: `${named} ${fault}` };
    const onednn = new Onednn(foreign.open(path, FUNCTIONS), { version, threads });
    return onednn.isFast ? onednn : {
      status: "refused",
      reason: `${named} can use ${onednn.instructions} only, with which wasm is as fast`,
    };
  } catch (error) {
    return { status: "refused", reason: `${named} did not start: ${firstLine(error)}` };
  }
}

function askVersion(foreign: ForeignInterface, path: string) {
  const library = foreign.open(path, VERSION_FUNCTION);
  const facts = new DataView(library.read(library.functions.dnnl_version(), 28).buffer);
  // Three numbers, then the address of a text, then what it was built for.
  const version = [0, 4, 8].map((at) => facts.getInt32(at, true)).join(".");
  return { version, runtime: facts.getUint32(24, true) };
}

/** Sets the number of threads, or says why it cannot be set. */
function setThreads(
  foreign: ForeignInterface,
  { path, threads }: OpenOnednnOptions,
  runtime: number,
): string | undefined {
  if (runtime === CPU_RUNTIME.openMp) {
    foreign.open(path, THREAD_FUNCTION).functions.omp_set_num_threads(threads);
    return undefined;
  }
  if (runtime === CPU_RUNTIME.sequential && threads === 1) return undefined;
  return "was not built for OpenMP, so that the number of its threads cannot be set";
}

function firstLine(error: unknown): string {
  return String((error as Error)?.message ?? error).split("\n")[0];
}
