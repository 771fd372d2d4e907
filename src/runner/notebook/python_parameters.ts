import type { ParameterInfo } from "./parameter_info.ts";

/** Comments, strings, continued lines, operators that end with =, or one letter. */
const TOKEN =
  /#[^\n]*|("""|''')(?:\\[^]|(?!\1)[^])*(?:\1|$)|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?|\\\r?\n|[=!<>:+*/%&|^@-]=|[^]/gu;
const NAME = /^[\p{ID_Start}_]\p{ID_Continue}*$/u;
/** These stand before a colon too, and are no names. */
const KEYWORD = /^(?:else|try|finally)$/;

/** A statement on one or more lines. */
interface Statement {
  /** Its text without comments. */
  code: string;
  /** Where its first `=` outside of brackets is, or -1. */
  equals: number;
  /** Where the first `:` outside of brackets before that is, or -1. */
  colon: number;
  /** The last comment in it. */
  comment: string | undefined;
}

/** What a Python cell assigns at the start of its lines. */
export function pythonParameters(source: string): ParameterInfo[] {
  const found: ParameterInfo[] = [];
  let above: string[] = [];
  for (const statement of statements(source)) {
    if (statement.code.trim() === "") {
      // Comments on lines of their own are for what follows, up to an empty line.
      above = statement.comment === undefined ? [] : [...above, statement.comment];
      continue;
    }
    const info = parameterOf(statement, above.join(" "));
    if (info !== undefined) found.push(info);
    above = [];
  }
  return found;
}

function parameterOf(
  { code, equals, colon, comment }: Statement,
  above: string,
): ParameterInfo | undefined {
  const end = colon >= 0 ? colon : equals;
  const name = code.slice(0, Math.max(end, 0)).trimEnd();
  const stated = colon < 0 ? "" : code.slice(colon + 1, equals < 0 ? undefined : equals).trim();
  if (!NAME.test(name) || KEYWORD.test(name) || (equals < 0 && stated === "")) return undefined;
  // Before annotations, types stood in comments: `x = []  # type: List[int]  what it is for`.
  const typed = stated !== "" ? null : /^type:\s*(\S+)\s*(.*)$/.exec(comment ?? "");
  const type = stated !== "" ? stated : typed?.[1] ?? "";
  const help = (typed === null ? comment : typed[2]) || above;
  return {
    name,
    value: equals < 0 ? "" : code.slice(equals + 1).trim(),
    ...(type === "" ? {} : { type }),
    ...(help === "" ? {} : { help }),
  };
}

function* statements(source: string): Generator<Statement> {
  const empty = (): Statement => ({ code: "", equals: -1, colon: -1, comment: undefined });
  let statement = empty();
  let depth = 0;
  // Only the first statement of a line has an indentation.
  let isFirst = true;
  for (const [token] of source.matchAll(TOKEN)) {
    if (token.startsWith("#")) {
      statement.comment = token.slice(1).trim();
    } else if ((token === "\n" || token === ";") && depth <= 0) {
      yield statement;
      statement = empty();
      depth = 0;
      isFirst = token === "\n";
    } else if (isFirst || token.trim() !== "" || statement.code !== "") {
      if (/^[([{]$/.test(token)) depth++;
      if (/^[)\]}]$/.test(token)) depth--;
      if (depth === 0 && token === ":" && statement.colon < 0 && statement.equals < 0) {
        statement.colon = statement.code.length;
      }
      if (depth === 0 && token === "=" && statement.equals < 0) {
        statement.equals = statement.code.length;
      }
      statement.code += token;
    }
  }
  yield statement;
}
