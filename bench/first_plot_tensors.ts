// The same first plot in a process that opens TensorFlow.js before, as it would have to if the
// plots needed it.
import { openTensors } from "@qsight/qsight/tensors";

await openTensors();
await import("./first_plot.ts");
