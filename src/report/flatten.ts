import { LIMITS } from "./limits.ts";

/** One value of a nested object: where it stands and what it is. */
export interface FlatValue {
  /** Keys with dots between, e.g. `stages.0.epochs`. */
  readonly key: string;
  readonly text: string;
}

/**
 * All values of a nested object by their path. Short lists of plain values stay together; what a
 * probe found, `{ status, value, reason }`, is one value: "2 (Affinity 0-1)", "absent (why)".
 */
export function flatten(value: unknown, most: number = LIMITS.values): FlatValue[] {
  const out: FlatValue[] = [];
  const walk = (inner: unknown, key: string, depth: number) => {
    if (out.length >= most) return;
    const whole = wholeText(inner);
    if (whole !== undefined || depth > 12) {
      out.push({ key, text: whole ?? JSON.stringify(inner) });
      return;
    }
    for (const [name, item] of Object.entries(inner as object)) {
      walk(item, key === "" ? name : `${key}.${name}`, depth + 1);
    }
  };
  walk(value, "", 0);
  return out;
}

/** The text of a value that is shown as one; undefined for one that is taken apart. */
function wholeText(value: unknown): string | undefined {
  if (value === null || value === undefined) return "none";
  if (typeof value !== "object") return typeof value === "string" ? value : String(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    const plain = value.every((item) => item === null || typeof item !== "object");
    return plain && value.length <= 24 ? value.map((item) => String(item)).join(", ") : undefined;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  return probeText(value);
}

function probeText(value: object): string | undefined {
  const { status, reason, value: found, ...rest } = value as Record<string, unknown>;
  if (typeof status !== "string" || typeof reason !== "string") return undefined;
  if (Object.keys(rest).length > 0 || (found !== null && typeof found === "object")) {
    return undefined;
  }
  const said = found === undefined ? status : String(found);
  return reason === "" ? said : `${said} (${reason})`;
}
