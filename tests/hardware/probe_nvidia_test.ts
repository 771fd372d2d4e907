import assert from "node:assert/strict";
import { type CommandResult, type Gpu, probeHardware } from "../../src/hardware/mod.ts";
import { answer, emptyMachine } from "./_fake_sources.ts";

type Answers = (command: readonly string[]) => CommandResult;

async function gpusOf(answers: Answers) {
  const run = (command: readonly string[]) => Promise.resolve(answers(command));
  return (await probeHardware({ sources: emptyMachine({ run }) })).gpus;
}

Deno.test("probeHardware() lists two GPUs one by one and never adds their memory up", async () => {
  const gpus = await gpusOf(() => answer("ok", "two_gpus"));
  assert.equal(gpus.status, "ok");
  assert.deepEqual(gpus.value?.map((gpu) => gpu.memoryBytes), [11264 * 2 ** 20, 11264 * 2 ** 20]);
  assert.deepEqual(gpus.value?.[1], {
    index: 1,
    name: "NVIDIA GeForce RTX 2080 Ti",
    memoryBytes: 11264 * 2 ** 20,
    freeBytes: 11009 * 2 ** 20,
    driver: "560.35.03",
    cuda: null,
    mig: null,
  });
});

Deno.test("probeHardware() gives a second question to nvidia-smi what the first left of the deadline", async () => {
  let clock = 0;
  const deadlines: number[] = [];
  await probeHardware({
    timeout: 777,
    sources: emptyMachine({
      now: () => clock,
      run: (_command, deadline) => {
        deadlines.push(deadline);
        clock += 700;
        return Promise.resolve(answer("ok", "two_gpus"));
      },
    }),
  });
  assert.deepEqual(deadlines, [777, 77]);
});

Deno.test("probeHardware() names the CUDA version that the driver serves, or says null", async () => {
  const gpus = await gpusOf(({ 1: first }) =>
    answer("ok", first === "-q" ? "compute_query" : "two_gpus")
  );
  assert.deepEqual(gpus.value?.map(({ cuda }) => cuda), ["12.6", "12.6"]);
  const silent = await gpusOf(({ 1: first }) =>
    first === "-q" ? answer("timeout") : answer("ok", "two_gpus")
  );
  assert.deepEqual(silent.value?.map(({ cuda }) => cuda), [null, null]);
});

Deno.test("probeHardware() believes no free memory that is more than there is", async () => {
  const gpus = await gpusOf(() => answer("ok", "contradictory"));
  assert.deepEqual(gpus.value?.map(({ freeBytes }) => freeBytes), [null, 11009 * 2 ** 20]);
  assert.match(gpus.reason, /more free memory than there is on GPU 0$/);
});

Deno.test("probeHardware() reads Windows line ends", async () => {
  const gpus = await gpusOf(() => answer("ok", "crlf"));
  assert.equal(gpus.value?.length, 1);
  assert.equal(gpus.value?.[0].mig, null);
  assert.equal(gpus.value?.[0].driver, "552.22");
});

Deno.test("probeHardware() turns [N/A] into null, not into a number", async () => {
  const gpus = await gpusOf(() => answer("ok", "not_available"));
  assert.equal(gpus.value?.[0].memoryBytes, null);
  assert.equal(gpus.value?.[0].freeBytes, null);
});

Deno.test("probeHardware() gives a MIG card the memory of its largest instance", async () => {
  const gpus = await gpusOf((command) => answer("ok", command[1] === "-L" ? "mig_list" : "mig"));
  const [split, whole] = gpus.value as readonly Gpu[];
  assert.deepEqual(split.mig, ["3g.20gb", "1g.5gb"]);
  assert.equal(split.memoryBytes, 20e9);
  assert.equal(whole.mig, null);
  assert.equal(whole.memoryBytes, 40960 * 2 ** 20);
});

Deno.test("probeHardware() knows no memory of a MIG card without instances", async () => {
  const gpus = await gpusOf((command) => answer("ok", command[1] === "-L" ? "none" : "mig"));
  assert.equal(gpus.value?.[0].memoryBytes, null);
});

Deno.test("probeHardware() asks drivers that do not know MIG once more without it", async () => {
  const gpus = await gpusOf((command) =>
    command[1].includes("mig.mode")
      ? answer("failed", "unknown_field", 2)
      : answer("ok", "old_driver")
  );
  assert.equal(gpus.value?.[0].name, "Tesla K80");
});

for (
  const [name, result, status, reason] of [
    ["without nvidia-smi", answer("absent"), "absent", /not installed/],
    ["with nvidia-smi but no card", answer("failed", "none", 6), "absent", /No devices/],
    ["with a hung nvidia-smi", answer("timeout"), "unknown", /did not answer/],
    ["after a driver update", answer("failed", "driver_mismatch", 18), "unknown", /restart/],
    ["without a loaded driver", answer("failed", "no_driver", 9), "unknown", /kernel module/],
    ["with an empty answer", answer("ok"), "absent", /no GPU/],
    ["with decimals by comma and units", answer("ok", "comma_decimals"), "unknown", /unknown form/],
    // As many cells as there are fields, but not in their places.
    ["with a comma that shifts the cells", answer("ok", "comma_cells"), "unknown", /unknown form/],
    ["with a cell too many", answer("ok", "extra_cell"), "unknown", /unknown form/],
    ["with garbage", answer("ok", "garbage"), "unknown", /unknown form/],
    [
      "with an answer of another form",
      { ...answer("ok"), stdout: "GPU: yes\n" },
      "unknown",
      /unknown form/,
    ],
  ] as const
) {
  Deno.test(`probeHardware() says "${status}" ${name}`, async () => {
    const gpus = await gpusOf(() => result);
    assert.equal(gpus.status, status);
    assert.match(gpus.reason, reason);
    assert.equal(gpus.value, undefined);
  });
}
