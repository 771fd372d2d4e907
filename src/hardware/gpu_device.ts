import { existsSync, readdirSync } from "node:fs";
import process from "node:process";

/**
 * Whether the system may have a GPU: on Linux by the device files of the drivers (dri, nvidia*, dxg,
 * kgsl*), elsewhere, and where they cannot be listed, it may. Looking costs nothing and starts no
 * driver.
 */
export function mayHaveGpuDevice(): boolean {
  if (process.platform !== "linux" || !existsSync("/dev")) return true;
  try {
    return readdirSync("/dev").some((name) => /^(dri|nvidia|dxg$|kgsl)/.test(name));
  } catch {
    return true;
  }
}
