import { type Notebook, saveNotebook } from "../notebook/nbformat.ts";

/** Milliseconds between two saves inside a long cell, and the least between two at all. */
const INTERVAL = 30_000, LEAST = 1000;

/** Keeps a file in step with a running notebook. */
export interface Autosave {
  /** There is something new. */
  save(): void;
  /** Writes what is not written yet; throws what kept the notebook from being written. */
  stop(): Promise<void>;
}

/**
 * Writes the notebook now and then while it runs, one write at a time and each of them whole, so
 * that a run that is lost leaves what it had come to.
 */
export function startAutosave(path: string | undefined, notebook: Notebook): Autosave {
  if (path === undefined) return { save: () => {}, stop: () => Promise.resolve() };
  let writing = Promise.resolve(), written = -Infinity;
  const write = () => {
    written = performance.now();
    writing = writing.then(() => saveNotebook(path, notebook));
    // Whoever stops hears of it.
    writing.catch(() => {});
  };
  const timer = setInterval(write, INTERVAL);
  return {
    save: () => {
      if (performance.now() - written >= LEAST) write();
    },
    stop: async () => {
      clearInterval(timer);
      write();
      await writing;
    },
  };
}
