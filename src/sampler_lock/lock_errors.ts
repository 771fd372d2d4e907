/** A caller waited for a sampler lock longer than it was willing to; it has left the queue. */
export class SamplerLockTimeoutError extends Error {
  /** Equal to the name of the class. */
  override readonly name = "SamplerLockTimeoutError";
}

/** The holder of a sampler lock asked for the same lock again, which could only wait for itself. */
export class SamplerLockNestedError extends Error {
  /** Equal to the name of the class. */
  override readonly name = "SamplerLockNestedError";
}

/** A synchronous call found the sampler lock taken; synchronous code cannot wait. */
export class SamplerBusyError extends Error {
  /** Equal to the name of the class. */
  override readonly name = "SamplerBusyError";
}
