import type { Circuit } from "../circuit.ts";
import type { CircuitPlan, DenseStep, FlipStep } from "../circuit_plan.ts";
import { parity } from "../pauli_frame.ts";
import { combinations, dualBasis, runningSums, unitsBeside } from "./binary_vectors.ts";
import { compileDiagonal, compileSet } from "./compile_diagonal.ts";
import { PASS, PSI, VALUE_BYTES } from "./program_layout.ts";
import type { ProgramWriter, Region } from "./program_writer.ts";
import {
  type BlockPass,
  type EachPass,
  type Pass,
  runLengths,
  schedulePasses,
} from "./schedule_passes.ts";
import { compileGroups, sortFlips } from "./compile_groups.ts";
import type { ProgramContext, ProgramShape } from "./program_context.ts";
import { TurnTable } from "./turn_table.ts";

/** Where the data of a call stand. */
export interface ProgramRegions {
  readonly inputs: Region;
  readonly weights: Region;
  readonly cotangents: Region;
  readonly outputs: Region;
  readonly inputSlopes: Region;
  readonly chunkSlopes: Region;
  readonly weightSlopes: Region;
}

/** A program whose regions have no addresses yet, and what a run of it needs. */
export interface CompiledProgram {
  readonly address: number;
  readonly regions: ProgramRegions;
  /** States that are kept for the way back. */
  readonly states: number;
  readonly turns: number;
  readonly vectors: number;
  /** Strings in the largest set of phases that differ from sample to sample; -1 without such. */
  readonly eachBits: number;
}

/** Writes a plan as the words that the assembly runs; their order is that of assembly/layout.as. */
export function compileProgram(
  plan: CircuitPlan,
  circuit: Circuit,
  { writer, shape }: { readonly writer: ProgramWriter; readonly shape: ProgramShape },
): CompiledProgram {
  const { wires } = plan, { real, width, capacity } = shape, rows = 2 ** wires;
  const turns = new TurnTable(plan.slots), context = { plan, writer, turns, shape };
  const schedule = schedulePasses(plan, shape.most);
  const spread = plan.spread.flatMap((step) => {
    const turn = turns.add(step.angle);
    return [turn, step.flip, step.mask, Number(step.real), turns.vector(turn, 0.5)];
  });
  const first = schedule.first.length === 0 ? 0 : compileDiagonal(context, schedule.first);
  const runs = runLengths(schedule.passes);
  const psi = schedule.passes.map((pass, i) =>
    keepsPsi(pass, { first: i === 0, run: runs[i], shape })
  );
  const passes = schedule.passes.map((pass, i) => compilePass(context, pass, [runs[i], psi[i]]));
  const regions: ProgramRegions = {
    inputs: writer.region(capacity * circuit.inputs * 8),
    weights: writer.region(circuit.weights * 8),
    cotangents: writer.region(capacity * circuit.outputs * real),
    outputs: writer.region(capacity * circuit.outputs * real),
    inputSlopes: writer.region(capacity * circuit.inputs * 8),
    chunkSlopes: writer.region(capacity / width * turns.count * 8),
    weightSlopes: writer.region(circuit.weights * 8),
  };
  const used = 2 ** plan.spread.length, places = placeBasis(plan);
  const address = writer.words([
    wires,
    width,
    Math.log2(2 * width * real),
    turns.count,
    writer.words(turns.writeSums(writer)),
    writer.region(turns.count * VALUE_BYTES),
    plan.spread.length,
    writer.words(spread),
    writer.words([...runningSums(plan.spread.map(({ flip }) => flip)), 0]),
    writer.region(used * 2 * real),
    first,
    writer.region(used),
    passes.length,
    writer.words(passes),
    circuit.observable === "z" ? 0 : 1,
    writer.words(runningSums(places.basis)),
    places.zero,
    turns.vectorCount,
    turns.writeVectors(writer),
    writer.region(rows * 2 * real),
    0,
    circuit.inputs,
    ...[regions.inputs, regions.weights, regions.cotangents, regions.outputs],
    ...[regions.inputSlopes, regions.chunkSlopes, regions.weightSlopes],
    circuit.weights,
  ]);
  const eachSizes = schedule.passes.map((pass) => pass.kind === "each" ? pass.terms.length : -1);
  return {
    address,
    regions,
    states: 1 + psi.filter((one) => one === PSI.kept).length,
    turns: turns.count,
    vectors: turns.vectorCount,
    eachBits: Math.max(-1, ...eachSizes),
  };
}

/** The row of basis state 0, and what each bit of a basis state, lowest first, adds to the row. */
function placeBasis({ places, wires }: CircuitPlan) {
  // Rows and basis states are related affinely, so that a few of them tell all.
  const columns = Array.from({ length: wires }, (_, k) => places[1 << k] ^ places[0]);
  const { dual } = dualBasis(transpose(columns, wires), wires);
  const rowOf = (state: number) =>
    dual.reduce((row, vector, bit) => (state >> bit) & 1 ? row ^ vector : row, 0);
  return { basis: dual, zero: rowOf(places[0]) };
}

function transpose(columns: readonly number[], bits: number): number[] {
  return Array.from(
    { length: bits },
    (_, row) => columns.reduce((sum, column, k) => sum | ((column >> row) & 1) << k, 0),
  );
}

/** The input of the first pass is only asked for by slopes of phases; a run keeps its last output. */
function keepsPsi(
  pass: Pass,
  { first, run, shape }: {
    readonly first: boolean;
    readonly run: number;
    readonly shape: ProgramShape;
  },
): number {
  const needsInput = pass.kind === "blocks" && pass.diagonal !== undefined;
  if (first && !needsInput) return PSI.lost;
  if (!shape.keepsTape) return PSI.restored;
  return run > 0 ? PSI.lost : PSI.kept;
}

type Ends = readonly [run: number, psi: number];

function compilePass(context: ProgramContext, pass: Pass, ends: Ends): number {
  if (pass.kind === "dense") return compileDense(context, pass, ends);
  if (pass.kind === "each") return compileEach(context, pass, ends);
  return compileBlocks(context, pass, ends);
}

function compileBlocks(
  context: ProgramContext,
  { diagonal, flips }: BlockPass,
  ends: Ends,
): number {
  const { plan: { wires }, writer, shape } = context;
  const sorted = sortFlips(flips, context.plan.slots);
  const vectors = sorted.map(({ flip }) => flip);
  const units = unitsBeside(vectors, wires).map((unit) => align(unit, sorted));
  const bits = Math.min(wires, Math.max(shape.most, sorted.length));
  const inside = [...vectors, ...units.slice(0, bits - vectors.length)];
  const outside = units.slice(bits - vectors.length);
  const table = diagonal === undefined ? 0 : compileDiagonal(context, diagonal);
  const rows = combinations(inside), groups = compileGroups(context, sorted, rows);
  return writer.record([
    ...[PASS.blocks, table, bits, 2 ** outside.length].map((word) => ({ word })),
    { word: writer.words([...runningSums(outside), 0]) },
    { word: writer.words(rows) },
    { word: groups.length },
    { word: writer.words(groups) },
    // Filled by each call.
    { double: 1 },
    ...ends.map((word) => ({ word })),
  ]);
}

/**
 * The kernels take for granted that the rows they start from have even parity with the mask of each
 * plain flip; a vector that does not keep it takes the flip along.
 */
function align(vector: number, flips: readonly FlipStep[]): number {
  return flips.filter(({ real, controlMask }) => real && controlMask === 0).reduce(
    (sum, { flip, mask }) => parity(vector & mask) === 1 ? sum ^ flip : sum,
    vector,
  );
}

function compileDense(
  { plan: { wires }, writer, shape }: ProgramContext,
  step: DenseStep,
  ends: Ends,
): number {
  const { matrix: { re, im }, flips, masks, inverted } = step;
  const { dual, rest } = dualBasis(masks, wires);
  const base = dual.reduce((sum, vector, i) => inverted[i] ? sum ^ vector : sum, 0);
  const matrix = writer.record(re.flatMap((value, k) => [{ double: value }, { double: im[k] }]));
  return writer.words([
    PASS.dense,
    matrix,
    0,
    2 ** rest.length,
    writer.words([...runningSums(rest), 0]),
    flips[0],
    flips[1],
    base,
    writer.region(32 * shape.real),
    base,
    ...ends,
  ]);
}

function compileEach(context: ProgramContext, { terms }: EachPass, ends: Ends): number {
  const { turns, writer } = context;
  const { address, turns: used } = compileSet(context, terms);
  const vectors = used.map((turn) => turns.vector(turn, 1));
  return writer.words([PASS.each, address, writer.words(vectors), 0, 0, 0, 0, 0, 0, 0, ...ends]);
}
