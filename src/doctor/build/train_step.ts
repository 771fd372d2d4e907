// Run in a process of its own: the shortest training there is, and whether it moved the weights.
import process from "node:process";
import { loadData } from "../../data/load_data.ts";
import { hybridModel } from "../../model/hybrid_model.ts";
import { defineStages } from "../../stages/define_stages.ts";
import { openTensors } from "../../tensors/open_tensors.ts";
import { fit } from "../../training/fit.ts";

/** Trains one epoch of one batch on drawn images; throws where that changes nothing. */
export async function trainStep(): Promise<string> {
  const { report } = await openTensors({ prefer: ["wasm+onednn", "wasm", "cpu"] });
  const data = await loadData("synthetic", { count: 20, imageSize: 16, seed: 1 });
  const { classes } = data;
  const small = { imageSize: 16, filters: [4, 4], compressed: 4, wires: 2, layers: 1 };
  const model = hybridModel({ classes, ...small, seed: 1 });
  const heads = ["classical_a", "classical_b", "quantum"];
  const train = ["encoder", "compression", "classical_a", "classical_b", "quantum", "ensemble"];
  const stages = defineStages([{ name: "trial", epochs: 1, train, heads, patience: null }]);
  const bytes = () => model.network.getWeights().map((weight) => weight.dataSync().join()).join();
  const before = bytes();
  const { history } = await fit(model, data, { stages, batchSize: 16, progress: false, seed: 1 });
  const losses = history.map(({ loss }) => loss).filter((loss) => typeof loss === "number");
  if (losses.length === 0 || !losses.every(Number.isFinite)) {
    throw new Error(`found the losses ${losses.join(", ") || "none"}, wanted finite ones`);
  }
  if (bytes() === before) throw new Error("a training step left all weights as they were");
  const [native] = report.found;
  const without = native.status === "chosen"
    ? ""
    : ` (${native.name} ${native.status}: ${native.reason})`;
  return `backend ${report.chosen}, loss ${losses[0].toFixed(3)}, all heads${without}`;
}

if (import.meta.main) {
  process.stdout.write(`${await trainStep()}\n`);
  process.exit(0);
}
