import { type AstNode, nodesOf } from "../typecheck/ast.ts";
import { openCellParser } from "../typecheck/parse_cell.ts";
import type { ParameterInfo } from "./parameter_info.ts";

/**
 * What a TypeScript cell declares or assigns at its top, by its syntax tree.
 *
 * @throws {TypeError} for a cell that cannot be read
 */
export async function typescriptParameters(source: string): Promise<ParameterInfo[]> {
  const parse = await openCellParser();
  const cell = parse(source);
  if (!("body" in cell)) {
    throw new TypeError(`The cell tagged "parameters" cannot be read: ${cell.message}. Mend it`);
  }
  const text = (node: AstNode) => source.slice(node.start, node.end);
  return cell.body.flatMap((statement) =>
    assignments(statement).map(({ target, value, all }): ParameterInfo => {
      const [annotation] = nodesOf(target.typeAnnotation);
      const help = commentBehind(all, { source, comments: cell.comments }) ??
        commentAbove(statement, { source, comments: cell.comments });
      return {
        name: String(target.name),
        value: value === undefined ? "" : text(value),
        ...(annotation === undefined ? {} : { type: text(annotation).replace(/^:\s*/, "") }),
        ...(help === undefined ? {} : { help }),
      };
    })
  );
}

interface Assignment {
  readonly target: AstNode;
  readonly value: AstNode | undefined;
  readonly all: AstNode;
}

/** The names that a statement gives values to, one by one. */
function assignments(statement: AstNode): Assignment[] {
  if (statement.type === "ExportNamedDeclaration") {
    return nodesOf(statement.declaration).flatMap(assignments);
  }
  if (statement.type === "VariableDeclaration") {
    return nodesOf(statement.declarations)
      .map((all) => ({ target: nodesOf(all.id)[0], value: nodesOf(all.init).at(0), all }))
      .filter(({ target }) => target.type === "Identifier");
  }
  const [all] = statement.type === "ExpressionStatement" ? nodesOf(statement.expression) : [];
  if (all?.type !== "AssignmentExpression" || all.operator !== "=") return [];
  const [target] = nodesOf(all.left);
  return target.type === "Identifier" ? [{ target, value: nodesOf(all.right)[0], all }] : [];
}

interface Commented {
  readonly source: string;
  readonly comments: readonly AstNode[];
}

/** The comment on the line on which a declaration ends. */
function commentBehind(node: AstNode, { source, comments }: Commented): string | undefined {
  const found = comments.find(({ start }) =>
    start >= node.end && /^[ \t,;]*$/.test(source.slice(node.end, start))
  );
  return found === undefined ? undefined : commentText(found);
}

/** The comments on the lines right above a statement. */
function commentAbove(node: AstNode, { source, comments }: Commented): string | undefined {
  const lines: string[] = [];
  let { start } = node;
  for (const comment of [...comments].reverse()) {
    if (comment.end > start) continue;
    const isOwnLine = /(?:^|\n)[ \t]*$/.test(source.slice(0, comment.start));
    if (!isOwnLine || !/^[ \t\r]*\n[ \t]*$/.test(source.slice(comment.end, start))) break;
    lines.unshift(commentText(comment));
    ({ start } = comment);
  }
  return lines.length === 0 ? undefined : lines.join(" ");
}

function commentText(comment: AstNode): string {
  const lines = String(comment.value).split("\n").map((line) => line.replace(/^\s*\*+/, "").trim());
  return lines.filter((line) => line !== "").join(" ");
}
