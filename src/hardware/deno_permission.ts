/** A permission as Deno is asked for it. */
export type Permission =
  | { readonly name: "read" | "write"; readonly path?: string }
  | { readonly name: "run"; readonly command?: string }
  | { readonly name: "env"; readonly variable?: string }
  | { readonly name: "net"; readonly host?: string }
  | { readonly name: "sys"; readonly kind?: string }
  | { readonly name: "ffi"; readonly path?: string };

interface DenoPermissions {
  readonly permissions: { querySync(descriptor: Permission): { readonly state: string } };
}

/** How Deno stands to a permission, without asking the user; undefined in another runtime. */
export function permissionState(descriptor: Permission): string | undefined {
  const deno = (globalThis as { Deno?: DenoPermissions }).Deno;
  return deno?.permissions.querySync(descriptor).state;
}

/**
 * Throws where Deno has not granted a permission. Deno would stop and ask the user for one that is
 * neither granted nor denied; a probe must not make it ask, so it looks first.
 */
export function requirePermission(descriptor: Permission, what: string): void {
  const state = permissionState(descriptor);
  if (state === undefined || state === "granted") return;
  throw Object.assign(new Error(`${what} needs --allow-${descriptor.name}`), {
    name: "NotCapable",
    code: "EACCES",
  });
}

/** Whether an error says that Deno did not grant a permission, not that the system refused. */
export function isNotGranted(error: unknown): boolean {
  return (error as { name?: string } | null)?.name === "NotCapable";
}
