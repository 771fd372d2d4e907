import type { SamplerLock } from "./lock_contract.ts";

/** Which lock belongs to which object or guarded stand-in; forgotten together with it. */
export const lockOfObject = new WeakMap<object, SamplerLock>();
