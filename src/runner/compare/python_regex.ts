/** Characters that mean something outside and inside of a class of JavaScript's `v` mode. */
const SYNTAX = /[\\^$.*+?()[\]{}|/]/, CLASS_SYNTAX = /[\\^$.*+?()[\]{}|/&\-!#%,:;<=>@`~]/;
const CONTROL: Readonly<Record<string, string>> = {
  ...{ a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" },
};
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * The JavaScript form of a pattern of Python's `re`, for all matches in a text.
 *
 * @throws {TypeError} for what JavaScript cannot say or Python does not know
 */
export function pythonRegExp(source: string): RegExp {
  const translated = new Translation(source).run();
  try {
    return new RegExp(translated.pattern, translated.ignoreCase ? "giv" : "gv");
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /, "") : String(error);
    throw new TypeError(`"${source}" is not a valid pattern: ${reason}`);
  }
}

class Translation {
  readonly #source: string;
  readonly #flags = new Set<string>();
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  run(): { readonly pattern: string; readonly ignoreCase: boolean } {
    for (let flags = this.#take(/\(\?([aiLmsux]+)\)/y); flags !== null;) {
      for (const flag of flags[1]) this.#flags.add(flag);
      flags = this.#take(/\(\?([aiLmsux]+)\)/y);
    }
    if (this.#flags.has("x")) {
      throw this.#fault("the flag (?x)", "write the pattern without blanks");
    }
    if (this.#flags.has("L")) throw this.#fault("the flag (?L)", "leave it out");
    let pattern = "";
    while (this.#at < this.#source.length) pattern += this.#next();
    return { pattern, ignoreCase: this.#flags.has("i") };
  }

  get #word(): string {
    return this.#flags.has("a") ? "A-Za-z0-9_" : "\\p{L}\\p{N}_";
  }

  #next(): string {
    const character = this.#source[this.#at++];
    switch (character) {
      case "\\":
        return this.#escape();
      case "[":
        return this.#class();
      case "(":
        return this.#group();
      case "^":
        return this.#flags.has("m") ? "(?<![^\\n])" : "(?<![\\s\\S])";
      case "$":
        // Python's $ also stands before a line break that ends the text.
        return this.#flags.has("m") ? "(?![^\\n])" : "(?=\\n?(?![\\s\\S]))";
      case ".":
        return this.#flags.has("s") ? "[\\s\\S]" : "[^\\n]";
      case "*":
      case "+":
      case "?":
        return this.#quantifier(character);
      case "{": {
        const counts = this.#take(/(\d*)(?:(,)(\d*))?\}/y);
        if (counts === null) return "\\{";
        const [, from, comma, to] = counts;
        if (from === "" && comma === undefined) return "\\{\\}";
        return this.#quantifier(`{${from || "0"}${comma === undefined ? "" : `,${to}`}}`);
      }
      case "|":
      case ")":
        return character;
      default:
        return literal(character);
    }
  }

  #quantifier(text: string): string {
    if (this.#source[this.#at] === "+") {
      throw this.#fault(`the possessive "${text}+"`, `write "${text}"`);
    }
    return this.#take(/\?/y) === null ? text : `${text}?`;
  }

  #group(): string {
    if (this.#source[this.#at] !== "?") return "(";
    if (this.#take(/\?#[^)]*\)/y) !== null) return "";
    const plain = this.#take(/\?(?:[:=!]|<[=!])/y);
    if (plain !== null) return `(${plain[0]}`;
    const named = this.#take(/\?P<([A-Za-z_]\w*)>/y);
    if (named !== null) return `(?<${named[1]}>`;
    const repeated = this.#take(/\?P=([A-Za-z_]\w*)\)/y);
    if (repeated !== null) return `(?:\\k<${repeated[1]}>)`;
    const found = `(${this.#source.slice(this.#at, this.#at + 4)}`;
    throw this.#fault(
      `"${found}"`,
      "flags stand at the start only, as in (?i)text; conditions, atomic groups and flags of one group are not known",
    );
  }

  #escape(): string {
    const character = this.#source[this.#at++];
    const reference = /[1-9]/.test(character ?? "") && !this.#octalAhead();
    if (reference) {
      const second = this.#take(/\d/y)?.[0] ?? "";
      return `(?:\\${character}${second})`;
    }
    switch (character) {
      case "A":
        return "(?<![\\s\\S])";
      case "Z":
        return "(?![\\s\\S])";
      case "b":
        return `(?:(?<=[${this.#word}])(?![${this.#word}])|(?<![${this.#word}])(?=[${this.#word}]))`;
      case "B":
        return `(?:(?<=[${this.#word}])(?=[${this.#word}])|(?<![${this.#word}])(?![${this.#word}]))`;
      case "w":
      case "W":
      case "d":
      case "D":
      case "s":
      case "S":
        return `[${this.#set(character)}]`;
      default:
        return literal(this.#escapedCharacter(character));
    }
  }

  /** What stands for a class escape within brackets. */
  #set(letter: string): string {
    const ascii = this.#flags.has("a");
    const digits = ascii ? "0-9" : "\\p{Nd}";
    const sets: Readonly<Record<string, string>> = {
      ...{ w: this.#word, W: `[^${this.#word}]`, d: digits, D: `[^${digits}]`, s: "\\s", S: "\\S" },
    };
    return sets[letter];
  }

  /** The character that an escape stands for, in classes too. */
  #escapedCharacter(character: string | undefined): string {
    if (character === undefined) throw this.#fault("a backslash at the end", "double it");
    if (Object.hasOwn(CONTROL, character)) return CONTROL[character];
    if (/[0-7]/.test(character)) {
      this.#at--;
      const digits = this.#take(/[0-7]{1,3}/y)![0];
      return String.fromCodePoint(parseInt(digits, 8));
    }
    if (Object.hasOwn(HEX_DIGITS, character)) {
      const length = HEX_DIGITS[character];
      const digits = this.#take(new RegExp(`[\\da-fA-F]{${length}}`, "y"));
      if (digits !== null && parseInt(digits[0], 16) <= 0x10ffff) {
        return String.fromCodePoint(parseInt(digits[0], 16));
      }
      throw this.#fault(`"\\${character}"`, `give it ${length} hexadecimal digits`);
    }
    if (/[A-Za-z0-9]/.test(character)) {
      throw this.#fault(
        `the escape "\\${character}"`,
        "Python does not know it either, or not here",
      );
    }
    return character;
  }

  #octalAhead(): boolean {
    return /^[0-3][0-7]{2}/.test(this.#source.slice(this.#at - 1, this.#at + 2));
  }

  #class(): string {
    let items = this.#take(/\^/y) === null ? "" : "^";
    for (let first = true; first || this.#source[this.#at] !== "]"; first = false) {
      if (this.#at >= this.#source.length) {
        throw this.#fault("a [ without ]", "close it, or write \\[");
      }
      const start = this.#at;
      items += this.#classItem();
      if (!/^-[^\]]/.test(this.#source.slice(this.#at, this.#at + 2))) continue;
      this.#at++;
      items += `-${this.#classItem()}`;
      const range = this.#source.slice(start, this.#at);
      if (/^\\[wWdDsS]|-\\[wWdDsS]$/.test(range)) {
        throw this.#fault(`the range "${range}"`, "escape the dash");
      }
    }
    this.#at++;
    return `[${items}]`;
  }

  #classItem(): string {
    const character = this.#source[this.#at++];
    if (character !== "\\") return classLiteral(character);
    const escaped = this.#source[this.#at++];
    if (/[wWdDsS]/.test(escaped ?? "")) return this.#set(escaped);
    return classLiteral(escaped === "b" ? "\b" : this.#escapedCharacter(escaped));
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match !== null) this.#at += match[0].length;
    return match;
  }

  #fault(found: string, mend: string): TypeError {
    return new TypeError(`"${this.#source}": cannot translate ${found} to JavaScript; ${mend}`);
  }
}

function literal(character: string): string {
  return SYNTAX.test(character) ? `\\${character}` : character;
}

function classLiteral(character: string): string {
  return CLASS_SYNTAX.test(character) ? `\\${character}` : character;
}
