import type { PlacedLayer, StageWeight } from "./stage_model.ts";

/** One weight as it was, and under which name a message speaks of it. */
interface Kept {
  readonly weight: StageWeight;
  readonly label: string;
  readonly dataId: object;
  /** Undefined where the backend reads only asynchronously (WebGPU). */
  readonly bytes: Uint8Array | undefined;
}

/**
 * Remembers weights, moving statistics included, byte for byte. Where the backend cannot be read
 * synchronously it remembers which buffer each weight has: tfjs never writes into a buffer, an
 * assignment replaces it.
 */
export class FrozenWeights {
  readonly #kept: Kept[] = [];

  constructor(frozen: readonly PlacedLayer[], trained: readonly PlacedLayer[]) {
    const shared = new Set(trained.flatMap(({ layer }) => layer.weights));
    for (const { layer, paths } of frozen) {
      for (const weight of layer.weights) {
        if (shared.has(weight)) continue;
        const { dataId } = weight.read();
        const label = `${paths[0]} (${weight.name})`;
        this.#kept.push({ weight, label, dataId, bytes: bytesOf(weight)?.slice() });
      }
    }
  }

  /** The weights that are no longer what they were. */
  moved(): string[] {
    return this.#kept.filter(hasMoved).map((kept) => kept.label);
  }
}

function hasMoved({ weight, dataId, bytes }: Kept): boolean {
  if (bytes === undefined) return weight.read().dataId !== dataId;
  const now = bytesOf(weight);
  return now === undefined || now.length !== bytes.length ||
    now.some((byte, i) => byte !== bytes[i]);
}

function bytesOf(weight: StageWeight): Uint8Array | undefined {
  let data: unknown;
  try {
    data = weight.read().dataSync();
  } catch {
    return undefined;
  }
  if (!ArrayBuffer.isView(data)) return undefined;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
