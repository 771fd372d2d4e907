import { resolve } from "node:path";
import { collect, type CollectedNotebook } from "./collect.ts";
import { type KeyedNotebook, keyNotebooks, keyOf } from "./suite_keys.ts";
import { folderOf, type SuiteOptions } from "./suite_options.ts";
import type { NotebookVerdict } from "./suite_result.ts";
import { TestCache } from "./test_cache.ts";

/** The remembered passes of a suite; without the option `cache` there are none. */
export class SuiteCache {
  readonly #options: SuiteOptions;
  readonly #cache: TestCache | undefined;
  readonly #keys: ReadonlyMap<string, KeyedNotebook>;
  readonly #warnings: string[] = [];

  private constructor(
    options: SuiteOptions,
    cache: TestCache | undefined,
    keys: ReadonlyMap<string, KeyedNotebook>,
  ) {
    this.#options = options;
    this.#cache = cache;
    this.#keys = keys;
    if (cache?.warning !== undefined) this.#warnings.push(cache.warning);
    const unknown = [...keys.values()].flatMap(({ dependencies }) => dependencies.unknown ?? []);
    for (const reason of new Set(unknown)) {
      const count = unknown.filter((other) => other === reason).length;
      this.#warnings.push(`The cache is not used for ${count} notebook(s): ${reason}`);
    }
  }

  /** Reads the file and works out the keys of the notebooks as they are now. */
  static async open(
    collected: readonly CollectedNotebook[],
    options: SuiteOptions,
  ): Promise<SuiteCache> {
    if (options.cache === undefined) return new SuiteCache(options, undefined, new Map());
    const cache = await TestCache.open(resolve(folderOf(options), options.cache));
    return new SuiteCache(options, cache, await keyNotebooks(collected, options));
  }

  /** What the user should know about the cache. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Whether the notebook passed before and nothing that it depends on has changed. */
  has({ path, shown }: CollectedNotebook): boolean {
    const key = this.#key(path);
    return key !== undefined && this.#cache?.has(shown, key) === true;
  }

  /** Notes a pass, unless something changed while the notebook ran: then nobody knows what passed. */
  async remember({ path, shown }: CollectedNotebook, verdict: NotebookVerdict): Promise<void> {
    const key = this.#key(path);
    const isPass = verdict.verdict === "passed" && verdict.status === "ok";
    if (this.#cache === undefined || key === undefined || !isPass) return;
    const { dependencies } = this.#keys.get(path)!;
    const options = this.#options;
    const now = await keyOf(await collect(path, shown), { dependencies, options });
    if (now === undefined || joined(now) !== key) return;
    try {
      await this.#cache.add(shown, { key, durationMs: verdict.durationMs });
    } catch (error) {
      const warning = `The cache cannot be written: ${(error as Error).message}`;
      if (!this.#warnings.includes(warning)) this.#warnings.push(warning);
    }
  }

  /** The notebooks that took longest come first, so that none is left running alone at the end. */
  longestFirst(collected: readonly CollectedNotebook[]): CollectedNotebook[] {
    const duration = ({ shown }: CollectedNotebook) => this.#cache?.durationMs(shown) ?? Infinity;
    return collected.toSorted((a, b) => {
      const [first, second] = [duration(a), duration(b)];
      return first === second ? 0 : second - first;
    });
  }

  #key(path: string): string | undefined {
    const keyed = this.#keys.get(path);
    return keyed === undefined || keyed.dependencies.unknown !== undefined
      ? undefined
      : joined(keyed);
  }
}

function joined({ code, data }: KeyedNotebook): string {
  return `${code}/${data}`;
}
