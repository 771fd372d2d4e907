/** The part of a stream that commands write to. */
export interface CommandOutput {
  write(text: string): unknown;
  readonly columns?: number;
}

/** What a subcommand knows of where it was called. */
export interface CommandContext {
  /** Where the user stands; relative paths start there. */
  readonly cwd: string;
  readonly stdout: CommandOutput;
  readonly stderr: CommandOutput;
  /** stderr is a terminal: progress may be redrawn in place. */
  readonly isTerminal: boolean;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** A subcommand; resolves to the exit code. */
export type Command = (args: string[], context: CommandContext) => Promise<number>;

/** Exit codes, as pytest has them. */
export const EXIT = {
  ok: 0,
  failures: 1,
  interrupted: 2,
  fault: 3,
  usage: 4,
  nothing: 5,
} as const;
