import type { Guarded, MethodName } from "./guard_methods.ts";
import type { SamplerLockStats } from "./lock_stats.ts";

/** Options of {@linkcode samplerLock}. */
export interface SamplerLockOptions {
  /** Stands in messages and statistics. @default the key, or "sampler" */
  readonly name?: string;
  /** Longest wait of each call in milliseconds. @default {Infinity} */
  readonly timeout?: number;
  /** Locks of one key are one lock in the whole process (one thread; see `shared`). */
  readonly key?: string;
  /** `handle` of a lock in another thread: the two then exclude each other. */
  readonly shared?: SharedArrayBuffer;
  /** Milliseconds for the statistics. @default {performance.now} */
  readonly clock?: () => number;
}

/** Options of a single wait. */
export interface SamplerLockRunOptions {
  /** Takes the waiter out of the queue; the call rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
  /** Longest wait in milliseconds; 0 means now or never. @default that of the lock */
  readonly timeout?: number;
}

/** The part of a worker of `node:worker_threads` that says when it ends. */
export interface WatchedWorker {
  /** Of the thread. */
  readonly threadId: number;
  /** Calls back when it has ended. */
  once(event: "exit", listener: () => void): unknown;
}

/** A first-come-first-served lock around something that must not be entered twice. */
export interface SamplerLock {
  /** Stands in messages and statistics. */
  readonly name: string;
  /** Shared memory to hand to the lock of another thread, as its option `shared`. */
  readonly handle: SharedArrayBuffer;
  /**
   * Runs `fn` alone. The lock is free again when `fn` returned, threw, or its promise settled, and
   * when the thread that holds it has ended.
   *
   * @throws {SamplerLockNestedError} at once when the holder itself calls, directly or in something it started
   * @throws {SamplerLockTimeoutError} when the wait was too long
   */
  run<T>(fn: () => T | Promise<T>, options?: SamplerLockRunOptions): Promise<Awaited<T>>;
  /** The object with the named methods queued; they return promises. Other members pass through. */
  guard<T extends object, K extends MethodName<T>>(
    object: T,
    methods: readonly K[],
  ): Guarded<T, K>;
  /**
   * The object with the named methods exclusive but still synchronous: such a call throws
   * {@linkcode SamplerBusyError} while somebody else holds the lock, and just runs for the holder.
   */
  guardSync<T extends object>(object: T, methods: readonly MethodName<T>[]): T;
  /**
   * Frees the lock when a worker of `node:worker_threads` ends while it is inside. In Deno that is
   * seen without it, for workers of both kinds.
   */
  watch(worker: WatchedWorker): void;
  /** What the lock has seen so far. */
  stats(): SamplerLockStats;
}
