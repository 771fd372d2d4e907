import { delimiter, join } from "node:path";
import { absent, errorText, found, isMissing, type Probe, unknown } from "../probe.ts";
import type { VulkanFacts } from "./environment_snapshot.ts";
import type { EnvironmentSources } from "./environment_sources.ts";

type Sources = EnvironmentSources & { readonly milliseconds: number };

const FOLDERS = ["/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/usr/share/vulkan/icd.d"];

/** Vulkan's drivers by their descriptions (ICD files), and its devices by `vulkaninfo`. */
export async function probeVulkan(sources: Sources): Promise<Probe<VulkanFacts>> {
  const [{ drivers, broken, where }, devices] = await Promise.all([
    readDrivers(sources),
    listDevices(sources),
  ]);
  if (devices.status !== "ok" && drivers.length === 0) {
    if (broken.length > 0) {
      return unknown(`No ICD file can be used: ${broken.map(({ file }) => file).join(", ")}`);
    }
    // Windows keeps its drivers in the registry, which is not read.
    return sources.os() === "win32"
      ? unknown(`Drivers stand in the registry; ${devices.reason}`)
      : absent(`No ICD file in ${where}; ${devices.reason}`);
  }
  const parts = [
    `${drivers.length} ICD files`,
    ...(broken.length === 0 ? [] : [`${broken.length} broken`]),
    devices.reason,
  ];
  return found({ drivers, broken, devices }, parts.join("; "));
}

async function readDrivers(sources: Sources) {
  const files = await icdFiles(sources);
  const drivers: VulkanFacts["drivers"][number][] = [];
  const broken: VulkanFacts["broken"][number][] = [];
  for (const file of files.paths) {
    try {
      const icd = JSON.parse(await sources.readText(file))?.ICD;
      const { library_path: library, api_version: apiVersion } = icd ?? {};
      if (typeof library !== "string") throw new Error("it has no ICD.library_path");
      drivers.push({ file, library, apiVersion: String(apiVersion ?? "unknown") });
    } catch (error) {
      broken.push({ file, reason: errorText(error) });
    }
  }
  return { drivers, broken, where: files.where };
}

/** The loader takes what its variable names, and its folders only where that is not set. */
async function icdFiles({ variable, listFolder }: Sources) {
  const named = variable("VK_DRIVER_FILES") || variable("VK_ICD_FILENAMES");
  if (named) return { paths: named.split(delimiter).filter((path) => path !== ""), where: named };
  const paths: string[] = [];
  for (const folder of FOLDERS) {
    try {
      const names = (await listFolder(folder)).filter((name) => name.endsWith(".json"));
      paths.push(...[...names].sort().map((name) => join(folder, name)));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return { paths, where: FOLDERS.join(", ") };
}

async function listDevices({ run, milliseconds }: Sources): Promise<Probe<readonly string[]>> {
  const { status, stdout, stderr } = await run(["vulkaninfo", "--summary"], milliseconds);
  if (status === "absent") return absent("vulkaninfo is not installed");
  if (status === "timeout") return unknown("vulkaninfo did not answer before its deadline");
  if (status === "failed") {
    return unknown(`vulkaninfo failed: ${(stderr || stdout).split("\n")[0] || "no output"}`);
  }
  const names = Array.from(stdout.matchAll(/^\s*deviceName\s*=\s*(.+?)\s*$/gm), ([, name]) => name);
  if (names.length > 0) return found(names, `vulkaninfo lists ${names.join(", ")}`);
  return /Devices:|VULKANINFO/i.test(stdout)
    ? absent("vulkaninfo lists no device")
    : unknown("vulkaninfo answered in an unknown form");
}
