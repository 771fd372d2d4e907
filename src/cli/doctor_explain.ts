import process from "node:process";
import { redactTokens } from "../doctor/redact.ts";
import { explainError } from "../hardware/compatibility/explain_error.ts";
import { formatExplanation } from "../hardware/compatibility/format_explanation.ts";
import { type CommandContext, EXIT } from "./command.ts";

/** `qsight doctor --explain TEXT`: what the compatibility matrix knows of an error; `-` reads stdin. */
export async function explainCommand(
  text: string,
  { stdout, json }: Pick<CommandContext, "stdout"> & { readonly json: boolean },
): Promise<number> {
  const matches = explainError(text === "-" ? await readStdin() : text);
  const found = matches.map(({ row, symptom, score }) => ({
    id: row.id,
    title: row.title,
    cause: row.cause,
    fixes: row.fixes,
    sources: row.sources,
    verified: row.verified,
    symptom,
    score,
  }));
  stdout.write(
    json
      ? `${JSON.stringify({ schema: "qsight.doctor-explain/1", matches: found }, null, 2)}\n`
      : `${redactTokens(formatExplanation(matches))}\n`,
  );
  return matches.length > 0 ? EXIT.ok : EXIT.failures;
}

async function readStdin(): Promise<string> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const part of process.stdin) text += part;
  return text;
}
