import assert from "node:assert/strict";
import { encodePng } from "../../../src/images/encode_png.ts";
import type { OpenRunOptions, Run } from "../../../src/runs/mod.ts";
import { filesIn, smallRun } from "../_temporary_root.ts";

export const config = { rate: 0.5, stages: [{ name: "Stage one", logAlias: "one" }] };

/** Epochs and heads of {@linkcode smallTraining}. */
export const EPOCHS = 4, HEADS = ["a", "ensemble"];

/** A run with rows and a picture in each epoch, as a training leaves it. Not ended. */
export async function smallTraining(
  root: string,
  options: Partial<OpenRunOptions> = {},
): Promise<Run> {
  const run = await smallRun(root, { config, ...options });
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    await run.appendMetrics(
      HEADS.flatMap((head) =>
        ["train", "val"].map((split) => ({
          ...{ stage: "Stage one", epoch, split, head },
          loss: epoch === 2 ? NaN : 1 / epoch,
        }))
      ),
    );
    await run.appendTimings([{ stage: "Stage one", epoch, seconds: 1 }]);
    const folder = `reports/visualizations/one/epoch_0${epoch}`;
    await run.save(`${folder}/panel.png`, picture(epoch));
    await run.save(`${folder}/panel.svg`, "<svg/>");
    await run.save(`${folder}/table.csv`, `epoch,${epoch}\n`);
    await run.saveFolder("checkpoints/last", { "weights.bin": picture(epoch) });
  }
  return run;
}

/** A PNG file that differs with its number. */
export function picture(number: number): Uint8Array {
  const data = new Uint8Array(12).map((_, i) => (i * 31 + number * 57) % 256);
  return encodePng({ width: 2, height: 2, channels: 3, data });
}

/** Path and content of all files of a run. The id, which no two runs share, is taken out. */
export function contentOf(run: Pick<Run, "folder" | "id">): Record<string, string> {
  return Object.fromEntries(
    filesIn(run.folder).map((path) => {
      const bytes = Deno.readFileSync(`${run.folder}/${path}`);
      const isText = /\.(json|jsonl)$/.test(path);
      return [
        path,
        isText ? new TextDecoder().decode(bytes).replaceAll(run.id, "ID") : bytes.join(),
      ];
    }),
  );
}

/** The files that a run's outbox sends unless told otherwise, pictures under their W&B names left out. */
export function sentFiles(run: Pick<Run, "folder">): string[] {
  const sent = filesIn(run.folder).filter((path) => /^[^/]+\.jsonl?$|\.csv$/.test(path));
  assert.ok(sent.length >= 5 + EPOCHS, sent.join());
  return sent;
}
