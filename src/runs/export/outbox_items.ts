import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256 as hashOf } from "../../_internal/sha256.ts";
import { digestFile, isTemporary } from "../file_digest.ts";
import { ifGone } from "../if_gone.ts";
import type { MetricsRow } from "../metrics_rows.ts";
import { GlobalSteps } from "./global_steps.ts";
import { presentFiles } from "./present_files.ts";
import type { OutboxItem } from "./remote.ts";
import { type WholeLine, wholeLines } from "./whole_lines.ts";

/** An item that has no number yet. */
export type NewItem = Omit<OutboxItem, "seq">;

/** A file that is not sent. */
export interface SkippedFile {
  /** Path inside the run folder. */
  readonly path: string;
  /** For a person. */
  readonly reason: string;
}

const ROWS = "metrics.jsonl", GROWING = [ROWS, "timings.jsonl"];

/**
 * Which files are sent when nobody says otherwise: configuration, rows, pictures, tables and the
 * manifest. Not weights and checkpoints, which are large, nor the other forms of each picture.
 */
export function sentByDefault(path: string): boolean {
  return /^[^/]+\.(json|jsonl)$/.test(path) ||
    /^reports\/(?!tensorboard\/).+\.(png|csv)$/.test(path);
}

/** Rows of one epoch that follow one another. */
interface RowGroup {
  readonly stage: string;
  readonly epoch: number;
  readonly lines: WholeLine[];
}

/** Turns files that are whole on disk into items, each content once. */
export class ItemMaker {
  readonly #folder: string;
  readonly #include: (path: string) => boolean;
  readonly #mostBytes: number;
  readonly #steps: GlobalSteps;
  /** SHA-256 of each file as it was last put into the journal. */
  readonly #known = new Map<string, string>();
  #rowsEnd = 0;
  #lines = 0;
  readonly skipped = new Map<string, string>();

  constructor(
    folder: string,
    { config, include, mostBytes }: {
      readonly config: unknown;
      readonly include: (path: string) => boolean;
      readonly mostBytes: number;
    },
  ) {
    this.#folder = folder;
    this.#include = include;
    this.#mostBytes = mostBytes;
    this.#steps = new GlobalSteps(config);
  }

  /** Takes note of an item that is in the journal. */
  note(item: OutboxItem | NewItem): void {
    const { kind, path, sha256, stage, epoch } = item;
    if (item.line !== undefined) this.#lines = item.line + 1;
    if (kind === "rows") {
      this.#rowsEnd = item.start! + item.bytes;
      this.#steps.step({ stage: stage!, epoch: epoch! });
    } else {
      this.#known.set(key(kind, path), sha256);
    }
  }

  /** An item was dropped: the same content counts as new when it comes again. */
  forget({ kind, path, sha256 }: Pick<OutboxItem, "kind" | "path" | "sha256">): void {
    if (this.#known.get(key(kind, path)) === sha256) this.#known.delete(key(kind, path));
  }

  /** Items of one file; none when it is gone, or was sent as it is. */
  async *make(path: string): AsyncGenerator<NewItem> {
    if (isTemporary(path)) return;
    if (path === ROWS) yield* this.#rows();
    if (GROWING.includes(path)) return;
    if (path !== "manifest.json") return yield* this.#file(path);
    // The files that grow are whole now.
    for (const growing of GROWING) yield* this.#file(growing);
    yield* this.#file(path);
    yield* this.#file(path, "end");
  }

  /** Items of all that is in the folder, in the order of a run: each epoch's rows, then its pictures. */
  async *makeAll(): AsyncGenerator<NewItem> {
    const paths = await presentFiles(this.#folder);
    if (paths.includes("config.json")) yield* this.make("config.json");
    const ahead = new GlobalSteps();
    for await (const { text } of wholeLines(join(this.#folder, ROWS))) ahead.step(JSON.parse(text));
    const pictures = paths.flatMap((path) => {
      const picture = this.#steps.picture(path, ahead);
      return picture === undefined ? [] : [{ path, step: picture.step }];
    }).sort((a, b) => a.step - b.step || (a.path < b.path ? -1 : 1));
    for await (const rows of this.#rows()) {
      yield rows;
      while ((pictures[0]?.step ?? Infinity) <= rows.step!) {
        yield* this.make(pictures.shift()!.path);
      }
    }
    for (const path of [...pictures.map(({ path }) => path), ...paths]) {
      if (path !== "manifest.json" && path !== ROWS) yield* this.make(path);
    }
    if (paths.includes("manifest.json")) yield* this.make("manifest.json");
  }

  async *#rows(): AsyncGenerator<NewItem> {
    if (!this.#include(ROWS)) return;
    let group: RowGroup | undefined;
    for await (const line of wholeLines(join(this.#folder, ROWS), this.#rowsEnd)) {
      const { stage, epoch } = JSON.parse(line.text) as MetricsRow;
      if (group?.stage !== stage || group.epoch !== epoch) {
        if (group !== undefined) yield this.#rowsItem(group);
        group = { stage, epoch, lines: [] };
      }
      group.lines.push(line);
    }
    if (group !== undefined) yield this.#rowsItem(group);
  }

  #rowsItem({ stage, epoch, lines }: RowGroup): NewItem {
    const { start } = lines[0];
    const bytes = lines.at(-1)!.end - start;
    const sha256 = hashOf(lines.map(({ text }) => text + "\n").join(""));
    const step = this.#steps.step({ stage, epoch });
    const place = { start, stage, epoch, step, line: this.#lines };
    const item: NewItem = { kind: "rows", path: ROWS, bytes, sha256, ...place };
    this.note(item);
    return item;
  }

  async *#file(path: string, kind: "file" | "end" = "file"): AsyncGenerator<NewItem> {
    if (!this.#include(path)) return;
    const size = await stat(join(this.#folder, path)).then(({ size }) => size).catch(ifGone(-1));
    if (size < 0) return;
    if (size > this.#mostBytes) {
      this.skipped.set(path, `${size} bytes, more than mostBytes ${this.#mostBytes}`);
      return;
    }
    const digest = await digestFile(this.#folder, path).catch(ifGone(undefined));
    if (digest === undefined) return;
    const { bytes, sha256 } = digest;
    const picture = kind === "file" ? this.#steps.picture(path) : undefined;
    const named = picture === undefined ? kind : "picture";
    if (this.#known.get(key(named, path)) === sha256) return;
    const place = picture === undefined ? {} : { ...picture, line: this.#lines };
    const item: NewItem = { kind: named, path, bytes, sha256, ...place };
    this.note(item);
    yield item;
  }
}

/** The bytes that an item names; undefined when they are gone or others. */
export async function readContent(
  folder: string,
  { path, start = 0, bytes, sha256, kind }: OutboxItem,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const file = await open(join(folder, path), "r").catch(ifGone(undefined));
  if (file === undefined) return undefined;
  try {
    // One byte more tells a file that has grown.
    const content = new Uint8Array(kind === "rows" ? bytes : bytes + 1);
    let length = 0;
    while (length < content.length) {
      const { bytesRead } = await file.read(
        content,
        length,
        content.length - length,
        start + length,
      );
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    const found = content.subarray(0, length);
    return hashOf(found) === sha256 ? found : undefined;
  } finally {
    await file.close();
  }
}

function key(kind: OutboxItem["kind"], path: string): string {
  return kind === "end" ? `end ${path}` : path;
}
