// Trains in a process of its own, to be killed: prints the run's id when the training begins.
import process from "node:process";
import { eventfulFit, eventfulRun } from "./_resume.ts";
import { smallTask } from "./_small.ts";

const [root, id] = process.argv.slice(2);
const { data } = await smallTask();
const run = await eventfulRun(root, id);
console.log(run.id);
await eventfulFit(data, { run });
