// Longer than 250 lines, so that all commands and their options stand in one place.
import { parseArgs, type ParseArgsConfig } from "node:util";
import { unknownName } from "../_internal/check_options.ts";

/** Arguments that a command cannot use; shown with the usage, exit code 4. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** One subcommand: its module, its export, and the lines of the overview. */
export interface CommandEntry {
  /** File beside this one and name of the function that it exports. */
  readonly file: string;
  readonly entry: string;
  readonly usage: string;
  readonly summary: string;
  /** What `--help` says of each option. @default {[]} */
  readonly options?: readonly (readonly [option: string, meaning: string])[];
  /** What else `--help` says. @default {""} */
  readonly notes?: string;
}

const PARAMETER_OPTIONS = [
  ["-p NAME VALUE", "set a parameter: true, false, null and numbers by their look, else text"],
  ["-r NAME VALUE", "set a parameter to the text as it stands"],
  ["-f FILE", "set parameters from a YAML or JSON file"],
  ["-y YAML", "set parameters from a text in YAML, as in -y 'sizes: [8, 16]'"],
  ["-b BASE64", "the same, encoded in Base64"],
] as const;

const KERNEL_OPTIONS = [
  ["--kernel NAME", "use this kernel instead of the one that the notebook names"],
  ["--server URL", "run on a Jupyter server; its token stands in the URL or in JUPYTER_TOKEN"],
  ["--timeout S", "seconds that a cell may take"],
  ["--startup-timeout S", "seconds until a kernel must be ready (60)"],
  ["--allow-errors", "go on after a cell that failed"],
  ["--stdin FILE", "answer cells that ask for input with the lines of the file"],
] as const;

/** All subcommands. Each is imported only when it is called. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  data: {
    file: "./data.ts",
    entry: "dataCommand",
    usage: "qsight data list [--json]\n" +
      "    qsight data check SPEC [--json] [--output DIR] [--image-size N] [--split FILE] …\n" +
      "    qsight data fetch NAME [--output DIR]",
    summary: "find leakage and faults in data, and fetch public data sets",
    options: [
      ["--json", "write one JSON object to stdout"],
      ["--output DIR", "of check: write figures there; of fetch: where the file goes"],
      ["--image-size N", "height and width at which folders are read and compared (64)"],
      ["--seed N", "of the split, where the data have none (0)"],
      ["--split FILE", "check the splits of this file, e.g. the split.json of a run"],
      ["--table FILE", "CSV file inside the folder that names images and grades"],
      ["--image-column NAME", "its column of images; --label-column, --patient-column likewise"],
      ["--distance N", "bits of 256 that difference hashes of near duplicates may differ in (24)"],
      ["--correlation X", "how much near duplicates correlate at least (0.999)"],
      ["--base-url URL", "of fetch: where the files lie instead, e.g. on a mirror"],
    ],
    notes:
      "SPEC is synthetic, a .npz file or a folder. Data are kept in the folder that QSIGHT_DATA\n" +
      "names, or in ../shared/data.\n\n" +
      "Exit codes: 0 nothing bad, 1 errors or not fetched, 2 leakage between splits (check) or\n" +
      "interrupted (fetch), 3 a fault, 4 usage.",
  },
  demo: {
    file: "./demo.ts",
    entry: "demoCommand",
    usage: "qsight demo [--data SPEC] [--out DIR] [--seed N] [--epochs N] [--quick]",
    summary:
      "train, plot and explain a hybrid classifier; SPEC is synthetic, a .npz file or a folder",
  },
  doctor: {
    file: "./doctor.ts",
    entry: "doctorCommand",
    usage: "qsight doctor [--json] [--strict] [--markdown] [--no-build] [--list-checks]\n" +
      "    [--check CODE]… [--config F] [--set key=value]… [--explain TEXT|-]",
    summary: "examine the project and the machine: dependencies, configuration, environment, build",
    options: [
      ["--json", "write one JSON object to stdout"],
      ["--markdown", "write a report for an issue, without tokens, names and home folders"],
      ["--strict", "warnings count, and so does what could not be looked at"],
      ["--no-build", "build and run nothing"],
      ["--list-checks", "list the checks with their codes"],
      ["--check CODE", "run this check only; may be given many times"],
      ["--config F", "the configuration of trainings to look at, as for qsight train"],
      ["--set key=value", "change one value of it; may be given many times"],
      ["--explain TEXT", "say what is known of an error message; - reads it from stdin"],
    ],
    notes:
      "All four points are always looked at. What is not looked at is skipped and never passed.\n" +
      "It answers without node_modules, with a broken deno.json, and without permissions:\n" +
      "deno run -A --no-config --node-modules-dir=none src/cli/main.ts doctor\n\n" +
      "Exit codes: 0 nothing is wrong, 1 warnings with --strict, 2 failures, 4 usage.\n" +
      "--explain: 0 something is known, 1 nothing is.",
  },
  init: {
    file: "./init.ts",
    entry: "initCommand",
    usage: "qsight init [--dir D] [--qsight SPEC] [--npm]",
    summary:
      "make a folder a project: configuration, deno.json, kernel specs, start script, notebook",
    options: [
      ["--dir D", "the folder (the one where you stand)"],
      ["--qsight SPEC", "where QSight is: a folder, or npm:… (the one that runs)"],
      ["--npm", "write a package.json as well, for npm and Node"],
    ],
    notes:
      "What is there stays, and where it differs from what would be written, that is said. Twice\n" +
      "does no more than once.\n\n" +
      "Exit codes: 0 done, 1 not all could be written, 4 usage.",
  },
  install: {
    file: "./install.ts",
    entry: "installCommand",
    usage: "qsight install gpu|node [--force]",
    summary: "install TensorFlow's C library as a backend: on NVIDIA GPUs, or on the CPU",
    options: [["--force", "install even where the machine lacks what the package demands"]],
    notes:
      "Installs @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node 4.22.0 below node_modules and\n" +
      "approves its install script; nothing else of the project changes, and nothing else needs it.\n" +
      "The script loads from storage.googleapis.com; TFJS_NODE_CDN_STORAGE names a mirror of that,\n" +
      "TFJS_NODE_BASE_URI with npm_config_tfjs_binding_binary_host_mirror any other place.\n" +
      "These backends were not run on a GPU by this project; what they compute is proved each time\n" +
      "they are opened.\n\n" +
      "Exit codes: 0 the backend computes, 1 it does not or was not installed, 4 usage.",
  },
  predict: {
    file: "./predict.ts",
    entry: "predictCommand",
    usage: "qsight predict [--model DIR] IMAGE… [--json] [--explain [--output DIR]]",
    summary: "classify images with a trained model",
    options: [
      ["--model DIR", "folder of a model or of a run (the newest finished one of trained_model)"],
      ["--json", "write one JSON object to stdout"],
      ["--explain", "say where the evidence lies, and whether these maps can be believed"],
      ["--output DIR", "write the pictures of --explain there, as SVG, PNG and JSON"],
    ],
    notes:
      "Prints class, probability, the answer and weight of each head, and how uncertain it is:\n" +
      "0 is certain, 1 all classes alike.\n\n" +
      "Exit codes: 0 all images were classified, 1 some could not be, 3 a fault, 4 usage.",
  },
  run: {
    file: "./run.ts",
    entry: "runNotebookCommand",
    usage: "qsight run NB [-o OUT] [-p NAME VALUE]… [-r NAME VALUE]… [-f FILE] [-y YAML]\n" +
      "    [--grid NAME=A,B]… [--jobs N] [--kernel NAME] [--server URL] [--allow-errors]\n" +
      "    [--timeout S] [--startup-timeout S]",
    summary: "execute one notebook and show its outputs as they come",
    options: [
      ["-o, --output OUT", "write the executed notebook there; with --grid a folder"],
      ...PARAMETER_OPTIONS,
      ["--grid NAME=A,B", "run once for each value; several grids run all combinations"],
      ["--jobs N", "how many runs of a grid go on at once"],
      ...KERNEL_OPTIONS,
    ],
    notes:
      "Exit codes: 0 all cells ran, 1 a cell failed, 2 interrupted, 3 the kernel or the runner\n" +
      "is at fault, 4 usage.",
  },
  runs: {
    file: "./runs.ts",
    entry: "runsCommand",
    usage: "qsight runs list [--metric M] [--json]\n" +
      "    qsight runs show RUN [--json]\n" +
      "    qsight runs report RUN… [--out FILE] [--json]\n" +
      "    qsight runs export RUN --to tensorboard|wandb [--out DIR] [--project P] [--entity E]\n" +
      "    qsight runs prune [--keep-last N] [--keep-best N] [--metric M] [--every K]\n" +
      "        [--older-than DAYS] [--max-bytes SIZE] [--archive] [--unended] [--apply] [--json]\n" +
      "    qsight runs restore ARCHIVE\n" +
      "    qsight runs pin RUN, qsight runs unpin RUN\n" +
      "    qsight runs verify RUN [--repair] [--json]",
    summary: "list, compare, verify, export, archive and prune what trainings left",
    options: [
      ["--root DIR", "folder with the runs, for all of these (trained_model)"],
      ["--json", "write one JSON object to stdout"],
      ["--keep-last N", "keep the newest N runs"],
      ["--keep-best N", "keep the best N runs by --metric"],
      ["--metric M", "[[SPLIT.]HEAD.]NAME[:higher|:lower] (val.ensemble.balancedAccuracy)"],
      ["--older-than DAYS", "keep runs that ended less than so many days ago"],
      ["--max-bytes SIZE", "then let the oldest go until the rest fits, as in 500MB or 2GiB"],
      ["--every K", "in runs that stay, keep figures of each K-th and the last epoch only"],
      ["--archive", "pack and verify a run as archive/<id>.tar.gz before it goes"],
      ["--unended", "also take runs that ended without a manifest"],
      ["--apply", "do what is otherwise only shown"],
      ["--to NAME", "where to export to"],
      ["--out PATH", "where the page that compares runs, or an export, goes"],
      ["--repair", "make the manifest say what is there; damaged files are never called whole"],
    ],
    notes:
      "RUN is an id, the beginning of one, latest, or a path. A run goes when a rule was given and\n" +
      "none of them keeps it. The newest finished run, pinned runs, released models, links, and runs\n" +
      "that are being written stay in any case.\n\n" +
      "Exit codes: 0 done, 1 findings, or not all could be done, 2 interrupted, 3 a fault, 4 usage.",
  },
  test: {
    file: "./test.ts",
    entry: "testCommand",
    usage: "qsight test GLOB… [--kernel NAME] [--jobs N] [--shard I/N] [--filter TEXT]\n" +
      "    [--fail-fast] [--timeout S] [--notebook-timeout S] [--update] [--junit F] [--json F]\n" +
      "    [--output DIR] [--cache] [--watch] [--max-memory MB] [--server URL] …",
    summary: "execute notebooks as tests",
    options: [
      ["--jobs N", "notebooks that run at once (the processors at hand)"],
      ["--shard I/N", "only the I-th of N parts, for a suite spread over machines, as in 2/5"],
      ["--filter TEXT", "only notebooks with the text in their path or a heading"],
      ["--fail-fast", "stop everything at the first notebook that does not pass"],
      ["--cache", "leave out what passed before and is unchanged, with all that it imports"],
      ["--watch", "run again what changes, until Ctrl-C"],
      ...KERNEL_OPTIONS.slice(0, 3),
      ["--notebook-timeout S", "seconds that a notebook may take"],
      ["--quiet-timeout S", "seconds that a running cell may put out nothing"],
      ...KERNEL_OPTIONS.slice(3),
      ["--allow-error-names A,B", "go on after errors of these names"],
      ["--max-memory MB", "end a kernel that takes more, with all that it started"],
      ["--max-output MB", "end a notebook that puts out more (100)"],
      ["--compare off|tagged|all", "whose outputs must be as stored (tagged: check-output)"],
      ["--sanitize-with F", "regular expressions for what may differ, in nbval's format"],
      ["--tolerance X", "how much numbers in outputs may differ, relative and absolute"],
      ["--image-tolerance X", "share of a picture's pixels that may differ, 0 to 1"],
      ["--update", "store outputs that differ, instead of failing"],
      ["--check-types", "check the types of TypeScript notebooks (the default)"],
      ["--no-check-types", "do not check them"],
      ...PARAMETER_OPTIONS,
      ["--output DIR", "write the executed notebooks there"],
      ["--junit F", "write a JUnit report; - is stdout"],
      ["--json F", "write a JSON report; - is stdout"],
      ["--html F", "write a report of what differs, with pictures"],
      ["--github", "annotate failures for GitHub (on by itself in its actions)"],
    ],
    notes:
      "A GLOB is a file, a folder or a pattern in quotes, as in 'notebooks/**/*.ipynb'. Besides\n" +
      ".ipynb, Markdown files (.md) and scripts with // %% or # %% lines (.ts, .py) are notebooks\n" +
      "where their extension is named.\n\n" +
      "Exit codes: 0 all passed, 1 a notebook failed, 2 interrupted, 3 a kernel or the runner is at\n" +
      "fault, 4 usage, 5 no notebook found. A watch that is ended while it waits exits 0.",
  },
  train: {
    file: "./train.ts",
    entry: "trainCommand",
    usage: "qsight train --data SPEC [--config F] [--out DIR] [--seed N] [--set key=value]…\n" +
      "        [--follow wandb [--project P] [--entity E]]\n" +
      "    qsight train --resume RUN [--data SPEC] [--follow wandb]",
    summary: "train a hybrid classifier stage by stage; SPEC is synthetic, a .npz file or a folder",
    options: [
      ["--data SPEC", "what to train on"],
      [
        "--config F",
        "a JSON file with data, model, stages, fit and retention, each of which may be left out",
      ],
      ["--out DIR", "folder below which the run folder is made (trained_model)"],
      ["--seed N", "of weights, data order, augmentation and dropout (0)"],
      ["--set key=value", "change one value of the configuration; may be given many times"],
      ["--resume RUN", "go on with a run that was stopped: its folder, or its id below --out"],
      ["--allow-other-backend", "even where another tensor backend began it: to other last digits"],
      ["--follow wandb", "send the run to W&B while it goes on; the key stands in WANDB_API_KEY"],
      ["--project P", "project there (WANDB_PROJECT, or qsight)"],
      ["--entity E", "user or team there (WANDB_ENTITY, or the owner of the key)"],
    ],
    notes:
      "data has options of loadData(), model of hybridModel(), fit of fit(). stages is an array of\n" +
      'stages or a built-in plan: "default", "head_a", "head_b", "quantum_only", "full", or\n' +
      '{"plan": "full", "epochScale": 0.5, "learningRateScale": 10}.\n' +
      'retention says which older runs go when this one has ended: {"keepLast": 10, "archive": true}.\n' +
      "--set stages.0.epochs=2 --set stages.quantum.learningRate=1e-3 --set fit.batchSize=16\n\n" +
      "Without --config the file is that of QSIGHT_CONFIG, or the nearest qsight.jsonc here or above.\n" +
      "--set wins over QSIGHT_SET (the same, separated by semicolons), that over the file, that over\n" +
      "the defaults; qsight doctor shows what is in force and why.\n\n" +
      "Ctrl-C ends the training after the batch at hand, and what is printed then goes on with it;\n" +
      "it ends with the same bytes as one that was not stopped.\n\n" +
      "Exit codes: 0 trained, 1 data or training failed, 2 interrupted, 3 a fault, 4 usage.",
  },
};

/** The overview of all commands. */
export function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { usage, summary }]) =>
    `  ${name.padEnd(width)}  ${summary}\n  ${" ".repeat(width)}    ${
      usage.replaceAll("\n    ", `\n  ${" ".repeat(width)}        `)
    }`
  );
  return ["Usage: qsight COMMAND [OPTIONS]", "", ...lines, ""].join("\n");
}

/** The usage of one command. */
export function commandUsage(name: string): string {
  return `Usage: ${COMMANDS[name].usage}\n`;
}

/** The usage of one command with what each of its options means. */
export function commandHelp(name: string): string {
  const { summary, options = [], notes = "" } = COMMANDS[name];
  const width = Math.max(0, ...options.map(([option]) => option.length));
  const lines = options.map(([option, meaning]) => `  ${option.padEnd(width)}  ${meaning}`);
  const parts = [`${commandUsage(name)}\n${sentence(summary)}`, lines.join("\n"), notes];
  return parts.filter((part) => part !== "").join("\n\n") + "\n";
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

type OptionTypes = NonNullable<ParseArgsConfig["options"]>;

/** Parsed arguments of a command. */
export interface ParsedCommand {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
}

/**
 * Parses the arguments of a command.
 *
 * @throws {UsageError} for an unknown option, with the nearest known one, or a missing value
 */
export function parseCommand(
  args: readonly string[],
  { command, options }: { readonly command: string; readonly options: OptionTypes },
): ParsedCommand {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values: values as ParsedCommand["values"], positionals };
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    const found = /'(-[^' ]*)/.exec(message)?.[1];
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION" || found === undefined) {
      throw new UsageError(`qsight ${command}: ${message}`);
    }
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(unknownName(`qsight ${command}`, "option", found, known));
  }
}

/** A number of seconds as milliseconds, or undefined where the option is absent. */
export function secondsOption(
  { values }: ParsedCommand,
  name: string,
): number | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (!(seconds > 0)) {
    throw new UsageError(`--${name} ${value}: wanted a positive number of seconds`);
  }
  return seconds * 1000;
}

/** What a number option may be. */
export interface NumberRange {
  readonly least: number;
  /** @default {Infinity} */
  readonly most?: number;
  /** Only whole numbers. @default {false} */
  readonly whole?: boolean;
}

/** A number, or undefined where the option is absent. */
export function numberOption(
  { values }: ParsedCommand,
  name: string,
  { least, most = Infinity, whole = false }: NumberRange,
): number | undefined {
  const text = values[name];
  if (typeof text !== "string") return undefined;
  const value = text.trim() === "" ? NaN : Number(text);
  const isGood = value >= least && value <= most && value < Infinity &&
    (!whole || Number.isSafeInteger(value));
  if (isGood) return value;
  const kind = whole ? "a whole number" : "a number";
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`--${name} ${text}: wanted ${kind} ${range}`);
}

/** A text option, or undefined where it is absent. */
export function textOption({ values }: ParsedCommand, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** The values of an option that may be given many times. */
export function listOption({ values }: ParsedCommand, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value : [];
}
