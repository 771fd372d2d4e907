import { absent, found, type Probe } from "./probe.ts";
import type { WebGpuAdapter } from "./snapshot.ts";
import { isSoftwareAdapter } from "./software_adapter.ts";
import type { HardwareSources } from "./sources.ts";

/**
 * The adapter that WebGPU would use. It is asked for, not tried: the first kernel may still fail.
 * Without a GPU device it is not asked for: the software drivers then take time and write to stderr.
 */
export async function probeWebGpu(
  sources: Pick<HardwareSources, "gpu" | "mayHaveGpuDevice">,
): Promise<Probe<WebGpuAdapter>> {
  const gpu = sources.gpu();
  if (gpu === undefined) return absent("This runtime has no navigator.gpu");
  if (!sources.mayHaveGpuDevice()) {
    return absent("The system has no GPU device; no adapter was asked for");
  }
  const adapter = await gpu.requestAdapter();
  if (adapter === null) return absent("navigator.gpu gave no adapter");
  const info = adapter.info ?? {};
  const description = info.description || info.device || info.architecture || "no description";
  const software = isSoftwareAdapter(adapter);
  return found({
    description,
    vendor: info.vendor ?? "",
    architecture: info.architecture ?? "",
    software,
  }, software ? "Adapter that computes on the CPU" : "Adapter of a GPU");
}
