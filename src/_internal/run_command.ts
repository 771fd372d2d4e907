import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { signalGroup } from "./signal_group.ts";

/** What a finished, missing or stopped command left. */
export interface CommandResult {
  /**
   * `"ok"` exit code 0, `"failed"` another code, `"absent"` no such program, `"timeout"` killed at
   * the deadline or by the signal.
   */
  readonly status: "ok" | "failed" | "absent" | "timeout";
  /** Exit code, or null when there is none. */
  readonly code: number | null;
  /** All that it printed until it ended or was stopped. */
  readonly stdout: string;
  /** The same of its error stream; of a program that did not start, why. */
  readonly stderr: string;
}

/** Options of {@linkcode runCommand}. */
export interface CommandOptions {
  /** Deadline in milliseconds; the process and its children are killed then. @default {5000} */
  readonly timeout?: number;
  /** Kills the process and its children too. */
  readonly signal?: AbortSignal;
  readonly cwd?: string;
  readonly env?: Record<string, string>;
}

/** Runs a program to its end or its deadline. Never throws: a missing program is a value. */
export function runCommand(
  command: readonly [string, ...string[]],
  { timeout = 5000, signal, cwd, env }: CommandOptions = {},
): Promise<CommandResult> {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    let stdout = "", stderr = "", late = false;
    // A group of its own, so that the deadline reaches grandchildren too.
    let child: ChildProcessByStdio<null, Readable, Readable>;
    try {
      child = spawn(program, args, {
        cwd,
        env,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
    } catch (error) {
      // Deno without --allow-run or --allow-env throws here instead of emitting an error.
      resolve({ status: "absent", code: null, stdout, stderr: String((error as Error).message) });
      return;
    }
    const stop = () => {
      late = true;
      if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
      done(null);
    };
    const timer = setTimeout(stop, timeout);
    signal?.addEventListener("abort", stop);
    const done = (code: number | null, absent = false) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      child.stdout?.destroy();
      child.stderr?.destroy();
      // A program that never started has no process to let go of.
      if (child.pid !== undefined) child.unref();
      const status = late ? "timeout" : absent ? "absent" : code === 0 ? "ok" : "failed";
      resolve({ status, code, stdout, stderr });
    };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => stdout += text);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => stderr += text);
    child.on("error", (error: Error & { code?: string }) => {
      stderr += String(error.message);
      done(null, error.code === "ENOENT" || error.code === "EACCES" || error.code === "NotCapable");
    });
    child.on("close", (code) => done(code));
    if (signal?.aborted) stop();
  });
}
