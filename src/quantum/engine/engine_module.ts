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
  /** All that follows, one after the other. */
  runBatch(program: number, run: number, batch: number, back: boolean): void;
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

/** What stands before the flags of the memory that a module imports, and its least and most pages. */
const MEMORY_IMPORT = "\x03env\x06memory\x02";

/** Flags of a memory that has a maximum, and of one that is shared as well. */
const LIMITED = 1, SHARED = 3;

/** All pages that there can be. */
const MOST_PAGES = 65536;

const compiled = new Map<string, WebAssembly.Module>();

/**
 * The compiled module; compiled at its first use. With `sharedPages` it takes a memory of just this
 * size, which threads may share: of one that might grow, the size would be read again at every access,
 * as another thread can change it. Without, it takes any memory that one thread has to itself.
 */
export function engineModule(
  precision: Precision,
  kind: EngineModule,
  sharedPages?: number,
): WebAssembly.Module {
  const key = `${precision}/${kind}/${sharedPages}`;
  let module = compiled.get(key);
  if (module === undefined) {
    const bytes = engineBytes(precision, kind);
    const found = Buffer.from(bytes.buffer).indexOf(MEMORY_IMPORT, 0, "latin1");
    bytes.set(
      [
        sharedPages === undefined ? LIMITED : SHARED,
        ...threeBytes(sharedPages ?? 1),
        ...threeBytes(sharedPages ?? MOST_PAGES),
      ],
      found + MEMORY_IMPORT.length,
    );
    module = new WebAssembly.Module(bytes);
    compiled.set(key, module);
  }
  return module;
}

/** LEB128, as long as the numbers that the compiler wrote here. */
function threeBytes(value: number): number[] {
  return [value & 127 | 128, value >> 7 & 127 | 128, value >> 14];
}
