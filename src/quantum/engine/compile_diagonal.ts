import { areIndependent, dualBasis, runningSums } from "./binary_vectors.ts";
import type { ProgramContext } from "./program_context.ts";
import { independentSets, type Term } from "./schedule_passes.ts";

/** Writes phases that all samples share as a table of the rows, and says where. */
export function compileDiagonal(context: ProgramContext, terms: readonly Term[]): number {
  const { plan: { wires }, writer, shape } = context;
  const isConstant = ({ angle }: Term) => angle.terms.length === 0;
  const sets = independentSets(terms.filter((term) => !isConstant(term)));
  // A constant that fits into a set costs nothing there; the others get a table of their own.
  const constants = terms.filter(isConstant).filter((term) => {
    const set = sets.find((one) => areIndependent([...one, term].map(({ mask }) => mask)));
    set?.push(term);
    return set === undefined;
  });
  const table = () => writer.region(2 ** wires * 2 * shape.real);
  const constantSets = independentSets(constants).map((set) => compileConstantSet(context, set));
  return writer.words([
    sets.length,
    writer.words(sets.map((set) => compileSet(context, set).address)),
    table(),
    constantSets.length === 0 ? 0 : table(),
    constantSets.length,
    writer.words(constantSets),
    0,
  ]);
}

/** Writes strings with independent masks; their turns are new. */
export function compileSet(
  { plan: { wires }, writer, turns }: ProgramContext,
  terms: readonly Term[],
): { readonly address: number; readonly turns: readonly number[] } {
  const used = terms.map(({ angle }) => turns.add(angle));
  const words = writer.words(terms.flatMap(({ mask }, i) => [used[i], mask]));
  return {
    address: writer.words([...setWords(writer, terms, { wires, words }), 0]),
    turns: used,
  };
}

function compileConstantSet(
  { plan: { wires }, writer }: ProgramContext,
  terms: readonly Term[],
): number {
  const angles = writer.record(terms.map(({ angle }) => ({ double: angle.constant })));
  return writer.words([...setWords(writer, terms, { wires, words: 0 }), angles]);
}

function setWords(
  writer: ProgramContext["writer"],
  terms: readonly Term[],
  { wires, words }: { readonly wires: number; readonly words: number },
): number[] {
  const { dual, rest } = dualBasis(terms.map(({ mask }) => mask), wires);
  return [
    terms.length,
    words,
    writer.words([...runningSums(dual), 0]),
    2 ** rest.length,
    writer.words([...runningSums(rest), 0]),
  ];
}
