import { checkOptions } from "../_internal/check_options.ts";

/** Probabilities of faults. After each gate they strike each wire on which the gate acts, in this order. */
export interface NoiseOptions {
  /** One of X, Y and Z, a third each (PennyLane's DepolarizingChannel). @default {0} */
  readonly depolarizing?: number;
  /** X. @default {0} */
  readonly bitFlip?: number;
  /** Z. @default {0} */
  readonly phaseFlip?: number;
  /** That |1> decays to |0> (Nielsen and Chuang, 8.3.5). @default {0} */
  readonly amplitudeDamping?: number;
  /** That a measured bit is read wrongly: `[0 read as 1, 1 read as 0]`, or one number for both. @default {0} */
  readonly readout?: number | readonly [zeroAsOne: number, oneAsZero: number];
  /** Random paths through the circuit of which exact values are the average. @default {500} */
  readonly trajectories?: number;
}

/** {@linkcode NoiseOptions} complete. */
export interface Noise extends Required<NoiseOptions> {
  readonly readout: readonly [zeroAsOne: number, oneAsZero: number];
}

const CHANNELS = ["depolarizing", "bitFlip", "phaseFlip", "amplitudeDamping"] as const;

/**
 * Checks and completes noise.
 *
 * @throws {RangeError} for what is no probability
 */
export function completeNoise(where: string, options: NoiseOptions): Noise {
  checkOptions(where, options, [...CHANNELS, "readout", "trajectories"]);
  const { readout = 0, trajectories = 500 } = options;
  const both = typeof readout === "number" ? [readout, readout] as const : readout;
  const found = CHANNELS.map((name) => [name, options[name] ?? 0] as const);
  for (const [name, value] of [...found, ["readout", both[0]], ["readout", both[1]]] as const) {
    if (typeof value === "number" && value >= 0 && value <= 1) continue;
    throw new RangeError(`${where}: ${name} must be a probability from 0 to 1, found ${value}`);
  }
  if (!Number.isInteger(trajectories) || trajectories < 1) {
    throw new RangeError(
      `${where}: trajectories must be a whole number from 1, found ${trajectories}`,
    );
  }
  const [depolarizing, bitFlip, phaseFlip, amplitudeDamping] = found.map(([, value]) => value);
  return { depolarizing, bitFlip, phaseFlip, amplitudeDamping, readout: both, trajectories };
}
