import { dirname } from "node:path";
import { KERNEL_VARIABLES } from "../../_internal/kernel_folders.ts";
import { searchKernels } from "../../_internal/search_kernels.ts";
import { absent, found, type Probe } from "../probe.ts";
import type { KernelFacts, KernelListing } from "./environment_snapshot.ts";
import type { EnvironmentSources } from "./environment_sources.ts";

/** Jupyter's kernels on its own search path, whether their programs are there, and broken ones. */
export async function probeKernels(sources: EnvironmentSources): Promise<Probe<KernelListing>> {
  const { variable, listFolder, readText, isExecutable, findPrograms, home } = sources;
  const env = Object.fromEntries(KERNEL_VARIABLES.map((name) => [name, variable(name)]));
  const { specs, broken, folders } = await searchKernels({
    env,
    platform: sources.os(),
    sources: { listFolder: (path) => listFolder(path), readText, isExecutable, home },
  });
  const kernels = await Promise.all(
    specs.map(async ({ name, displayName, language, argv, origin }): Promise<KernelFacts> => ({
      name,
      displayName,
      language,
      folder: dirname(origin),
      program: argv[0],
      programExists: /[/\\]/.test(argv[0])
        ? await isExecutable(argv[0])
        : (await findPrograms(argv[0])).length > 0,
    })),
  );
  if (kernels.length + broken.length === 0) {
    return absent(`No kernel.json in ${folders.join(", ")}`);
  }
  const faulty = kernels.filter(({ programExists }) => !programExists).map(({ name }) => name);
  const faults = [
    ...(faulty.length === 0 ? [] : [`no program for ${faulty.join(", ")}`]),
    ...(broken.length === 0 ? [] : [`broken: ${broken.map(({ file }) => file).join(", ")}`]),
  ];
  return found(
    { kernels, broken, folders },
    [`${kernels.length} on Jupyter's search path`, ...faults].join("; "),
  );
}
