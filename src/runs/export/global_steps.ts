/** Where a row or a picture belongs. */
export interface EpochPlace {
  readonly stage: string;
  readonly epoch: number;
}

/**
 * Numbers epochs through all stages: 1 for the first that has rows, one more for each new one. The
 * same epoch keeps its number, also when its rows were written twice.
 */
export class GlobalSteps {
  readonly #steps = new Map<string, number>();
  /** Folder name of a stage to its name. */
  readonly #stages: ReadonlyMap<string, string>;

  /** @param config what `config.json` holds; its stages say under which name their figures stand */
  constructor(config?: unknown) {
    this.#stages = new Map(folderNames(config));
  }

  /** The number of the last epoch; 0 before the first. */
  get last(): number {
    return this.#steps.size;
  }

  /** The number of an epoch with rows; a new one gets the next. */
  step({ stage, epoch }: EpochPlace): number {
    const known = this.find({ stage, epoch });
    if (known !== undefined) return known;
    this.#steps.set(JSON.stringify([stage, epoch]), this.#steps.size + 1);
    return this.#steps.size;
  }

  /** The number of an epoch that has rows; undefined for others. */
  find({ stage, epoch }: EpochPlace): number | undefined {
    return this.#steps.get(JSON.stringify([stage, epoch]));
  }

  /**
   * The number and the tag of a picture by its path in the run. A figure of an epoch is
   * `reports/visualizations/<stage>/epoch_NN/<tag>.png`; its tag leaves out stage and epoch, so that
   * TensorBoard and W&B show one picture with a slider over all epochs. Others belong to the last
   * epoch. Undefined for other files.
   *
   * @param counted where the epochs are counted, when not here
   */
  picture(
    path: string,
    counted: GlobalSteps = this,
  ): { readonly step: number; readonly tag: string } | undefined {
    const place = /^reports\/visualizations\/([^/]+)\/epoch_(\d+)\/(.+)\.png$/.exec(path);
    if (place !== null) {
      const [, folder, epoch, tag] = place;
      const stage = this.#stages.get(folder) ?? folder;
      return { step: counted.find({ stage, epoch: Number(epoch) }) ?? counted.last, tag };
    }
    const other = /^reports\/(?!tensorboard\/)(.+)\.png$/.exec(path);
    return other === null ? undefined : { step: counted.last, tag: other[1] };
  }
}

/** Folder and name of each stage in a configuration of a training; none in any other. */
function folderNames(config: unknown): [string, string][] {
  const { stages } = (config ?? {}) as { stages?: unknown };
  if (!Array.isArray(stages)) return [];
  return stages.flatMap((stage: { name?: unknown; logAlias?: unknown } | null) => {
    const { name, logAlias } = stage ?? {};
    return typeof name === "string" && typeof logAlias === "string" ? [[logAlias, name]] : [];
  });
}
