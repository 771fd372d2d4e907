/** The word of a member that has left and will publish nothing more. */
const LEFT = -1;
/** How often a member that cannot hear events looks whether the others still are there. */
const LOOK_EVERY_MS = 1000;

/** What all members of a {@linkcode SharedGather} are given. */
export interface SharedGatherMemory {
  /** Members. */
  readonly count: number;
  /** The most numbers that a member publishes at once. */
  readonly capacity: number;
  /** One word a member: how often it has published. */
  readonly words: Int32Array<SharedArrayBuffer>;
  /** Two slots a member, used in turns. */
  readonly numbers: Float32Array<SharedArrayBuffer>;
}

/** A member left while others waited for it. */
export class MemberLeftError extends Error {
  override name = "MemberLeftError";
  /** Which one. */
  readonly member: number;

  constructor(member: number, why = "it ended") {
    super(`replica ${member} does not answer: ${why}`);
    this.member = member;
  }
}

/** Memory for so many members. */
export function sharedGatherMemory(count: number, capacity: number): SharedGatherMemory {
  return {
    count,
    capacity,
    words: new Int32Array(new SharedArrayBuffer(4 * count)),
    numbers: new Float32Array(new SharedArrayBuffer(4 * 2 * count * capacity)),
  };
}

/**
 * Threads that tell each other numbers, round by round: each publishes its own and then sees those of
 * all, in the order of the members. There are two slots a member, so that one barrier a round is
 * enough: whoever writes to a slot again has seen all others publish since, and they read it before.
 */
export class SharedGather {
  readonly #memory: SharedGatherMemory;
  readonly #member: number;
  readonly #deadlineMs: number;
  #round = 0;

  /** @param options.deadlineMs the longest wait without events for one round */
  constructor(
    memory: SharedGatherMemory,
    { member, deadlineMs }: { readonly member: number; readonly deadlineMs: number },
  ) {
    this.#memory = memory;
    this.#member = member;
    this.#deadlineMs = deadlineMs;
  }

  /**
   * Publishes and sleeps until all others have: for threads that may block.
   *
   * @returns of each member what it published; valid until the next round
   * @throws {MemberLeftError} when one has left
   */
  gatherSync(own: Float32Array): Float32Array[] {
    this.#publish(own);
    const end = performance.now() + this.#deadlineMs;
    for (let member = 0; member < this.#memory.count; member++) {
      for (let word = this.#look(member); word < this.#round; word = this.#look(member)) {
        Atomics.wait(this.#memory.words, member, word, LOOK_EVERY_MS);
        if (performance.now() > end) {
          throw new MemberLeftError(member, `${this.#deadlineMs / 1000} s went by`);
        }
      }
    }
    return this.#read();
  }

  /** The same for a thread that must hear events, among them that another one has ended. */
  async gather(own: Float32Array): Promise<Float32Array[]> {
    this.#publish(own);
    for (let member = 0; member < this.#memory.count; member++) {
      for (let word = this.#look(member); word < this.#round; word = this.#look(member)) {
        const waiting = Atomics.waitAsync(this.#memory.words, member, word);
        if (waiting.async) await waiting.value;
      }
    }
    return this.#read();
  }

  /** Leaves, for oneself or in place of a member that cannot any more; all who wait for it hear of it. */
  leave(member: number = this.#member): void {
    Atomics.store(this.#memory.words, member, LEFT);
    Atomics.notify(this.#memory.words, member);
  }

  #publish(own: Float32Array): void {
    const { capacity, words } = this.#memory;
    if (own.length > capacity) {
      throw new RangeError(`SharedGather: found ${own.length} numbers, wanted at most ${capacity}`);
    }
    this.#round++;
    this.#slot(this.#member).set(own);
    // Nobody comes back who has been taken out.
    const before = this.#round - 1;
    if (Atomics.compareExchange(words, this.#member, before, this.#round) !== before) {
      throw new MemberLeftError(this.#member, "it was taken out");
    }
    Atomics.notify(words, this.#member);
  }

  #look(member: number): number {
    const word = Atomics.load(this.#memory.words, member);
    if (word === LEFT) throw new MemberLeftError(member);
    return word;
  }

  #read(): Float32Array[] {
    return Array.from({ length: this.#memory.count }, (_, member) => this.#slot(member));
  }

  #slot(member: number): Float32Array {
    const { capacity, numbers } = this.#memory;
    const start = (2 * member + this.#round % 2) * capacity;
    return numbers.subarray(start, start + capacity);
  }
}
