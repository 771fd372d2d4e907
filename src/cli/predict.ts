import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareFundus } from "../data/fundus_preparation.ts";
import type { FundusOptions } from "../data/fundus_options.ts";
import { decodeImage } from "../images/decode_image.ts";
import type { RgbImage } from "../images/rgb_image.ts";
import { loadHybridModel } from "../model/hybrid_files.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import { predict } from "../model/predict.ts";
import { readLatest } from "../runs/latest.ts";
import { openTensors } from "../tensors/open_tensors.ts";
import { checkWritable } from "./check_writable.ts";
import { type CommandContext, EXIT } from "./command.ts";
import {
  type Classified,
  type Explained,
  explainPredictions,
  MOST_EXPLAINED,
  saveExplanations,
} from "./predict_explain.ts";
import { type Answered, predictionLines, predictionReport } from "./predict_report.ts";
import { parseCommand, textOption, UsageError } from "./usage.ts";

/** The model that is given out with the toolkit; it answers where nothing was trained. */
const RELEASED = fileURLToPath(
  new URL("../../trained_model/retinamnist-hybrid/model", import.meta.url),
);

/** How it is called, wherever the toolkit lies. */
const RELEASED_NAME = "retinamnist-hybrid (given out with the toolkit, not for clinical use)";

/** Images that are held and classified at the same time. */
const AT_ONCE = 16;

/** `qsight predict`: classifies images with a saved model. */
export async function predictCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, {
    command: "predict",
    options: {
      model: { type: "string" },
      json: { type: "boolean" },
      explain: { type: "boolean" },
      output: { type: "string" },
    },
  });
  const { positionals: images } = parsed;
  if (images.length === 0) {
    throw new UsageError("qsight predict: found no image; name one or more image files");
  }
  const output = textOption(parsed, "output");
  if (output !== undefined && parsed.values.explain !== true) {
    throw new UsageError("qsight predict: --output takes the pictures of --explain; add --explain");
  }
  if (output !== undefined) {
    const path = resolve(context.cwd, output);
    await checkWritable({ option: "qsight predict: --output", path, kind: "folder" });
  }
  const folder = await modelFolder(textOption(parsed, "model"), context.cwd);
  await openTensors({ prefer: ["wasm", "cpu"] });
  const model = await loadHybridModel(folder);
  const { synthetic = false, fundus } = await trainedOn(folder);
  const answered: Answered[] = [], classified: Classified[] = [];
  const most = parsed.values.explain === true ? MOST_EXPLAINED : 0;
  for (let at = 0; at < images.length && !context.signal.aborted; at += AT_ONCE) {
    const found = await classify(model, images.slice(at, at + AT_ONCE), {
      cwd: context.cwd,
      fundus,
    });
    answered.push(...found.answered);
    classified.push(...found.classified.slice(0, most - classified.length));
  }
  for (const { image, error } of answered) {
    if (error !== undefined) context.stderr.write(`${image}: ${error}\n`);
  }
  let explained: Explained | undefined;
  if (classified.length > 0 && !context.signal.aborted) {
    explained = await explainPredictions(model, classified);
    if (output !== undefined) {
      await saveExplanations(resolve(context.cwd, output), { explained, model, synthetic });
    }
  }
  const shown = folder === RELEASED ? RELEASED_NAME : relative(context.cwd, folder) || folder;
  const about = { model, synthetic, folder: shown, explained };
  context.stdout.write(
    parsed.values.json === true
      ? `${JSON.stringify(predictionReport(about, answered), null, 2)}\n`
      : predictionLines(about, answered),
  );
  if (context.signal.aborted) return EXIT.interrupted;
  return answered.every(({ error }) => error === undefined) ? EXIT.ok : EXIT.failures;
}

/** The folder of a model, be it named itself, by its run, or not at all. */
async function modelFolder(asked: string | undefined, cwd: string): Promise<string> {
  if (asked === undefined) {
    const root = resolve(cwd, "trained_model");
    const latest = await readLatest(root);
    if (latest !== undefined) return await modelFolder(join(root, latest), cwd);
    if (existsSync(join(RELEASED, "model_info.json"))) return RELEASED;
    throw new UsageError(
      `qsight predict: found no finished run below ${root}; train one with qsight train, or name a ` +
        `model with --model DIR`,
    );
  }
  const folder = resolve(cwd, asked);
  const found = [folder, join(folder, "model")]
    .find((candidate) => existsSync(join(candidate, "model_info.json")));
  if (found !== undefined) return found;
  const what = !existsSync(folder)
    ? "found no such folder"
    : !statSync(folder).isDirectory()
    ? "is a file"
    : "has no model_info.json, nor has model in it";
  throw new UsageError(
    `qsight predict: --model ${asked} ${what}; wanted trained_model/<run-id> or its model folder`,
  );
}

/** What a model was trained on: drawn images, and how photographs were prepared. */
async function trainedOn(
  folder: string,
): Promise<{ readonly synthetic?: boolean; readonly fundus?: FundusOptions }> {
  return JSON.parse(await readFile(join(folder, "model_info.json"), "utf8"));
}

/** Answers in the order of the images; one that cannot be read does not cost the others. */
async function classify(
  model: HybridModel,
  names: readonly string[],
  { cwd, fundus }: { readonly cwd: string; readonly fundus: FundusOptions | undefined },
): Promise<{ readonly answered: Answered[]; readonly classified: Classified[] }> {
  const read = await Promise.all(
    names.map((image) =>
      readImage(resolve(cwd, image), { size: model.imageSize, fundus }).then(
        (pixels) => ({ image, pixels, error: undefined }),
        (error: Error) => ({ image, pixels: undefined, error: reasonOf(error, image) }),
      )
    ),
  );
  const good = read.flatMap(({ pixels }) => pixels ?? []);
  const predictions = await predict(model, good, { now: () => performance.now() });
  let next = 0;
  const classified: Classified[] = [];
  const answered = read.map(({ image, pixels, error }): Answered => {
    if (pixels === undefined) return { image, error };
    const prediction = predictions[next++];
    classified.push({ image, pixels, prediction });
    return { image, prediction, together: good.length };
  });
  return { answered, classified };
}

async function readImage(
  path: string,
  { size, fundus }: { readonly size: number; readonly fundus: FundusOptions | undefined },
): Promise<RgbImage> {
  return await prepareFundus(await decodeImage(await readFile(path), { name: path }), size, fundus);
}

function reasonOf(error: Error & { readonly code?: string }, image: string): string {
  if (error.code === "ENOENT") return "found no such file; check the path";
  if (error.code === "EISDIR") return `is a folder; name its images, as in ${join(image, "*.png")}`;
  return error.message;
}
