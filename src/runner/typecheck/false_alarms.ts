import { type AstNode, childNodes, pathTo } from "./ast.ts";
import { isAmbient } from "./cell_edits.ts";
import type { NotebookModule } from "./notebook_module.ts";

/** What a compiler's message is about. */
export interface Finding {
  /** TypeScript's number. */
  readonly code: number;
  readonly message: string;
  readonly cellIndex: number;
  /** In the text of the cell. */
  readonly offset: number;
}

/** What has to be known to tell a fault of a notebook from one of how it is checked. */
export interface NotebookFacts extends Pick<NotebookModule, "scope" | "standIns"> {
  /** The statements of each cell, by index. */
  readonly bodies: ReadonlyMap<number, readonly AstNode[]>;
  /** Words of cells that are not part of the module: what they declare is not known. */
  readonly unknownWords: ReadonlySet<string>;
}

/** Unused names and labels, and code that is not reached: a notebook shows, it exports nothing. */
const UNUSED = [6133, 6138, 6192, 6196, 6198, 6199, 6205, 7027, 7028];
/** Type imports without the word `type`: the kernel reads a missing export as undefined. */
const TYPE_IMPORTS = [1205, 1484, 1485];
/** Namespaces and global declarations in a block, where only this check has put them. */
const MISPLACED = [1234, 1235, 2669, 2670];
/** `<T>(x: T) => x` and `<T>x`, which only the name of the module forbids. */
const RESERVED = [7059, 7060];
/** A name that is declared twice. The parser sees it within a cell, and cells may do it. */
const DECLARED_TWICE = [2300, 2403, 2440, 2451, 2481, 2395, 2567, 2813, 2814];
/** Something read before it is declared. */
const READ_TOO_EARLY = [2448, 2449, 2450, 2454];
/** A variable read to find its own type. */
const READ_FOR_ITSELF = [7022, 7023, 7024];
/** A name that is not declared. */
const NOT_FOUND = [2304, 2503, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2663, 18004];
/** What a stand-in cannot be: a generic type, a namespace or a type. */
const NOT_A_TYPE = [2315, 2503, 2709, 2749];
/** What the kernel itself declares. */
const OF_THE_KERNEL = ["_", "_error"];
/** A module that is not found. */
export const NO_MODULE = 2307;

/** Whether what the compiler says is no fault when the kernel runs the cells one by one. */
export function isFalseAlarm(finding: Finding, facts: NotebookFacts): boolean {
  const { code, message, cellIndex, offset } = finding;
  if ([...UNUSED, ...TYPE_IMPORTS, ...MISPLACED, ...RESERVED].includes(code)) return true;
  const body = facts.bodies.get(cellIndex) ?? [];
  const path = pathTo(body, offset);
  const name = /'([^']+)'/.exec(message)?.[1] ?? "";
  const cells = facts.scope.cellsOf(name);
  const isAgain = cells.includes(cellIndex) && cells[0] < cellIndex;
  if (DECLARED_TWICE.includes(code)) {
    // Namespaces of one name are one, with all that they declare.
    const outer = path.filter(({ type }) => type === "TSModuleDeclaration");
    const names = [name, ...outer.map(({ id }) => String((id as { name?: string }).name))];
    return names.some((one) => facts.scope.cellsOf(one).length > 1);
  }
  if (READ_TOO_EARLY.includes(code) && path.some(isTypeof)) return true;
  if ([2448, 2454, ...READ_FOR_ITSELF].includes(code)) return isAgain;
  if (NOT_A_TYPE.includes(code) && facts.standIns.has(name)) return true;
  if (!NOT_FOUND.includes(code)) return false;
  if (OF_THE_KERNEL.includes(name) || facts.unknownWords.has(name)) return true;
  // A cell that asks whether there is such a name can do without.
  if (body.some((statement) => asksFor(name, statement))) return true;
  // Blocks hide names from globals at the top, and later names from earlier functions and types.
  return path.some(isAmbient)
    ? cells.length > 0
    : cells.some((cell) => cell > cellIndex) && path.some(isLater);
}

/** `typeof name` is a text where there is no such name. */
function isTypeof({ type, operator }: AstNode): boolean {
  return type === "UnaryExpression" && operator === "typeof";
}

function asksFor(name: string, node: AstNode): boolean {
  return (isTypeof(node) && (node.argument as AstNode).name === name) ||
    childNodes(node).some(({ child }) => asksFor(name, child));
}

/** What is evaluated when the cell has run, or never. */
function isLater({ type }: AstNode): boolean {
  return /Function|Method|^Class.*Property|^TS/.test(type);
}
