/** Names of what `qsight init` writes. `fixtures/doctor/golden.json` names each of them. */
export const TEMPLATE_NAMES = [
  "config",
  "deno.json",
  "package.json",
  "kernel_spec",
  "start_script",
  "notebook",
] as const;

/** Name of one of {@linkcode TEMPLATE_NAMES}. */
export type TemplateName = typeof TEMPLATE_NAMES[number];

/** What all templates are told. */
export interface TemplateContext {
  /** Absolute path of the project. */
  readonly folder: string;
  /** Where `@qsight/qsight` is: the address of its folder, or a specifier that begins with `npm:`. */
  readonly qsight: string;
  /** Whether somebody named it just now, so that another one is replaced. */
  readonly replace: boolean;
  /** Whether a package.json is wanted. */
  readonly npm: boolean;
  /** The deno.json of the QSight that runs. */
  readonly own: Readonly<Record<string, unknown>>;
  /** Text of its deno.lock; undefined where there is none. */
  readonly lock: string | undefined;
  /** Deno's executable. */
  readonly deno: string | undefined;
  /** Node's executable. */
  readonly node: string | undefined;
}

/** One file of a project, as it is and as it should be. */
export interface PlannedFile {
  /** What it was made from. */
  readonly template: TemplateName;
  /** Absolute path. */
  readonly path: string;
  /** What is to be written; undefined where nothing is. */
  readonly content: string | undefined;
  /** Whether it can be run as a program. @default {false} */
  readonly executable?: boolean;
  /** What happens to it, or why nothing does. */
  readonly action: "write" | "merge" | "keep" | "leave out";
  /** Of what was left out, why. @default {""} */
  readonly reason?: string;
  /** Where it differs from the template, and was left so. */
  readonly drift: readonly string[];
}

/** Plans the files of one template; writes nothing. */
export type Template = (context: TemplateContext) => Promise<readonly PlannedFile[]>;
