import type { GpuAdapterLike } from "./sources.ts";

/** Names of WebGPU adapters that compute on the CPU; WARP calls itself "Microsoft Basic Render Driver". */
export const SOFTWARE_ADAPTER: RegExp =
  /llvmpipe|lavapipe|swiftshader|softpipe|basic render|\bwarp\b|software/i;

/** Whether an adapter computes on the CPU, by its own word or by its name. */
export function isSoftwareAdapter({ info = {}, isFallbackAdapter }: GpuAdapterLike): boolean {
  if (isFallbackAdapter === true || info.isFallbackAdapter === true) return true;
  const { description = "", device = "", architecture = "", vendor = "" } = info;
  return SOFTWARE_ADAPTER.test([description, device, architecture, vendor].join(" "));
}
