import { Buffer } from "node:buffer";
import type { Precision } from "../workspace.ts";
import { F32_PLAIN, F32_RELAXED, F64_PLAIN, F64_RELAXED } from "./engine_modules.ts";

/** Which instructions an engine uses: with fused multiply-add, or without. */
export type EngineModule = "relaxed" | "plain";

const CODE: Readonly<Record<Precision, Readonly<Record<EngineModule, string>>>> = {
  f32: { relaxed: F32_RELAXED, plain: F32_PLAIN },
  f64: { relaxed: F64_RELAXED, plain: F64_PLAIN },
};

/** What a module gives; arguments are addresses in its memory, or numbers. */
export interface EngineExports {
  /** Fills what no parameter changes. */
  load(program: number): void;
  /** Computes what all samples share. */
  prepare(program: number): void;
  /** Runs one chunk of samples. */
  runChunk(
    program: number,
    run: number,
    chunk: number,
    first: number,
    samples: number,
    back: boolean,
  ): void;
  /** Moves the slopes of all chunks to the weights. */
  finish(program: number, chunks: number): void;
}

/** The bytes of a module. */
export function engineBytes(precision: Precision, kind: EngineModule): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(CODE[precision][kind], "base64"));
}

/** Whether this runtime can run a module: Node 20 has no relaxed SIMD. */
export function canRunEngine(kind: EngineModule): boolean {
  return WebAssembly.validate(engineBytes("f32", kind));
}

/** The best that this runtime can run, or undefined where WebAssembly has no SIMD at all. */
export function bestEngine(): EngineModule | undefined {
  return (["relaxed", "plain"] as const).find(canRunEngine);
}

/** What stands before the flags of the memory that a module imports. */
const MEMORY_IMPORT = "\x03env\x06memory\x02";

/** Flags of a memory that has a maximum, and of one that is shared as well. */
const LIMITED = 1, SHARED = 3;

const compiled = new Map<string, WebAssembly.Module>();

/**
 * The compiled module; compiled at its first use. On a memory that threads share, the size is read
 * again at every access, as another thread might let it grow; one thread does without.
 */
export function engineModule(
  precision: Precision,
  kind: EngineModule,
  { shared }: { readonly shared: boolean },
): WebAssembly.Module {
  const key = `${precision}/${kind}/${shared}`;
  let module = compiled.get(key);
  if (module === undefined) {
    const bytes = engineBytes(precision, kind);
    const flags = Buffer.from(bytes.buffer).indexOf(MEMORY_IMPORT, 0, "latin1") +
      MEMORY_IMPORT.length;
    bytes[flags] = shared ? SHARED : LIMITED;
    module = new WebAssembly.Module(bytes);
    compiled.set(key, module);
  }
  return module;
}
