// Do the maps of a trained model point at the lesions, and do they beat maps that know nothing?
import assert from "node:assert/strict";
import { channelStatistics } from "../../src/data/channel_statistics.ts";
import { imageAt } from "../../src/data/image_at.ts";
import { LESION_BITS } from "../../src/data/image_set.ts";
import { loadData } from "../../src/data/load_data.ts";
import { loadNpz } from "../../src/data/npz/load_npz.ts";
import { syntheticFundus } from "../../src/data/synthetic_fundus.ts";
import {
  checkExplanations,
  explain,
  EXPLAIN_METHODS,
  formatCheck,
  pointingGame,
} from "../../src/explain/mod.ts";
import { hybridModel } from "../../src/model/hybrid_model.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import type { Tensor2D } from "../../src/tensors/tf.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { fit } from "../../src/training/fit.ts";
import { realData } from "../_tools/real_data.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";

const SIDE = 64, HEAD = "classical_a";
const idrid = realData("idrid10-128.npz");

/** The optic disc is in the masks, too, but is no lesion. */
const isLesion = (bits: number) => (bits & ~(1 << LESION_BITS.opticDisc)) === 0 ? 0 : 1;

let trained: ReturnType<typeof train> | undefined;

/** A model that grades drawn photographs, trained once for all tests of this file. */
async function train() {
  await openTensors({ prefer: ["wasm", "cpu"] });
  const splits = await loadData("synthetic", { seed: 0, count: 2000, imageSize: SIDE });
  const model = hybridModel({
    classes: splits.classes,
    imageSize: SIDE,
    filters: [16, 32, 64],
    normalization: channelStatistics(splits.train),
    seed: 0,
  });
  const stages = defineStages([{
    name: "classical",
    epochs: 20,
    train: ["encoder*", "compression*", "classical_*", "ensemble"],
    heads: ["classical_a", "classical_b"],
    learningRate: 5e-3,
    weightDecay: 0.02,
    patience: null,
  }]);
  await fit(model, splits, { stages, seed: 0, loss: "cross_entropy", labelSmoothing: 0.1 });
  return model;
}

/** Images with lesions, the pixels of which are marked. */
function illImages() {
  const set = syntheticFundus({ count: 120, size: SIDE, seed: 99 });
  const ill = [...set.labels.keys()].filter((i) => set.labels[i] > 0).slice(0, 48);
  const area = SIDE * SIDE;
  return {
    images: ill.map((i) => imageAt(set, i)),
    labels: ill.map((i) => set.labels[i]),
    masks: ill.map((i) => set.masks!.subarray(i * area, (i + 1) * area).map(isLesion)),
  };
}

Deno.test("maps of a trained model beat random maps and depend on the weights, by every method", async () => {
  const { network } = await (trained ??= train());
  const { images, labels, masks } = illImages();
  const check = await checkExplanations(network, images, {
    methods: EXPLAIN_METHODS,
    ...{ head: HEAD, labels, target: labels, masks, limit: images.length, seed: 1 },
  });
  console.log(formatCheck(check).join("\n"));
  const gradcam = check.methods.find(({ method }) => method === "gradcam")!.pointing!;
  assert.ok(gradcam.value! >= 2 * gradcam.chance, JSON.stringify(gradcam));
  for (const { method, road, randomization } of check.methods) {
    assert.ok(road.value! > road.random!, `${method}: ${JSON.stringify(road)}`);
    assert.equal(randomization!.verdict, "passed", method);
  }
});

Deno.test("what speaks for an illness lies on the lesions, by the best method", async () => {
  const { network } = await (trained ??= train());
  const { images, masks } = illImages();
  /** Any grade against none: what speaks for one grade may speak against another. */
  const illness = (scores: Tensor2D) => {
    const none = scores.slice([0, 0], [-1, 1]).reshape([-1]);
    return scores.slice([0, 1], [-1, -1]).logSumExp(1).sub(none);
  };
  const rates: Record<string, number> = {};
  for (const method of EXPLAIN_METHODS) {
    const isCam = ["gradcam", "hirescam", "layercam"].includes(method);
    for (const layer of isCam ? [undefined, "encoder_relu2", "encoder_relu1"] : [undefined]) {
      const cams = await explain(network, images, { method, layer, head: HEAD, target: illness });
      const hits = cams.filter((cam, i) => cam.status === "ok" && pointingGame(cam, masks[i])!.hit);
      rates[`${method}, ${cams[0].layer || "image"}`] = hits.length / images.length;
    }
  }
  console.log(rates);
  assert.ok(Math.max(...Object.values(rates)) >= 0.75);
});

testOrSkip(
  "maps of real photographs are measured, whatever comes of it",
  idrid.missing,
  async () => {
    const { network } = await (trained ??= train());
    const npz = await loadNpz(idrid.path);
    const images = npz.read("images"), masks = npz.read("masks");
    const [count, height, width] = images.shape;
    const pixels = Array.from({ length: count }, (_, i) => ({
      width,
      height,
      data: (images.data as Uint8Array).slice(i * height * width * 3, (i + 1) * height * width * 3),
    }));
    const check = await checkExplanations(network, pixels, {
      methods: EXPLAIN_METHODS,
      head: HEAD,
      masks: pixels.map((_, i) =>
        (masks.data as Uint8Array).slice(i * height * width, (i + 1) * height * width).map(isLesion)
      ),
      seed: 1,
    });
    console.log(formatCheck(check).join("\n"));
    for (const { ok, road, pointing, energy } of check.methods) {
      if (ok === 0) continue;
      for (const measure of [road, pointing!, energy!]) {
        assert.ok(Number.isFinite(measure.value) && Number.isFinite(measure.random));
      }
    }
  },
);
