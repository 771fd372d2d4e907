import { readFile } from "node:fs/promises";
import { checkOptions } from "../../_internal/check_options.ts";
import { pythonRegExp } from "./python_regex.ts";
import { pythonReplacement } from "./python_replacement.ts";

/** A replacement applied to both sides before they are compared. */
export interface SanitizeRule {
  /** What messages call it. */
  readonly name: string;
  /** What to replace; with the flag g, so that it means every match. */
  readonly pattern: RegExp;
  /** As `String.replace` takes it: `$01`, `$<name>`, `$&`. */
  readonly replacement: string;
}

/** Replacements in the order in which they are applied. */
export type SanitizeRules = readonly SanitizeRule[];

/** Options of {@linkcode parseSanitizeRules}. */
export interface ParseSanitizeRulesOptions {
  /** What messages call the text. @default {"sanitize rules"} */
  readonly name?: string;
}

/**
 * Reads replacements from a file in nbval's format; see {@linkcode parseSanitizeRules}.
 *
 * @throws {TypeError} naming line and rule, or the path of a file that cannot be read
 */
export async function loadSanitizeRules(path: string): Promise<SanitizeRules> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(`Cannot read sanitize rules ${path}: ${reason}. Check the path`);
  }
  return parseSanitizeRules(text, { name: path });
}

/**
 * Parses replacements in nbval's format: sections in brackets, in each a line `regex: pattern` and
 * after it a line `replace: text`, both as Python's `re.sub` takes them. Blank lines and lines that
 * begin with `#` or `;` are comments. All after the colon and one blank counts.
 *
 * @throws {TypeError} naming line and rule, for a line of another kind, half a pair, or a pattern
 * that JavaScript has no form for
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseSanitizeRules } from "@qsight/qsight/runner";
 *
 * const [rule] = parseSanitizeRules(`
 * [dates]
 * regex: (?P<day>\\d\\d)/\\d\\d/\\d{2,4}
 * replace: \\g<day>/MONTH
 * `);
 * assert.equal("21/12/16".replace(rule.pattern, rule.replacement), "21/MONTH");
 * ```
 */
export function parseSanitizeRules(
  text: string,
  options: ParseSanitizeRulesOptions = {},
): SanitizeRules {
  checkOptions("parseSanitizeRules", options, ["name"]);
  const { name: file = "sanitize rules" } = options;
  const rules: SanitizeRule[] = [];
  let section = "";
  let regex: { readonly value: string; readonly line: number } | undefined;
  const halfPair = () => {
    if (regex === undefined) return;
    const name = section === "" ? "a rule" : `rule [${section}]`;
    throw new TypeError(
      `${file}, line ${regex.line}: ${name} has a "regex:" and no "replace:" after it. Add the line`,
    );
  };
  for (const [index, content] of text.replace(/^\uFEFF/, "").split(/\r\n?|\n/).entries()) {
    const line = index + 1;
    if (/^\s*(?:[#;].*)?$/.test(content)) continue;
    const heading = /^\s*\[(.*)\]\s*$/.exec(content);
    const setting = /^(regex|replace)\s*[:=] ?(.*)$/.exec(content);
    if (heading !== null || setting?.[1] === "regex") halfPair();
    if (heading !== null) section = heading[1];
    else if (setting === null) {
      throw new TypeError(
        `${file}, line ${line}: found "${content}", wanted [section], "regex: …" or "replace: …"`,
      );
    } else if (setting[1] === "regex") regex = { value: setting[2], line };
    else if (regex === undefined) {
      throw new TypeError(`${file}, line ${line}: "replace:" without a "regex:" before it`);
    } else {
      const name = section === "" ? `line ${regex.line}` : section;
      const where = `${file}, line ${regex.line}, rule [${name}]`;
      rules.push(sanitizeRule({ name, regex: regex.value, replace: setting[2], where }));
      regex = undefined;
    }
  }
  halfPair();
  return rules;
}

/** The rule of a tag `sanitize=/regex/replacement/`. Undefined where the text has another form. */
export function inlineSanitizeRule(text: string): SanitizeRule | undefined {
  const match = /^\/((?:[^/\\]|\\.)+)\/((?:[^/\\]|\\.)*)\/$/.exec(text);
  if (match === null) return undefined;
  const [regex, replace] = [match[1], match[2]].map((part) => part.replaceAll("\\/", "/"));
  return sanitizeRule({ name: text, regex, replace, where: `tag "sanitize=${text}"` });
}

/** Applies all rules, one after the other. */
export function sanitizeText(text: string, rules: SanitizeRules): string {
  return rules.reduce(
    (result, { pattern, replacement }) => result.replace(pattern, replacement),
    text,
  );
}

function sanitizeRule(
  { name, regex, replace, where }: {
    readonly name: string;
    readonly regex: string;
    readonly replace: string;
    readonly where: string;
  },
): SanitizeRule {
  try {
    const pattern = pythonRegExp(regex);
    return { name, pattern, replacement: pythonReplacement(replace, pattern) };
  } catch (error) {
    throw new TypeError(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
