import { setTimeout as sleep } from "node:timers/promises";

/** A sampler that throws when it is entered twice, and counts what it sees. */
export class FakeSampler {
  forward = 0;
  gradients = 0;
  peak = 0;
  #inside = 0;

  run(value: number): Promise<number> {
    this.forward++;
    return this.#alone(value);
  }

  gradient(value: number): Promise<number> {
    this.gradients++;
    return this.#alone(-value);
  }

  async #alone(value: number): Promise<number> {
    this.#inside++;
    this.peak = Math.max(this.peak, this.#inside);
    try {
      if (this.#inside > 1) throw new Error("entered twice");
      await sleep(1);
      return value;
    } finally {
      this.#inside--;
    }
  }
}
