import { completeNoise, type NoiseOptions } from "./noise.ts";
import { noisySampler } from "./noisy_sampler.ts";
import type { EnvironmentNote } from "./placebo_variables.ts";
import { openQuantumCircuitSimulator } from "./quantum_circuit_adapter.ts";
import { remoteSampler, remoteVariables } from "./remote_sampler.ts";
import type { Sampler } from "./sampler_contract.ts";
import { statevectorSimulator } from "./simulator.ts";
import type { StatevectorModule } from "./simulator_options.ts";
import { noteThreadCopy } from "./thread_copies.ts";
import { openWebGpuSampler } from "./webgpu/webgpu_sampler.ts";
import type { FloatArray, Simulator } from "./simulator_contract.ts";

/** The samplers there are, best first. */
export type SamplerName =
  | "remote"
  | "webgpu"
  | "wasm-relaxed"
  | "wasm-plain"
  | "typescript"
  | "quantum-circuit"
  | "trajectories";

/** How a sampler is loaded. */
export interface SamplerCandidate {
  /** Stands in options and reports. */
  readonly name: string;
  /** Loads it; may throw or reject when it is not there. */
  open(options: { readonly shots: number | null; readonly named: boolean }):
    | Simulator<FloatArray>
    | Sampler
    | Promise<Simulator<FloatArray> | Sampler>;
  /** What runs the probe circuit in its place. @default itself */
  probed?(): Sampler;
  /** Why it is not tried when nobody named it; undefined when it is. @default always tried */
  unlessAsked?(task: { readonly wires?: number }): string | undefined;
  /** What it read of the environment. @default nothing */
  environment?(): readonly EnvironmentNote[];
}

/** From here on a GPU may be faster than wasm. */
const GPU_WIRES = 16;

/** The candidates of this room. */
export function samplersHere(noise?: NoiseOptions): readonly SamplerCandidate[] {
  // Noise is simulated by one of them only.
  if (noise !== undefined) {
    completeNoise("openSampler(): noise", noise);
    return [{
      name: "trajectories",
      open: ({ shots }) => noisySampler({ shots, ...noise }),
      // The known answers are those without noise.
      probed: () => noisySampler(),
    }];
  }
  return [
    {
      name: "remote",
      open: ({ shots }) => remoteSampler({ shots }),
      unlessAsked: () => "only tried when it is named: circuits would leave this machine",
      environment: remoteVariables,
    },
    {
      name: "webgpu",
      // An adapter that computes on the CPU is for those who name it.
      open: ({ shots, named }) => openWebGpuSampler({ shots, software: named }),
      unlessAsked: ({ wires = 0 }) =>
        wires >= GPU_WIRES
          ? undefined
          : `pays from ${GPU_WIRES} wires; name it, or say how many wires there are`,
    },
    statevector("wasm-relaxed", "relaxed"),
    statevector("wasm-plain", "plain"),
    statevector("typescript", "typescript"),
    { name: "quantum-circuit", open: openQuantumCircuitSimulator },
  ];
}

function statevector(name: SamplerName, module: StatevectorModule): SamplerCandidate {
  const open = () => noteThreadCopy({ ...statevectorSimulator({ module }), name }, { module });
  return { name, open };
}
