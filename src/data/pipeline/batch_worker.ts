// What a thread that fills batches runs: the only file of this room that does something when loaded.
import { runBatchWorker } from "./run_batch_worker.ts";

runBatchWorker();
