// Broken notebook files from a seed, and what must hold for each of them.
import assert from "node:assert/strict";
import { Buffer, isUtf8 } from "node:buffer";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import { loadNotebook, parseNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import { formatNotebook, type Notebook } from "../../../src/runner/notebook/nbformat.ts";
import { NotebookError, type NotebookErrorCode } from "../../../src/runner/runner_errors.ts";
import { mutateBytes } from "./mutate_bytes.ts";
import { mutateJson } from "./mutate_json.ts";
import { DOCUMENTS, NOTEBOOKS } from "./mutation_seeds.ts";

/** A file that was valid before something happened to it. */
export interface Mutation {
  /** What happened, for messages. */
  readonly label: string;
  /** Its name, whose ending says how it is read. */
  readonly name: string;
  /** Its content. */
  readonly bytes: Uint8Array;
  /** The path in the JSON at which it happened, where it did at one. */
  readonly at?: string;
}

/** Mutated files without end; the same seed gives the same ones. */
export function* mutations(seed: number | string): Generator<Mutation, never> {
  const random = new SeededRandom(seed);
  const pick = <T>(items: readonly T[]) => items[random.integer(items.length)];
  for (;;) {
    const kind = random.next();
    if (kind < 0.65) {
      yield { name: "mutated.ipynb", ...mutateJson(pick(NOTEBOOKS), random) };
    } else if (kind < 0.85) {
      const bytes = Buffer.from(JSON.stringify(pick(NOTEBOOKS), undefined, 1));
      yield { name: "mutated.ipynb", ...mutateBytes(bytes, random) };
    } else {
      const { name, text } = pick(DOCUMENTS);
      yield { name, ...mutateBytes(Buffer.from(text), random) };
    }
  }
}

/** How often {@linkcode checkMutations} saw each end. */
export type MutationCounts = Record<NotebookErrorCode | "read", number>;

/**
 * Loads `count` mutated files. Each must give a notebook that survives writing and reading, or a
 * NotebookError with the right code that names file and place; nothing else, and soon.
 */
export async function checkMutations(
  count: number,
  seed: number | string,
  { load = loadNotebook }: { readonly load?: (path: string) => Promise<Notebook> } = {},
): Promise<MutationCounts> {
  const counts = { read: 0, missing: 0, not_json: 0, not_a_notebook: 0, unsupported_version: 0 };
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  const source = mutations(seed);
  try {
    for (let i = 0; i < count; i++) {
      const mutation = source.next().value;
      const path = join(folder, mutation.name);
      await writeFile(path, mutation.bytes);
      const start = performance.now();
      const result = await load(path).catch((error: unknown) => ({ error }));
      try {
        counts["error" in result ? checkError(result.error, mutation, path) : checkRead(result)]++;
        assert(performance.now() - start < 60_000, "takes too long");
        assert(!("polluted" in {}), "the prototype of all objects was changed");
      } catch (error) {
        throw new Error(`mutation ${i} of seed ${seed}, ${mutation.label} at ${mutation.at}`, {
          cause: error,
        });
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return counts;
}

function checkRead(notebook: Notebook): "read" {
  const text = formatNotebook(notebook);
  assert.equal(formatNotebook(parseNotebook(text)), text);
  return "read";
}

function checkError(error: unknown, mutation: Mutation, path: string): NotebookErrorCode {
  if (!(error instanceof NotebookError)) throw error;
  const { code, message } = error;
  assert(message.includes(path), `no file in: ${message}`);
  assert(message.length < path.length + 600, `a message of ${message.length} letters`);
  assert.equal(code, expectedCode(mutation), message);
  if (!mutation.name.endsWith(".ipynb")) {
    assert.match(
      message,
      /:\d+: | has no cells: | is not UTF-8 |its header gives no valid notebook/,
    );
  } else if (code === "not_a_notebook") {
    const place = /: at (.+?): found .+, wanted .+\. Save it again/.exec(message)?.[1];
    assert(place !== undefined, `no place in: ${message}`);
    const { at } = mutation;
    if (at !== undefined) assert(areNear(place, at), `at ${place}, mutated at ${at}`);
  }
  return code;
}

/** Told anew from the content, without the code under test. */
function expectedCode({ name, bytes }: Mutation): NotebookErrorCode {
  if (!name.endsWith(".ipynb")) return "not_a_notebook";
  if (!isUtf8(bytes)) return "not_json";
  try {
    const value = JSON.parse(Buffer.from(bytes).toString().replace(/^\ufeff/, ""));
    const version = value?.nbformat;
    const isKnown = typeof version !== "number" || version === 3 || version === 4;
    return isKnown ? "not_a_notebook" : "unsupported_version";
  } catch {
    return "not_json";
  }
}

/** A change of one key may show at itself, at what holds it, or at a key beside it. */
function areNear(place: string, at: string): boolean {
  const holder = at.replace(/(?:\.[\w$]+|\[[^[\]]*\])$/, "");
  const isTop = !/[.[]/.test(at);
  return isTop || place.startsWith(holder) || at.startsWith(place);
}
