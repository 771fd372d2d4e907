import type { CompiledProgram } from "./compile_program.ts";
import type { ProgramShape } from "./program_context.ts";
import type { ProgramWriter, Region } from "./program_writer.ts";

/** Bytes of a state of `width` samples. */
export function stateBytes(
  wires: number,
  { width, real }: Pick<ProgramShape, "width" | "real">,
): number {
  return 2 ** wires * 2 * width * real;
}

/** Writes the record of a run; its order is that of assembly/layout.as. */
export function compileRun(
  writer: ProgramWriter,
  program: CompiledProgram,
  { wires, shape }: { readonly wires: number; readonly shape: ProgramShape },
): number {
  const { width, real } = shape, rows = 2 ** wires, half = width * real, state = rows * 2 * half;
  const region = (bytes: number): Region => writer.region(bytes);
  const low = wires >> 1, each = program.eachBits < 0 ? 0 : 1;
  return writer.words([
    region(program.states * state),
    state,
    region(state),
    region(rows * 16),
    region(Math.max(rows / 2 * half, rows * 16)),
    region(program.vectors * 2 * half),
    region(program.vectors * width * 8),
    region(program.turns * 8),
    region(2 ** low * half),
    region(2 ** (wires - low) * half),
    region(wires * width * 8),
    region(width * 8),
    region(each * 2 ** program.eachBits * 2 * half),
    region(each * 2 ** Math.max(0, program.eachBits) * half),
    region(3 * half),
  ]);
}
