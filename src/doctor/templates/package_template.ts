import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { messageOf } from "../../_internal/message_of.ts";
import { npmPackages } from "./deno_template.ts";
import { jsonText, readText } from "./read_text.ts";
import type { PlannedFile, TemplateContext } from "./template.ts";

/** Packages that must have one version, also where another package asks for a newer one. */
const OVERRIDES = ["linkedom"];

/**
 * package.json, for those who use npm and Node beside Deno: the packages in the versions that deno.json
 * names. Deno alone needs none.
 */
export async function planPackage(context: TemplateContext): Promise<readonly PlannedFile[]> {
  const { folder, npm } = context;
  const path = join(folder, "package.json");
  const file = { template: "package.json", path, content: undefined, drift: [] } as const;
  if (!npm && !existsSync(path)) {
    return [{ ...file, action: "leave out", reason: "Deno needs none; --npm writes one" }];
  }
  const dependencies = npmPackages(context);
  const overrides = Object.fromEntries(OVERRIDES.map((name) => [name, dependencies[name]]));
  const text = await readText(path);
  if (text === undefined) {
    const name = basename(folder).toLowerCase().replace(/[^a-z0-9._-]+/g, "-") || "project";
    const content = jsonText({ name, private: true, type: "module", dependencies, overrides });
    return [{ ...file, content, action: "write" }];
  }
  return [{ ...file, action: "keep", drift: driftOf(text, dependencies) }];
}

function driftOf(text: string, wanted: Readonly<Record<string, string>>): string[] {
  try {
    const { dependencies = {} } = JSON.parse(text) as {
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    return Object.entries(wanted)
      .filter(([name, version]) => name in dependencies && dependencies[name] !== version)
      .map(([name, version]) =>
        `dependencies.${name} is "${dependencies[name]}", the template has "${version}"`
      );
  } catch (error) {
    return [`cannot be read: ${messageOf(error)}`];
  }
}
