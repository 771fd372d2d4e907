import { checkOptions } from "../../_internal/check_options.ts";
import { sentByDefault } from "./outbox_items.ts";
import type { Remote } from "./remote.ts";

/** Options of {@linkcode openOutbox} and {@linkcode followRun}. */
export interface OutboxOptions {
  /** Where to send, e.g. `wandbRemote()`. */
  readonly remote: Remote;
  /**
   * Which files are sent, by their path in the run.
   * @default configuration, rows, pictures and tables of `reports`, and the manifest
   */
  readonly include?: (path: string) => boolean;
  /** Larger files are not sent; one file at a time is held in memory. @default {67108864} */
  readonly mostBytes?: number;
  /** Milliseconds that one call of the remote may take. @default {60000} */
  readonly callTimeout?: number;
  /** Attempts at one item while the remote is unavailable, before sending stops. @default {Infinity} */
  readonly attempts?: number;
  /** Milliseconds to the second attempt; doubled for each further one. @default {1000} */
  readonly firstDelay?: number;
  /** Milliseconds between attempts at most. @default {60000} */
  readonly mostDelay?: number;
}

/** Options with everything filled in. */
export type OutboxSettings = Required<OutboxOptions>;

/** Names of all options. */
export const OUTBOX_OPTIONS = [
  "remote",
  "include",
  "mostBytes",
  "callTimeout",
  "attempts",
  "firstDelay",
  "mostDelay",
];

/**
 * Fills in what was left out.
 *
 * @throws {TypeError} on an unknown option and without a remote
 * @throws {RangeError} on a number that is not positive
 */
export function outboxSettings(where: string, options: OutboxOptions): OutboxSettings {
  checkOptions(where, options, OUTBOX_OPTIONS);
  const settings: OutboxSettings = {
    include: sentByDefault,
    mostBytes: 64 * 1024 ** 2,
    callTimeout: 60_000,
    attempts: Infinity,
    firstDelay: 1000,
    mostDelay: 60_000,
    ...options,
  };
  const { remote } = settings;
  if (!/^[a-z0-9_-]+$/.test(remote?.name ?? "") || typeof remote.send !== "function") {
    throw new TypeError(
      `${where}: remote is ${
        remote === undefined ? "missing" : "none"
      }, wanted a name in lower case, ` +
        `begin() and send(): pass e.g. remote: wandbRemote({ project: "retina" })`,
    );
  }
  for (const name of ["mostBytes", "callTimeout", "attempts", "firstDelay", "mostDelay"] as const) {
    if (settings[name] > 0) continue;
    throw new RangeError(
      `${where}: ${name} is ${
        settings[name]
      }, wanted a positive number: leave it out for the default`,
    );
  }
  return settings;
}
