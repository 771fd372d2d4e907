import assert from "node:assert/strict";
import { join } from "node:path";
import type { SuiteResult } from "../../../src/runner/suite/suite_result.ts";
import { watchNotebooks, type WatchOptions } from "../../../src/runner/suite/watch_notebooks.ts";
import { inFolder } from "../../cli/_call.ts";
import { assertNothingLeftIn, NO_PROC, short, writeFiles } from "./_suite.ts";

/** A running watch: waits for rounds, and sees to it that there is none too many. */
class Watch {
  readonly #controller = new AbortController();
  readonly #rounds: SuiteResult[] = [];
  readonly #ended: Promise<void>;
  #onRound = () => {};

  constructor(patterns: string, options: Partial<WatchOptions>) {
    this.#ended = watchNotebooks(patterns, {
      kernel: "deno",
      checkTypes: false,
      timeout: 120_000,
      interval: 50,
      ...options,
      signal: this.#controller.signal,
      onRound: (result) => {
        this.#rounds.push(result);
        this.#onRound();
      },
    });
  }

  /** The next round that has not been looked at. */
  async round(): Promise<string[]> {
    while (this.#rounds.length === 0) {
      await Promise.race([
        this.#ended.then(() => Promise.reject(new Error("The watch ended"))),
        new Promise<void>((resolve) => this.#onRound = resolve),
      ]);
    }
    return short(this.#rounds.shift()!);
  }

  /** Some looks at the files later there has been no further round. */
  async rests(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.deepEqual(this.#rounds.map(short), []);
  }

  async end(): Promise<void> {
    this.#controller.abort();
    await this.#ended;
  }
}

Deno.test("watchNotebooks() runs again what changes itself or by what it imports", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, {
      "a.ipynb": ['import { x } from "./x.ts"; console.log(x);'],
      "b.ipynb": ["1"],
      "x.ts": "export const x = 1;",
    });
    const watch = new Watch("*.ipynb", { cwd });
    assert.deepEqual(await watch.round(), ["a.ipynb passed ok", "b.ipynb passed ok"]);
    await writeFiles(cwd, { "x.ts": "throw new Error('broken');" });
    assert.deepEqual(await watch.round(), ["a.ipynb failed error"]);
    await writeFiles(cwd, { "x.ts": "export const x = 1;", "b.ipynb": ["2"] });
    assert.deepEqual(await watch.round(), ["a.ipynb passed ok", "b.ipynb passed ok"]);
    // Saved again without a change.
    await writeFiles(cwd, { "b.ipynb": ["2"] });
    await watch.rests();
    await writeFiles(cwd, { "c.ipynb": ['import "./late.ts"'] });
    assert.deepEqual(await watch.round(), ["c.ipynb failed error"]);
    await writeFiles(cwd, { "late.ts": "" });
    assert.deepEqual(await watch.round(), ["c.ipynb passed ok"]);
    await Deno.remove(join(cwd, "b.ipynb"));
    await watch.rests();
    await watch.end();
    if (NO_PROC === undefined) await assertNothingLeftIn(cwd);
  });
});

Deno.test("watchNotebooks() does not follow what the runs themselves write", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, {
      "a.ipynb": ['await Deno.writeTextFile("data.txt", String(Math.random()));'],
      "b.ipynb": ['console.log("new")'],
      "data.txt": "",
    });
    const path = join(cwd, "b.ipynb");
    const notebook = JSON.parse(await Deno.readTextFile(path));
    notebook.cells[0].execution_count = 1;
    notebook.cells[0].outputs = [{ output_type: "stream", name: "stdout", text: ["old\n"] }];
    await Deno.writeTextFile(path, JSON.stringify(notebook));
    const options = {
      cwd,
      compare: "all",
      update: true,
      output: "out",
      cache: "cache.json",
    } as const;
    const watch = new Watch("**/*.ipynb", options);
    assert.deepEqual(await watch.round(), ["a.ipynb passed ok", "b.ipynb passed updated"]);
    await watch.rests();
    // A change by somebody else is still seen.
    await writeFiles(cwd, { "data.txt": "other" });
    assert.deepEqual(await watch.round(), ["a.ipynb passed ok"]);
    await watch.end();
  });
});

Deno.test("watchNotebooks() sees a change that came while the notebook ran", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, { "a.ipynb": ["1"], "next": ["2"] });
    let changed = false;
    const watch = new Watch("*.ipynb", {
      cwd,
      hooks: {
        onCellStart: () => {
          if (!changed) Deno.copyFileSync(join(cwd, "next"), join(cwd, "a.ipynb"));
          changed = true;
        },
      },
    });
    assert.deepEqual(await watch.round(), ["a.ipynb passed ok"]);
    assert.deepEqual(await watch.round(), ["a.ipynb passed ok"]);
    await watch.rests();
    await watch.end();
  });
});

Deno.test("watchNotebooks() ends in the middle of a run, with the verdicts that there are", async () => {
  await inFolder(async (cwd) => {
    await writeFiles(cwd, { "a.ipynb": ["while (true);"] });
    let began = () => {};
    const running = new Promise<void>((resolve) => began = resolve);
    const watch = new Watch("*.ipynb", { cwd, hooks: { onCellStart: () => began() } });
    await running;
    await watch.end();
    assert.deepEqual(await watch.round(), ["a.ipynb interrupted aborted"]);
    if (NO_PROC === undefined) await assertNothingLeftIn(cwd);
  });
});
