import { textColumns } from "../_internal/text_columns.ts";

/** Rows of text in columns under a header, whole lines for a terminal. */
export function columns(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${textColumns(header, rows, { rule: false })}\n`;
}

/** `512 B`, `1.2 MB`. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0, value = bytes;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `42 s`, `3 min 20 s`, `2 h 05 min`. */
export function durationText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole % 3600 / 60))} min`;
}

/** `2026-01-31 12:34`, in UTC as run ids are. */
export function timeText(iso: string | null): string {
  return iso === null ? "" : iso.slice(0, 16).replace("T", " ");
}

/** A figure with four digits. */
export function figureText(figure: number | null): string {
  return figure === null ? "" : String(Number(figure.toPrecision(4)));
}
