// What the test in Node takes of the room.
export { batches, listImages, openBatches, syntheticFundus } from "../../../src/data/mod.ts";
