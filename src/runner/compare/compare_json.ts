import type { PartDifference } from "./compare_text.ts";
import { describeOff, isClose, type NumberTolerance } from "./number_tolerance.ts";

/** How values within JSON are compared. */
export interface CompareJsonOptions {
  /** For all numbers; undefined wants them equal. */
  readonly tolerance: NumberTolerance | undefined;
  /** Applied to every string before it is compared. */
  readonly sanitize: (text: string) => string;
}

/** Compares two JSON values, whatever the order of their keys. Undefined when they are equal. */
export function compareJson(
  stored: unknown,
  fresh: unknown,
  options: CompareJsonOptions,
): PartDifference | undefined {
  const comparison = new JsonComparison(options);
  comparison.compare(stored, fresh);
  const { first, places, onlyNumbers } = comparison;
  if (first === undefined) return undefined;
  return {
    kind: onlyNumbers && options.tolerance !== undefined ? "number" : "json",
    message: places > 1 ? `${first}; ${places} places differ` : first,
    stored: pretty(stored, options.sanitize),
    fresh: pretty(fresh, options.sanitize),
  };
}

class JsonComparison {
  readonly #options: CompareJsonOptions;
  readonly #path: (string | number)[] = [];
  first: string | undefined;
  places = 0;
  onlyNumbers = true;

  constructor(options: CompareJsonOptions) {
    this.#options = options;
  }

  compare(stored: unknown, fresh: unknown): void {
    if (typeof stored === "number" && typeof fresh === "number") {
      if (isClose(stored, fresh, this.#options.tolerance ?? {})) return;
      const off = describeOff(stored, fresh);
      this.#differs(`stored ${stored}, fresh ${fresh} (${off})`, true);
    } else if (Array.isArray(stored) && Array.isArray(fresh)) {
      this.#lists(stored, fresh);
    } else if (isRecord(stored) && isRecord(fresh)) {
      this.#records(stored, fresh);
    } else if (this.#plain(stored) !== this.#plain(fresh)) {
      this.#differs(`stored ${brief(stored)}, fresh ${brief(fresh)}`);
    }
  }

  #lists(stored: readonly unknown[], fresh: readonly unknown[]): void {
    if (stored.length !== fresh.length) {
      this.#differs(`stored ${stored.length} items, fresh ${fresh.length}`);
    }
    for (let i = 0; i < Math.min(stored.length, fresh.length); i++) {
      this.#at(i, () => this.compare(stored[i], fresh[i]));
    }
  }

  #records(stored: Record<string, unknown>, fresh: Record<string, unknown>): void {
    for (const [key, value] of Object.entries(stored)) {
      this.#at(key, () => {
        if (Object.hasOwn(fresh, key)) this.compare(value, fresh[key]);
        else this.#differs("stored, and did not come");
      });
    }
    for (const key of Object.keys(fresh)) {
      if (!Object.hasOwn(stored, key)) {
        this.#at(key, () => this.#differs("came, and is not stored"));
      }
    }
  }

  #at(step: string | number, body: () => void): void {
    this.#path.push(step);
    body();
    this.#path.pop();
  }

  #differs(what: string, isNumber = false): void {
    this.places++;
    this.onlyNumbers &&= isNumber;
    this.first ??= `${this.#path.reduce(pathWith, "$")}: ${what}`;
  }

  /** A value that `===` can compare: lists and records meet others only when the types differ. */
  #plain(value: unknown): unknown {
    return typeof value === "string" ? this.#options.sanitize(value) : value;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function pathWith(path: string, step: string | number): string {
  if (typeof step === "number") return `${path}[${step}]`;
  return /^[A-Za-z_$][\w$]*$/.test(step) ? `${path}.${step}` : `${path}[${JSON.stringify(step)}]`;
}

function brief(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isRecord(value)) return `an object of ${Object.keys(value).length} keys`;
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** With sorted keys, so that two texts of it differ only where the values do. */
function pretty(value: unknown, sanitize: (text: string) => string): string {
  const replace = (_key: string, inner: unknown): unknown => {
    if (typeof inner === "string") return sanitize(inner);
    if (!isRecord(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return JSON.stringify(value, replace, 1) ?? "undefined";
}
