// Needs no package, so that a configuration can be checked where none is installed.

/** The heads of a hybrid model in the order of its outputs; the fused answer comes last. */
export const HEADS = ["classical_a", "classical_b", "quantum"] as const;

/** Names of the options, for whoever reads them from a file. */
export const HYBRID_OPTIONS: readonly string[] = [
  "classes",
  "imageSize",
  "encoder",
  "normalization",
  "filters",
  "dropout",
  "compressed",
  "compression",
  "headA",
  "headB",
  "quantumHead",
  "ordinal",
  "fusion",
  "wires",
  "layers",
  "circuit",
  "simulator",
  "seed",
];
