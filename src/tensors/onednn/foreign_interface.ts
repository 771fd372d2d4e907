import { permissionState } from "../../hardware/deno_permission.ts";
import type { Finding } from "../finding.ts";
import { type DenoForeign, denoInterface } from "./deno_interface.ts";
import type { ForeignInterface } from "./foreign_library.ts";
import { koffiInterface } from "./koffi_interface.ts";

/**
 * What this runtime has to call the library at a path: `Deno.dlopen`, or koffi in Node. Deno is
 * asked whether it may, and the user never is.
 */
export async function foreignInterface(path: string): Promise<ForeignInterface | Finding> {
  const deno = (globalThis as { Deno?: DenoForeign }).Deno;
  if (deno === undefined) {
    const found = await koffiInterface();
    return typeof found === "string" ? { status: "absent", reason: found } : found;
  }
  const state = permissionState({ name: "ffi", path });
  if (state === "granted") return denoInterface(deno);
  return {
    status: "refused",
    reason: `Deno has not granted --allow-ffi, which native code needs, as nothing confines it ` +
      `(permission for ${path}: ${state})`,
  };
}
