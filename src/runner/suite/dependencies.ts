import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { findKernel, type KernelSpec } from "../kernels/kernel_spec.ts";
import { kernelFacts } from "./kernel_facts.ts";
import { pythonDependencies } from "./python_dependencies.ts";
import { scriptDependencies } from "./script_dependencies.ts";
import type { CodeOfNotebook, Imports } from "./notebook_imports.ts";

/** What a notebook's outcome depends on, beside its own text. */
export interface Dependencies extends Imports {
  /** Absolute paths of other files that the code names; a notebook may write such files itself. */
  readonly data: readonly string[];
}

/** A notebook and the kernel that will run it. */
export interface DependencyQuestion {
  readonly code: CodeOfNotebook;
  readonly spec: KernelSpec;
}

/** What notebooks depend on, in the order of the questions. One process a kernel or a notebook. */
export async function findDependencies(
  questions: readonly DependencyQuestion[],
): Promise<Dependencies[]> {
  const answers = new Map<DependencyQuestion, Dependencies>();
  const groups = new Map<KernelSpec["origin"], DependencyQuestion[]>();
  for (const question of questions) {
    const { name, origin } = question.spec;
    const group = `${origin} ${name}`;
    groups.set(group, [...(groups.get(group) ?? []), question]);
  }
  for (const group of groups.values()) {
    const [{ spec }] = group;
    const facts = await kernelFacts(spec);
    const found = await importsOf(spec, group.map(({ code }) => code));
    for (const [i, dependencies] of found.entries()) {
      const modules = [...new Set(dependencies.modules)].sort();
      const data = namedFiles(group[i].code, modules).filter((path) => !modules.includes(path));
      const all = { modules, data: data.sort(), facts: [...facts, ...dependencies.facts] };
      answers.set(group[i], { ...dependencies, ...all });
    }
  }
  return questions.map((question) => answers.get(question)!);
}

async function importsOf(
  spec: KernelSpec,
  notebooks: readonly CodeOfNotebook[],
): Promise<Imports[]> {
  if (spec.argv.some((part) => part.startsWith("ipykernel"))) {
    return await pythonDependencies(spec, notebooks);
  }
  const isDeno = spec.argv.includes("jupyter") && spec.argv.includes("--conn");
  const isScript = /^(?:type|java)script$/i.test(spec.language);
  // Another TypeScript kernel resolves nearly alike, and Deno's graph is then the best there is.
  const deno = isDeno
    ? spec
    : isScript
    ? await findKernel("deno").catch(() => undefined)
    : undefined;
  if (deno === undefined) {
    const unknown = isScript
      ? `following the imports of kernel "${spec.name}" needs deno on PATH`
      : `the imports of kernel "${spec.name}" (${spec.language}) cannot be followed`;
    return notebooks.map(() => ({ modules: [], facts: [], unknown }));
  }
  return await scriptDependencies(deno.argv[0], notebooks);
}

/** Longer texts are no paths, and larger files are data that names no other files. */
const MOST_CHARACTERS = 300, MOST_BYTES = 2 ** 20;

/**
 * Files whose path stands as a text in the code, as in `open("data.csv")`, or as a word in a line
 * with a magic, as in `%run tools.py`; relative to where the kernel runs.
 */
function namedFiles(code: CodeOfNotebook, modules: readonly string[]): string[] {
  const local = modules.filter((path) => /\.(?:py|[cm]?[jt]sx?)$/.test(path));
  const texts = [...code.sources, ...local.map(readSmall)];
  const names = texts.flatMap((text) => [
    ...[...text.matchAll(/(["'`])((?:\\.|(?!\1)[^\\\n])+)\1/g)].map((match) => match[2]),
    ...[...text.matchAll(/^\s*[%!].*$/gm)].flatMap(([line]) => line.split(/\s+/)),
  ]);
  const paths = new Set(
    names.filter((name) => name.length <= MOST_CHARACTERS && /[\w]/.test(name))
      .map((name) => resolve(code.folder, name.replace(/^file:\/\//, ""))),
  );
  return [...paths].filter(isFile);
}

function readSmall(path: string): string {
  try {
    return statSync(path).size <= MOST_BYTES ? readFileSync(path, "utf8") : "";
  } catch {
    return "";
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    // A name with characters that no path may have.
    return false;
  }
}
