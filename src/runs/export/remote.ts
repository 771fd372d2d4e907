import type { Manifest } from "../manifest.ts";

/** One thing to send, as the journal names it. */
export interface OutboxItem {
  /** Place in the order of sending, from 1. */
  readonly seq: number;
  /**
   * `rows`: rows of one epoch; `picture`: a PNG file with a step; `file`: any file; `end`: the run
   * has ended, the content is its manifest.
   */
  readonly kind: "rows" | "picture" | "file" | "end";
  /** Path inside the run folder, with `/`. */
  readonly path: string;
  /** Size of the content. */
  readonly bytes: number;
  /** SHA-256 of the content in hexadecimal. */
  readonly sha256: string;
  /** Of rows: where they begin in the file, in bytes. */
  readonly start?: number;
  /** Of rows. */
  readonly stage?: string;
  /** Of rows. */
  readonly epoch?: number;
  /** Of rows and pictures: the epoch counted through all stages. */
  readonly step?: number;
  /** Of pictures: their name without stage and epoch. */
  readonly tag?: string;
  /** Of rows and pictures: place among them, from 0, which is a line of a remote history. */
  readonly line?: number;
}

/** What a remote is told of a run before its items. */
export interface RemoteRun {
  /** Name of the run folder. */
  readonly id: string;
  /** Where it is. */
  readonly folder: string;
  /** Content of `config.json`. */
  readonly config: unknown;
  /** Null while the run goes on. */
  readonly manifest: Manifest | null;
}

/** What comes with each call of a remote. */
export interface RemoteCall {
  /** Aborted when the call takes longer than its deadline, or the outbox is closed. */
  readonly signal: AbortSignal;
}

/** What comes with an item. */
export interface RemoteContent extends RemoteCall {
  /** The run. */
  readonly run: RemoteRun;
  /** The bytes that the item names, checked against its hash. */
  readonly content: Uint8Array<ArrayBuffer>;
  /** The same for every attempt to send this item, and for no other item. */
  readonly idempotencyKey: string;
}

/**
 * Where a run is sent. Both calls may be repeated, after a failure or in a later process, and must
 * then end in the same state as one call. They throw {@linkcode RemoteError}; any other error counts
 * as `unavailable`.
 */
export interface Remote {
  /** Lower-case letters, digits, `-` and `_`; names the journal. */
  readonly name: string;
  /** Where it is, for messages; nothing secret. */
  readonly where: string;
  /** Makes the run known; called once before the first item of a process. */
  begin(run: RemoteRun, call: RemoteCall): Promise<void>;
  /** Sends one item; resolves when the remote has it. */
  send(item: OutboxItem, content: RemoteContent): Promise<void>;
}

/**
 * Why a call failed. `denied`: credentials are missing or wrong, sending stops. `rejected`: this item
 * is refused, and tried again in a later process. `unavailable`: tried again after a while.
 */
export type RemoteErrorKind = "denied" | "rejected" | "unavailable";

/** A failed call of a remote. */
export class RemoteError extends Error {
  /** Name of the class, for a cell that shows nothing else. */
  override readonly name = "RemoteError";
  /** What follows from it. */
  readonly kind: RemoteErrorKind;

  /**
   * Makes an error.
   *
   * @param message found, wanted, and how to mend it; nothing secret
   */
  constructor(message: string, { kind, cause }: { kind: RemoteErrorKind; cause?: unknown }) {
    super(message, { cause });
    this.kind = kind;
  }
}
