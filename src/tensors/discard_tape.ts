import type { Tensor, Tf } from "./tf.ts";

/** Frees what tfjs 4.22 has saved for a backward pass that never came, after its function threw. */
export function discardTape(tf: Tf): void {
  const state = tf.engine().state as { gradientDepth: number; activeTape: SavedNode[] | null };
  if (state.gradientDepth > 0 || state.activeTape === null) return;
  for (const node of state.activeTape) tf.dispose(node.saved);
  state.activeTape = null;
}

interface SavedNode {
  readonly saved: Tensor[];
}
