/** Text that is not OpenQASM, or says what a circuit here cannot be. */
export class OpenQasmError extends Error {
  /** Equal to the name of the class. */
  override readonly name = "OpenQasmError";
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;

  /** An error at a place of the text. */
  constructor(message: string, at: Place) {
    super(`OpenQASM line ${at.line}, column ${at.column}: ${message}`);
    this.line = at.line;
    this.column = at.column;
  }
}

/** A place in the text, from 1. */
export interface Place {
  /** Of the text. */
  readonly line: number;
  /** Of the line. */
  readonly column: number;
}

/** A word of the language. */
export interface Token extends Place {
  readonly kind: "name" | "number" | "text" | "symbol" | "end";
  readonly value: string;
}

const PATTERNS: readonly [Token["kind"] | "space", RegExp][] = [
  ["space", /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y],
  ["name", /[\p{L}_][\p{L}\p{N}_]*/uy],
  ["number", /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["text", /"[^"\n]*"/y],
  ["symbol", /->|==|\*\*|[;,(){}[\]+\-*/^=@]/y],
];

/**
 * Cuts text into words.
 *
 * @throws {OpenQasmError} at a character that begins none
 */
function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0, line = 1, start = 0;
  const place = () => ({ line, column: at - start + 1 });
  while (at < text.length) {
    const found = unfinished(text, at) ? undefined : PATTERNS.flatMap(([kind, pattern]) => {
      pattern.lastIndex = at;
      const value = pattern.exec(text)?.[0];
      return value === undefined ? [] : [{ kind, value }];
    })[0];
    if (found === undefined) {
      const message = unfinished(text, at)
        ? "this comment does not end; close it with */"
        : `unexpected character ${JSON.stringify(text[at])}; remove it`;
      throw new OpenQasmError(message, place());
    }
    const { kind, value } = found;
    if (kind !== "space") tokens.push({ kind, value, ...place() });
    for (let i = 0; i < value.length; i++) {
      if (value[i] !== "\n") continue;
      line++;
      start = at + i + 1;
    }
    at += value.length;
  }
  tokens.push({ kind: "end", value: "end of text", ...place() });
  return tokens;
}

/** Whether a comment begins here and never ends. */
function unfinished(text: string, at: number): boolean {
  return text.startsWith("/*", at) && !text.includes("*/", at + 2);
}

/** Reads tokens one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  /** The next token, which stays. */
  get next(): Token {
    return this.#tokens[this.#at];
  }

  /** Takes the next token. */
  take(): Token {
    const token = this.next;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  /** Takes the next token if it is that symbol or name. */
  takeIf(value: string): boolean {
    const { kind, value: found } = this.next;
    if (found !== value || kind === "text") return false;
    this.#at++;
    return true;
  }

  /** @throws {OpenQasmError} unless the next token is that symbol or name */
  expect(value: string): Token {
    const token = this.next;
    if (this.takeIf(value)) return token;
    throw new OpenQasmError(`expected "${value}", found "${token.value}"`, token);
  }

  /** @throws {OpenQasmError} unless the next token is of that kind */
  expectKind(kind: "name" | "number" | "text", what: string): Token {
    const token = this.take();
    if (token.kind === kind) return token;
    throw new OpenQasmError(`expected ${what}, found "${token.value}"`, token);
  }

  /** A whole number. */
  whole(what: string): number {
    const token = this.expectKind("number", what);
    if (/^\d+$/.test(token.value)) return Number(token.value);
    throw new OpenQasmError(`${what} must be a whole number, found ${token.value}`, token);
  }

  /** `item, item, …` up to `close`, which is taken too. */
  list<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    if (this.takeIf(close)) return items;
    do items.push(item()); while (this.takeIf(","));
    this.expect(close);
    return items;
  }
}
