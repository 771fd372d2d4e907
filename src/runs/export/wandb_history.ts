import { hash32 } from "../../_internal/hash32.ts";
import { sha256 } from "../../_internal/sha256.ts";
import type { MetricsRow } from "../metrics_rows.ts";
import { pngSize } from "./png_size.ts";
import type { OutboxItem } from "./remote.ts";
import { rowNumbers } from "./row_numbers.ts";

/** One line of a W&B history or summary. */
export type HistoryLine = Readonly<Record<string, unknown>>;

/** The line of an epoch: each number as `<split>/<head>/<metric>`, beside stage and epoch. */
export function historyLine(content: Uint8Array, { step }: Pick<OutboxItem, "step">): HistoryLine {
  const rows = new TextDecoder().decode(content).trim().split("\n")
    .map((line) => JSON.parse(line) as MetricsRow);
  const { stage, epoch, synthetic } = rows[0];
  const numbers = rows.flatMap((row) =>
    Object.entries(rowNumbers(row)).map(([metric, value]) => [
      `${row.split}/${row.head}/${metric}`,
      // JSON has no NaN; W&B's own clients write its name.
      Number.isFinite(value) ? value : String(value),
    ])
  );
  const made = synthetic === true ? { synthetic } : {};
  return { _step: step, stage, epoch, ...made, ...Object.fromEntries(numbers) };
}

/** Where a picture goes among the files of a W&B run, and the line that shows it. */
export function pictureLine(
  content: Uint8Array,
  { tag = "", step, sha256: hash, bytes }: OutboxItem,
): { readonly path: string; readonly line: HistoryLine } {
  const name = tag.replace(/[^A-Za-z0-9._-]+/g, "_");
  const path = `media/images/${name}_${step}_${hash.slice(0, 20)}.png`;
  const size = pngSize(content);
  const picture = {
    _type: "image-file",
    path,
    sha256: hash,
    size: bytes,
    format: "png",
    ...size === undefined ? {} : { width: size.width, height: size.height },
  };
  return { path, line: { _step: step, [`figures/${tag}`]: picture } };
}

/** A configuration in W&B's form. */
export function wandbConfig(config: unknown): string {
  const isMap = config !== null && typeof config === "object" && !Array.isArray(config);
  const entries = Object.entries(isMap ? config : { config });
  return JSON.stringify(Object.fromEntries(entries.map(([key, value]) => [key, { value }])));
}

/** The id of a run at W&B: its own where W&B takes it, else one made from it. */
export function wandbRunId(id: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(id)) return id;
  const plain = id.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 40);
  return `${plain}-${hash32(id).toString(16).padStart(8, "0")}${sha256(id).slice(0, 8)}`;
}
