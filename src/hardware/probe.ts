/**
 * What a probe found. Absent is a finding of its own, not an error; unknown means that the probe
 * could not tell (denied, broken, or not answered within its deadline).
 */
export type Probe<T> =
  | { readonly status: "ok"; readonly value: T; readonly reason: string }
  | { readonly status: "absent" | "unknown"; readonly value?: undefined; readonly reason: string };

/** A value that was found; `reason` says where. */
export function found<T>(value: T, reason: string): Probe<T> {
  return { status: "ok", value, reason };
}

/** A thing that is not there, and how that was seen. */
export function absent(reason: string): Probe<never> {
  return { status: "absent", reason };
}

/** A thing that may or may not be there, and why that cannot be told. */
export function unknown(reason: string): Probe<never> {
  return { status: "unknown", reason };
}

/** How long a probe may take, and the timer that says so. */
export interface Deadline {
  readonly milliseconds: number;
  /** Resolves after `milliseconds`, or when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Runs a probe so that it never throws and never outlives its deadline. */
export async function within<T>(
  deadline: Deadline,
  probe: () => Promise<Probe<T>> | Probe<T>,
): Promise<Probe<T>> {
  const { milliseconds } = deadline;
  const answered = new AbortController();
  // Begun in a microtask of its own, so that a probe that throws at once is caught like a late one.
  const work = Promise.resolve().then(probe).catch((error) => unknown(errorText(error)));
  const late = deadline.sleep(milliseconds, answered.signal)
    .then(() => unknown(`No answer within ${milliseconds} ms`));
  const first = await Promise.race([work, late]);
  answered.abort();
  return first;
}

/** One line about an error of any kind. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const denied = /^(NotCapable|PermissionDenied)$/.test(error.name) ||
    ["EACCES", "EPERM"].includes((error as Error & { code?: string }).code ?? "");
  const line = error.message.split("\n")[0];
  return denied ? `Permission denied: ${line}` : line || error.name;
}

/** Whether an error says that a file does not exist. */
export function isMissing(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code;
  return code === "ENOENT" || code === "ENOTDIR" ||
    (error instanceof Error && error.name === "NotFound");
}
