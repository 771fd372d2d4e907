import assert from "node:assert/strict";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { runScript } from "../_run_script.ts";
import { NO_SOFTWARE_ADAPTER } from "../_software_adapter.ts";

const HERE = new URL(".", import.meta.url).href;

testOrSkip(
  "all gradients on webgpu (a software adapter, named) equal cpu",
  NO_SOFTWARE_ADAPTER,
  async () => {
    const { status, stdout, stderr } = await runScript(`
      import { openTensors } from "SRC/mod.ts";
      import { gridSamples } from "${HERE}_gradient_grid.ts";
      import { runSample, SAMPLES } from "${HERE}_gradient_samples.ts";

      const samples = Object.entries({ ...SAMPLES, ...gridSamples() });
      const on = async (options) => {
        const { tf, report } = await openTensors(options);
        const results = [];
        for (const [name, sample] of samples) {
          const before = tf.memory().numTensors;
          try {
            const tensors = runSample(tf, name, sample);
            results.push(await Promise.all(tensors.map((tensor) => tensor.data())));
            tf.dispose(tensors);
          } catch (error) {
            results.push(error.message);
          }
          const left = tf.memory().numTensors - before;
          if (left !== 0) results[results.length - 1] = left + " tensors left";
        }
        return { results, device: report.device };
      };
      const cpu = await on({ require: "cpu" });
      const gpu = await on({ require: "webgpu", adapter: "llvmpipe" });
      const faults = [];
      samples.forEach(([name], s) => {
        const [wanted, found] = [cpu.results[s], gpu.results[s]];
        if (typeof found === "string" || typeof wanted === "string") {
          return faults.push(name + ": " + (typeof found === "string" ? found : wanted));
        }
        wanted.forEach((values, i) => {
          const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
          const difference = values.reduce((most, value, at) =>
            Math.max(most, Math.abs(found[i][at] - value) / scale), 0);
          // The first is the function itself, as precise as the adapter's own arcsine is.
          if (!(difference <= (i > 0 ? 1e-5 : 1e-3))) faults.push(name + ", result " + i + ": " + difference);
        });
      });
      console.log(JSON.stringify({ faults, count: samples.length, device: gpu.device }));
    `);
    assert.equal(status, "ok", stderr);
    const found = JSON.parse(stdout);
    assert.match(found.device, /llvmpipe/);
    assert.ok(found.count > 400, `${found.count} samples`);
    assert.deepEqual(found.faults, []);
  },
);
