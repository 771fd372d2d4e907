import { chunks } from "./pub.ts";
import type { ShiftedRows } from "./shifted_rows.ts";
import type { CircuitGradients, FloatArray, Simulator } from "./simulator_contract.ts";

/** Runs all shifted rows on a simulator. */
export function runShifted(
  simulator: Pick<Simulator<FloatArray>, "forward">,
  shifted: ShiftedRows,
): CircuitGradients<Float64Array> {
  const weights = new Float64Array(0);
  for (const [start, end] of chunks(shifted.count, shifted.circuit.outputs)) {
    const inputs = shifted.rows(start, end);
    shifted.add(start, simulator.forward(shifted.circuit, { inputs, weights, batch: end - start }));
  }
  return shifted.gradients();
}
