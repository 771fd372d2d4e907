/** There was no room for a file; everything that was saved before is whole. */
export class DiskFullError extends Error {
  /** Always `"DiskFullError"`. */
  override readonly name = "DiskFullError";
  /** The file that there was no room for. */
  readonly path: string;

  /** What was to be written where. */
  constructor(path: string, bytes: number, cause: unknown) {
    super(
      `no room for ${path}: found its disk or quota full, wanted ${bytes.toLocaleString("en")} ` +
        "bytes. What was saved before is whole; make room and go on from there",
      { cause },
    );
    this.path = path;
  }
}

/** The same error, or a {@linkcode DiskFullError} where the system says that there is no room. */
export function namingFullDisk(error: unknown, path: string, bytes: number): unknown {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  const full = code === "ENOSPC" || code === "EDQUOT";
  return full && !(error instanceof DiskFullError) ? new DiskFullError(path, bytes, error) : error;
}
