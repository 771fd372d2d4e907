import { checkOptions } from "../_internal/check_options.ts";
import { checkTimeout } from "./check_timeout.ts";
import type { SamplerLock, SamplerLockOptions } from "./lock_contract.ts";
import { lockOfObject } from "./lock_of_object.ts";
import { QueueLock } from "./queue_lock.ts";

const byKey = new Map<string, QueueLock>();

/**
 * Makes a lock, or finds the one of a key.
 *
 * @throws {TypeError} when the key is taken by a lock with another name or timeout
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { samplerLock } from "@qsight/qsight/sampler_lock";
 * const lock = samplerLock();
 * const sampler = lock.guard({ run: (x: number) => x + 1 }, ["run"]);
 * assert.deepEqual(await Promise.all([1, 2, 3].map((x) => sampler.run(x))), [2, 3, 4]);
 * assert.equal(lock.stats().acquisitions, 3);
 * ```
 */
export function samplerLock(options: SamplerLockOptions = {}): SamplerLock {
  checkOptions("samplerLock()", options, ["name", "timeout", "key", "shared", "clock"]);
  checkTimeout("samplerLock()", options.timeout);
  const { key } = options;
  if (key === undefined) return new QueueLock(options);
  const known = byKey.get(key);
  if (known === undefined) {
    const lock = new QueueLock({ ...options, name: options.name ?? key });
    byKey.set(key, lock);
    return lock;
  }
  for (const option of ["name", "timeout", "shared", "clock"] as const) {
    if (options[option] !== undefined && options[option] !== known.made[option]) {
      throw new TypeError(
        `samplerLock(): key "${key}" already has a lock with another ${option}; ` +
          "give the options where it is made first, or use another key",
      );
    }
  }
  return known;
}

/**
 * The lock that belongs to an object: always the same one, made at the first call. The guarded
 * stand-in of an object has the lock that guards it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { samplerLockFor } from "@qsight/qsight/sampler_lock";
 * const sampler = { run: () => 1 };
 * assert.equal(samplerLockFor(sampler), samplerLockFor(sampler));
 * ```
 */
export function samplerLockFor(object: object): SamplerLock {
  let lock = lockOfObject.get(object);
  if (lock === undefined) lockOfObject.set(object, lock = samplerLock());
  return lock;
}
