/** For `catch()`: another value where a file or folder is gone. */
export function ifGone<T>(value: T): (error: unknown) => T {
  return (error) => {
    const { code } = error as { readonly code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return value;
    throw error;
  };
}
