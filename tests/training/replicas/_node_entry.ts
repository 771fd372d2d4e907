// What the test in Node takes of the rooms.
export { smallModel, smallTask, stagesNamed, tensorsOf } from "../_small.ts";
export { fit } from "../../../src/training/fit.ts";
