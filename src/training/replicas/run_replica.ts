import { parentPort, workerData } from "node:worker_threads";
import process from "node:process";
import { messageOf } from "../../_internal/message_of.ts";
import { loadHybridModel } from "../../model/hybrid_files.ts";
import { quantumLayerOf } from "../../model/hybrid_model.ts";
import { statevectorSimulator } from "../../quantum/simulator.ts";
import { openTensors } from "../../tensors/open_tensors.ts";
import { NonFiniteLossError } from "../non_finite_loss.ts";
import type { ReplicaAnswer, ReplicaMessage, ReplicaStart } from "./replica_messages.ts";
import { MemberLeftError } from "./shared_gather.ts";
import { StageWorker } from "./stage_worker.ts";

/** The whole life of a thread that holds a replica: it does what it is told, in that order. */
export async function runReplica(): Promise<void> {
  const port = parentPort!;
  const start = workerData as ReplicaStart;
  const answer = (message: ReplicaAnswer) => port.postMessage(message);
  let stage: StageWorker | undefined;
  process.on("exit", () => stage?.leave());
  // Listened for from the first moment on, done one after the other.
  let queue = open().catch(fail);
  port.on("message", (message: ReplicaMessage) => {
    queue = queue.then((model) => act(model, message)).catch(fail);
  });
  await queue;
  answer({ kind: "ready" });

  async function open() {
    await openTensors(start.tensors);
    const model = await loadHybridModel(start.folder);
    if (start.simulator !== undefined) {
      quantumLayerOf(model).simulator = statevectorSimulator(start.simulator);
    }
    return model;
  }

  async function act(model: Awaited<ReturnType<typeof open>>, message: ReplicaMessage) {
    if (message.kind === "stage") {
      stage?.close();
      stage = new StageWorker(model, start, message.stage);
      answer({ kind: "staged", names: stage.names });
    } else if (message.kind === "epoch") stage!.beginEpoch(message.epoch, message.collapse);
    else await stage!.step(message.step);
    return model;
  }

  /** Nothing may follow what failed: the queue never goes on. */
  function fail(error: unknown): Promise<never> {
    // A loss that is no number ends all replicas alike; one that left says why itself.
    if (!(error instanceof NonFiniteLossError)) {
      if (!(error instanceof MemberLeftError)) {
        answer({ kind: "failed", message: messageOf(error) });
      }
      stage?.leave();
    }
    return new Promise(() => {});
  }
}
