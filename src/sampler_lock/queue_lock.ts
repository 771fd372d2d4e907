import { AsyncLocalStorage } from "node:async_hooks";
import { checkOptions } from "../_internal/check_options.ts";
import { checkTimeout } from "./check_timeout.ts";
import { type Guarded, guardMethods, type MethodName } from "./guard_methods.ts";
import type {
  SamplerLock,
  SamplerLockOptions,
  SamplerLockRunOptions,
  WatchedWorker,
} from "./lock_contract.ts";
import { seesThreadsEnd } from "./holder.ts";
import {
  SamplerBusyError,
  SamplerLockNestedError,
  SamplerLockTimeoutError,
} from "./lock_errors.ts";
import { lockOfObject } from "./lock_of_object.ts";
import { DurationLog, type SamplerLockStats } from "./lock_stats.ts";
import { SharedMutex } from "./shared_mutex.ts";

/** One stay inside the lock; what was started inside and outlives it finds it ended. */
interface Stay {
  ended: boolean;
  readonly since: number;
}

/** Longer timers overflow and would fire at once; so long a wait is no limit. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** Turns inside the thread, a {@linkcode SharedMutex} between threads. */
export class QueueLock implements SamplerLock {
  readonly name: string;
  readonly made: SamplerLockOptions;
  #mutex: SharedMutex;
  #clock: () => number;
  #context = new AsyncLocalStorage<Stay>();
  /** Whether somebody of this thread is inside, or is next and waits for another thread. */
  #taken = false;
  #stay: Stay | undefined;
  #queue: (() => void)[] = [];
  #counts = { acquisitions: 0, thrown: 0, timeouts: 0, aborts: 0, nested: 0, busy: 0, maxQueue: 0 };
  #waits = new DurationLog();
  #holds = new DurationLog();

  constructor(options: SamplerLockOptions) {
    this.made = options;
    this.name = options.name ?? "sampler";
    this.#mutex = new SharedMutex(options.shared);
    this.#clock = options.clock ?? (() => performance.now());
  }

  get handle(): SharedArrayBuffer {
    return this.#mutex.buffer;
  }

  async run<T>(
    fn: () => T | Promise<T>,
    options: SamplerLockRunOptions = {},
  ): Promise<Awaited<T>> {
    checkOptions("run()", options, ["signal", "timeout"]);
    checkTimeout("run()", options.timeout);
    this.#refuseHolder();
    if (options.signal?.aborted) {
      this.#counts.aborts++;
      throw options.signal.reason;
    }
    const asked = this.#clock();
    // Between threads the way in takes time, and callers of this thread must keep their order in it.
    if (this.#mutex.shared || !this.#tryTake()) await this.#wait(options, asked);
    const stay = this.#enter(asked);
    try {
      return await this.#context.run(stay, fn);
    } catch (error) {
      this.#counts.thrown++;
      throw error;
    } finally {
      this.#leave(stay);
    }
  }

  guard<T extends object, K extends MethodName<T>>(
    object: T,
    methods: readonly K[],
  ): Guarded<T, K> {
    const around = (call: () => unknown) => this.run(call);
    const guarded = guardMethods(object, { methods, around, where: "guard()" });
    lockOfObject.set(guarded, this);
    return guarded as Guarded<T, K>;
  }

  guardSync<T extends object>(object: T, methods: readonly MethodName<T>[]): T {
    const around = (call: () => unknown) => this.#runSync(call);
    const guarded = guardMethods(object, { methods, around, where: "guardSync()" });
    lockOfObject.set(guarded, this);
    return guarded;
  }

  stats(): SamplerLockStats {
    const { total: _, ...waitMs } = this.#waits.summary();
    const holdMs = this.#holds.summary();
    const { freed } = this.#mutex;
    return { name: this.name, ...this.#counts, freed, queued: this.#queue.length, waitMs, holdMs };
  }

  #runSync(call: () => unknown): unknown {
    if (this.#heldByCaller()) return call();
    const asked = this.#clock();
    if (!this.#tryTake()) {
      this.#counts.busy++;
      throw new SamplerBusyError(
        `Sampler lock "${this.name}" is held by somebody else and a synchronous call cannot wait; ` +
          "make the call inside lock.run(), or guard the object with lock.guard()",
      );
    }
    const stay = this.#enter(asked);
    let result: unknown;
    try {
      result = this.#context.run(stay, call);
    } catch (error) {
      this.#counts.thrown++;
      this.#leave(stay);
      throw error;
    }
    if (!isThenable(result)) {
      this.#leave(stay);
      return result;
    }
    // The method was not synchronous after all: the lock stays taken until its work is done.
    const failed = () => {
      this.#counts.thrown++;
      this.#leave(stay);
    };
    result.then(() => this.#leave(stay), failed);
    return result;
  }

  #heldByCaller(): boolean {
    return this.#context.getStore()?.ended === false;
  }

  #refuseHolder(): void {
    if (!this.#heldByCaller()) return;
    this.#counts.nested++;
    throw new SamplerLockNestedError(
      `The holder of sampler lock "${this.name}" asked for it again and would wait for itself; ` +
        "call the unguarded object inside run(), or move the inner call out of it",
    );
  }

  watch(worker: WatchedWorker): void {
    if (seesThreadsEnd()) return;
    // Asked now: a worker that has ended has no number any more.
    const { threadId } = worker;
    worker.once("exit", () => this.#mutex.freeThread(threadId));
  }

  #tryTake(): boolean {
    if (this.#taken || !this.#mutex.tryTake()) return false;
    this.#taken = true;
    return true;
  }

  /** Waits for the turn in this thread and then for the other threads. */
  async #wait({ signal, timeout = this.made.timeout }: SamplerLockRunOptions, asked: number) {
    // In the queue first: anything below may let other callers run before it returns.
    const turn = this.#turn();
    const stop = new AbortController();
    stop.signal.addEventListener("abort", () => turn.quit(stop.signal.reason), { once: true });
    const abort = () => stop.abort(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    const timer = timeout === undefined || timeout > LONGEST_TIMER_MS
      ? undefined
      : setTimeout(() => stop.abort(this.#tooLong(asked)), timeout);
    try {
      await turn.come;
      try {
        await this.#mutex.take(stop.signal);
      } catch (error) {
        this.#next();
        throw error;
      }
    } catch (error) {
      this.#counts[signal?.aborted && error === signal.reason ? "aborts" : "timeouts"]++;
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** `come` resolves when everybody of this thread who asked before is through. */
  #turn(): { readonly come: Promise<void>; quit(reason: unknown): void } {
    if (!this.#taken) {
      this.#taken = true;
      return { come: Promise.resolve(), quit: () => {} };
    }
    let quit = (_reason: unknown) => {};
    const come = new Promise<void>((resolve, reject) => {
      this.#queue.push(resolve);
      quit = (reason) => {
        const at = this.#queue.indexOf(resolve);
        if (at < 0) return;
        this.#queue.splice(at, 1);
        reject(reason);
      };
    });
    this.#counts.maxQueue = Math.max(this.#counts.maxQueue, this.#queue.length);
    return { come, quit: (reason) => quit(reason) };
  }

  #enter(asked: number): Stay {
    const since = this.#clock();
    this.#counts.acquisitions++;
    this.#waits.add(since - asked);
    return this.#stay = { ended: false, since };
  }

  #leave(stay: Stay): void {
    stay.ended = true;
    this.#stay = undefined;
    this.#holds.add(this.#clock() - stay.since);
    this.#mutex.release();
    this.#next();
  }

  /** The turn goes to the next waiter directly: nobody who comes later can slip in between. */
  #next(): void {
    const go = this.#queue.shift();
    if (go === undefined) this.#taken = false;
    else go();
  }

  #tooLong(asked: number): SamplerLockTimeoutError {
    const now = this.#clock();
    const held = this.#stay === undefined
      ? "another thread holds it"
      : `it has been held for ${Math.round(now - this.#stay.since)} ms`;
    return new SamplerLockTimeoutError(
      `Waited ${
        Math.round(now - asked)
      } ms for sampler lock "${this.name}" and gave up; ${held}, ` +
        `${this.#queue.length} waiting; give a longer timeout or look at the call that holds it`,
    );
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null)?.then === "function";
}
