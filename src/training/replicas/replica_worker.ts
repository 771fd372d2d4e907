// What the thread of a replica runs: the only file of this room that does something when it is loaded.
import { runReplica } from "./run_replica.ts";

await runReplica();
