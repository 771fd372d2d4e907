import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../_internal/message_of.ts";
import { parseJsonc } from "../../_internal/parse_jsonc.ts";
import { jsonText, readText } from "./read_text.ts";
import type { PlannedFile, TemplateContext } from "./template.ts";

type JsonObject = Record<string, unknown>;

/** Of this package's own imports, those that only its development needs. */
const DEVELOPMENT = ["assemblyscript", "esbuild"];

/**
 * deno.json: where @qsight/qsight is, and its packages in the versions that it was tested with, so
 * that a notebook in any folder below finds both. What is there stays as it is.
 */
export async function planDeno(context: TemplateContext): Promise<readonly PlannedFile[]> {
  const config = await planConfigFile(context);
  return [config, ...await planLock(context, config)];
}

/**
 * deno.lock of QSight, so that packages of packages are those that it was tested with, too. Deno keeps
 * what it needs of it.
 */
async function planLock(
  { folder, lock, qsight }: TemplateContext,
  { action }: PlannedFile,
): Promise<readonly PlannedFile[]> {
  const path = join(folder, "deno.lock");
  const file = { template: "deno.json", path, content: undefined, drift: [] } as const;
  if (await readText(path) !== undefined) return [{ ...file, action: "keep" }];
  const isOurs = lock !== undefined && !qsight.startsWith("npm:") && action === "write";
  return isOurs ? [{ ...file, content: lock, action: "write" }] : [];
}

async function planConfigFile(context: TemplateContext): Promise<PlannedFile> {
  const { folder, own, replace } = context;
  const path = join(folder, existsSync(join(folder, "deno.jsonc")) ? "deno.jsonc" : "deno.json");
  const file = { template: "deno.json", path } as const;
  const wanted = wantedConfig(context);
  const text = await readText(path);
  if (text === undefined) {
    return { ...file, content: jsonText(wanted), action: "write", drift: [] };
  }
  const kept = { ...file, content: undefined, action: "keep" } as const;
  let found: JsonObject;
  try {
    found = objectOf(parseJsonc(text));
  } catch (error) {
    return { ...kept, drift: [`cannot be read: ${messageOf(error)}`] };
  }
  if (found.name === own.name) {
    const reason = "this is QSight itself, where its names are known";
    return { ...kept, action: "leave out", reason, drift: [] };
  }
  const { merged, added, drift } = merge(found, wanted, replace);
  if (added.length === 0) return { ...kept, drift };
  // Comments would be lost.
  if (!isPlainJson(text)) {
    return {
      ...kept,
      drift: [...drift, ...added.map((line) => `add ${line}`)],
    };
  }
  return { ...file, content: jsonText(merged), action: "merge", drift };
}

/** What a project needs that has nothing yet. */
function wantedConfig({ qsight, own }: TemplateContext): JsonObject {
  const { lib } = objectOf(own.compilerOptions);
  const packages = Object.entries(objectOf(own.imports))
    .filter(([name]) => !DEVELOPMENT.includes(name));
  const command = qsight.startsWith("npm:") ? qsight : new URL("src/cli/main.ts", qsight).href;
  return {
    nodeModulesDir: "auto",
    tasks: { qsight: `deno run -A ${command}` },
    compilerOptions: { lib },
    imports: { ...ownNames(qsight, objectOf(own.exports)), ...Object.fromEntries(packages) },
  };
}

/** The packages of a project and their versions, as package.json has them. */
export function npmPackages({ own }: Pick<TemplateContext, "own">): Record<string, string> {
  return Object.fromEntries(
    Object.entries(objectOf(own.imports)).filter(([name]) => !DEVELOPMENT.includes(name))
      .map(([name, specifier]) => [name, String(specifier).replace(/^npm:@?[^@]+@/, "")]),
  );
}

function ownNames(qsight: string, exports: JsonObject): JsonObject {
  if (qsight.startsWith("npm:")) {
    return {
      "@qsight/qsight": qsight,
      "@qsight/qsight/": `npm:/${qsight.slice("npm:".length)}/`,
    };
  }
  return Object.fromEntries(
    Object.entries(exports).map(([subpath, file]) => [
      `@qsight/qsight${subpath.slice(1)}`,
      new URL(String(file), qsight).href,
    ]),
  );
}

function merge(found: JsonObject, wanted: JsonObject, replace: boolean) {
  const merged = structuredClone(found);
  const added: string[] = [], drift: string[] = [];
  const put = (place: JsonObject, [key, value]: [string, unknown], where: string) => {
    const isOwn = replace && /^(?:@qsight\/qsight(?:\/|$)|qsight$)/.test(key);
    if (place[key] === undefined || (isOwn && place[key] !== value)) {
      place[key] = value;
      added.push(`${where}${key}: ${JSON.stringify(value)}`);
    } else if (JSON.stringify(place[key]) !== JSON.stringify(value)) {
      drift.push(
        `${where}${key} is ${JSON.stringify(place[key])}, the template has ${
          JSON.stringify(value)
        }`,
      );
    }
  };
  for (const [key, value] of Object.entries(wanted)) {
    if (typeof value !== "object" || value === null) {
      put(merged, [key, value], "");
      continue;
    }
    merged[key] ??= {};
    for (const entry of Object.entries(value)) put(merged[key] as JsonObject, entry, `${key}.`);
  }
  return { merged, added, drift };
}

function objectOf(value: unknown): JsonObject {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return value as JsonObject;
  }
  if (value === undefined) return {};
  throw new TypeError(`found ${JSON.stringify(value)}, wanted an object`);
}

function isPlainJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
