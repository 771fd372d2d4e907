// Where the time of the quantum head goes: each of its parts against the whole head, forward; and a
// training step with the quantum head against one without.
import { hybridModel, setActiveHeads } from "../src/model/mod.ts";
import { applyStage, defineStages } from "../src/stages/mod.ts";
import { openTensors, runLayers } from "../src/tensors/mod.ts";
import { AdamW } from "../src/training/adamw.ts";
import { lossNamed } from "../src/training/mod.ts";
import { trainStep } from "../src/training/train_step.ts";
import { statevectorSimulator } from "../src/quantum/simulator.ts";
import { type BenchOptions, type BenchRow, compare } from "./measure.ts";
import { head, numbersFor } from "./quantum_circuits.ts";
import { replicaRows } from "./training_replicas.ts";

const BATCH = 32, CLASSES = ["a", "b", "c", "d", "e"];

/** From which layer to which each part goes. */
const PARTS = [
  ["projection, batch norm, tanh", "compression_relu", "quantum_tanh"],
  ["circuit", "quantum_tanh", "quantum_circuit"],
  ["linear", "quantum_circuit", "quantum"],
] as const;

/** One row a part and number of wires; times are per batch of 32. */
export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  const { tf } = await openTensors({ prefer: "wasm" });
  const rows = await replicaRows({ quick });
  for (const wires of quick ? [4] : [4, 8]) {
    const model = hybridModel({ classes: CLASSES, imageSize: 28, wires });
    const x = tf.randomUniform([BATCH, 28, 28, 3], 0, 1, "float32", 1);
    const all = [...new Set(PARTS.flatMap(([, from, to]) => [from, to]))];
    const { captured } = tf.tidy(() => {
      const run = runLayers(model.network, x, { outputs: ["quantum"], capture: all });
      return {
        captured: Object.fromEntries(all.map((name) => [name, tf.keep(run.captured[name])])),
      };
    });
    const forward = (from: string, to: string) => async () => {
      const [output] = tf.tidy(() =>
        runLayers(model.network, x, { outputs: [to], replace: { [from]: captured[from] } }).outputs
      );
      await output.data();
      output.dispose();
    };
    const whole = forward("compression_relu", "quantum");
    const size = { n: wires, batch: BATCH, rounds: quick ? 3 : 15 };
    for (const [part, from, to] of PARTS) {
      const what = { name: `quantum head: ${part}`, against: "the whole head", ...size };
      rows.push(await compare(forward(from, to), whole, what));
    }
    rows.push(...await steps(model, size));
    tf.dispose([x, captured]);
    model.network.dispose();
  }
  return rows;
}

/** The quantum stage of the default plan trains the head and the fusion on frozen features. */
async function steps(
  model: ReturnType<typeof hybridModel>,
  size: { n: number; batch: number; rounds: number },
): Promise<BenchRow[]> {
  const [quantum, classical] = defineStages([
    { name: "quantum", epochs: 1, train: ["quantum", "ensemble"], heads: ["quantum"] },
    { name: "head_b", epochs: 1, train: ["classical_b", "ensemble"], heads: ["classical_b"] },
  ]);
  const x = Float32Array.from({ length: BATCH * 28 * 28 * 3 }, (_, i) => (i * 7919) % 256 / 255);
  const y = Int32Array.from({ length: BATCH }, (_, i) => i % CLASSES.length);
  const optimizer = new AdamW({ weightDecay: 0 });
  const loss = lossNamed("cross_entropy");
  const step = (stage: typeof quantum) => async () => {
    const applied = applyStage(model.network, stage);
    setActiveHeads(model, stage.heads);
    const rest = { loss, optimizer, learningRate: 1e-4, maskKey: "bench", last: true };
    await trainStep(model, { x, y }, { stage, ...rest });
    applied.restore();
  };
  const what = { name: "training step of the quantum head", against: "of head B", ...size };
  const rows = [
    await compare(step(quantum), step(classical), what),
    await compare(circuitOf(size), step(quantum), {
      name: "circuit of the quantum head, vjp",
      against: "training step of the quantum head",
      repeat: 50,
      ...size,
    }),
  ];
  optimizer.dispose();
  return rows;
}

/** The circuit of a head, forward with all gradients, as each step needs it. */
function circuitOf({ n, batch }: { readonly n: number; readonly batch: number }) {
  const circuit = head(n), args = numbersFor(circuit, batch), simulator = statevectorSimulator();
  return () => void simulator.vjp(circuit, args);
}
