import { objectOf, textOf } from "./json_access.ts";
import { shortText } from "./limits.ts";
import type { RunRecord } from "./run_record.ts";

/** How a run is made again. */
export interface Reproduction {
  /** Lines for a shell. */
  readonly command: string;
  /** What to save as the `train.json` that the command names. */
  readonly configuration: string | undefined;
  readonly notes: readonly string[];
}

/** Longer configurations are only in the run folder. */
const MOST_CHARACTERS = 100_000;

/** The commands, seed and commit that give the run again. */
export function reproduceText({ config, facts, seed, git, id }: RunRecord): Reproduction {
  const lines = git === undefined ? [] : [`git checkout ${quoted(git.commit)}`];
  const notes = [
    git === undefined
      ? "No commit is known: use the version that the environment names."
      : "Changes that were not committed when the run began are not known.",
  ];
  const said = textOf(facts.command);
  const { command, data, model, stages, fit } = objectOf(config.value);
  if (said !== undefined) {
    lines.push(shortText(said));
  } else if (command === "train") {
    const { spec, ...options } = objectOf(data);
    const configuration = JSON.stringify({ data: options, model, stages, fit }, null, 2);
    const parts = [
      ...["deno task qsight train", `--data ${quoted(textOf(spec) ?? "SPEC")}`],
      ...["--config train.json", `--seed ${seed ?? "SEED"}`],
    ];
    lines.push(parts.join(" "));
    notes.push("The configuration goes into a file train.json; its text is below the command.");
    const fits = configuration.length <= MOST_CHARACTERS;
    if (!fits) notes.push("It is long: take data, model, stages and fit from config.json.");
    return { command: lines.join("\n"), configuration: fits ? configuration : undefined, notes };
  } else {
    notes.push(
      "The run did not come from `qsight train`: run its notebook or script again with seed " +
        `${seed ?? "(not known)"} and the configuration above` +
        `${textOf(data) === undefined ? "" : `, on the data ${textOf(data)}`}. ` +
        "The executed notebook of a demo lies beside the run folder.",
    );
  }
  lines.push(`deno task qsight runs verify ${quoted(id)}`);
  return { command: lines.join("\n"), configuration: undefined, notes };
}

/** A word that a POSIX shell takes as it stands. */
function quoted(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
