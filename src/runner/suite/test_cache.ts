import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { writeAtomic } from "../../_internal/write_atomic.ts";

const SCHEMA = "qsight.test-cache/1";
const fileSchema = z.object({
  schema: z.literal(SCHEMA),
  passes: z.record(z.string(), z.array(z.object({ key: z.string(), durationMs: z.number() }))),
});
type Passes = z.infer<typeof fileSchema>["passes"];

/** Keys kept for one notebook: it may be tested with some sets of parameters or kernels in turn. */
const MOST_KEYS = 8;

/** Which notebooks passed, under which keys. Only passes are kept: a failure is always run again. */
export class TestCache {
  readonly #path: string;
  readonly #passes: Passes;
  /** What this process adds; what others write into the file meanwhile is kept. */
  readonly #added: {
    readonly notebook: string;
    readonly key: string;
    readonly durationMs: number;
  }[] = [];
  #saving = Promise.resolve();
  /** Why the file could not be used, if it could not. */
  readonly warning: string | undefined;

  private constructor(path: string, { passes, warning }: Reading) {
    this.#path = path;
    this.#passes = passes;
    this.warning = warning;
  }

  /** Reads the file; one that is torn or of something else counts as empty, with a warning. */
  static async open(path: string): Promise<TestCache> {
    return new TestCache(path, await read(path));
  }

  /** Whether the notebook passed under that key. */
  has(notebook: string, key: string): boolean {
    return this.#of(notebook).some((pass) => pass.key === key);
  }

  /** How long the notebook last took, in milliseconds. */
  durationMs(notebook: string): number | undefined {
    return this.#of(notebook)[0]?.durationMs;
  }

  /** Notes a pass and writes the file. */
  async add(notebook: string, pass: { readonly key: string; readonly durationMs: number }) {
    this.#added.push({ notebook, ...pass });
    const saved = this.#saving.then(() => this.#save());
    this.#saving = saved.catch(() => undefined);
    await saved;
  }

  #of(notebook: string): Passes[string] {
    return Object.hasOwn(this.#passes, notebook) ? this.#passes[notebook] : [];
  }

  async #save(): Promise<void> {
    const passes = new Map(Object.entries((await read(this.#path)).passes));
    for (const { notebook, key, durationMs } of this.#added) {
      const others = (passes.get(notebook) ?? []).filter((pass) => pass.key !== key);
      passes.set(notebook, [{ key, durationMs }, ...others].slice(0, MOST_KEYS));
    }
    const sorted = [...passes].sort(([a], [b]) => (a < b ? -1 : 1));
    const content = { schema: SCHEMA, passes: Object.fromEntries(sorted) };
    await writeAtomic(this.#path, JSON.stringify(content, undefined, 1) + "\n");
    // Beside it, so that no project has to be told to leave the folder out of its history.
    await writeAtomic(join(dirname(this.#path), ".gitignore"), "*\n");
  }
}

interface Reading {
  readonly passes: Passes;
  readonly warning?: string;
}

async function read(path: string): Promise<Reading> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code, message } = error as Error & { readonly code?: string };
    if (code === "ENOENT") return { passes: {} };
    return { passes: {}, warning: `The cache ${path} cannot be read: ${message}` };
  }
  const { success, data } = fileSchema.safeParse(parsed(text));
  if (success) return { passes: data.passes };
  return { passes: {}, warning: `${path} is no cache of "${SCHEMA}"; it is written anew` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
