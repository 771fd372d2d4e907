// Loaded before each file of tests: what a library draws without a seed, such as the first weights
// of a layer, is the same in every run, so that a test fails always or never.
// QSIGHT_TEST_SEED=7 deno task test:rooms asks with other numbers.
import process from "node:process";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";

const random = new SeededRandom(process.env.QSIGHT_TEST_SEED ?? "1");
Math.random = () => random.next();
