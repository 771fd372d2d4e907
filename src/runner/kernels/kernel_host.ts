/** How a kernel ended. */
export interface KernelExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** What else is known of it, such as the word of a server. */
  readonly reason?: string;
}

/** What a kernel runs in: a process of ours, or something behind a server. */
export interface KernelHost {
  /** Leader of the kernel's process group; absent where it is not on this machine. */
  readonly pid?: number;
  readonly exited: Promise<KernelExit>;
  /** Undefined while it runs. */
  readonly exit: KernelExit | undefined;
  /** The last 4000 characters that it wrote to stderr. */
  readonly stderr: string;
  /** What did not change the verdict, such as a connection that was lost and came back. */
  readonly warnings?: readonly string[];
  /** Stops the running cell from outside, as SIGINT does. */
  interrupt(): void;
  /** Ends it with all that it started; resolves when nothing is left. */
  kill(): Promise<void>;
}
