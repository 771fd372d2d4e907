import assert from "node:assert/strict";
import { availableCpus, availableMemory } from "../../../src/runner/suite/available_machine.ts";

Deno.test("availableCpus() and availableMemory() stay within what the machine has", async () => {
  const cpus = await availableCpus();
  assert.ok(
    Number.isInteger(cpus) && cpus >= 1 && cpus <= navigator.hardwareConcurrency,
    `${cpus}`,
  );
  const bytes = await availableMemory();
  assert.ok(bytes > 2 ** 20 && bytes <= Deno.systemMemoryInfo().total, `${bytes}`);
});
