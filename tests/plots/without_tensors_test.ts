// Whoever brings labels and maps of their own waits for no TensorFlow.js: it is heavy to load.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { importClosure, readImportGraph } from "../_internal/import_graph.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PLOT = "bench/first_plot.ts", WITH_TENSORS = "bench/first_plot_tensors.ts";

/** What of TensorFlow.js a file can reach, by imports of every kind. */
async function tensorsBehind(file: string): Promise<string[]> {
  const graph = await readImportGraph(ROOT, [file]);
  assert.deepEqual(graph.broken.filter((line) => !line.includes('"tslab"')), []);
  const { files, specifiers } = importClosure(graph, [file]);
  assert.ok(files.includes("src/sampling/mod.ts") && files.includes("src/plots/mod.ts"));
  return [...files, ...specifiers].filter((name) => /^src\/tensors\/|@tensorflow\//.test(name));
}

/** Runs a script in a process of its own, and asks there for the global that TensorFlow.js makes. */
async function loadsTensors(file: string): Promise<boolean> {
  const code = `await import(${JSON.stringify(new URL(file, `file://${ROOT}`).href)});
    console.log("_tfengine" in globalThis ? "loaded" : "not loaded");`;
  const args = ["eval", "--config", `${ROOT}deno.json`, code];
  const output = await new Deno.Command(Deno.execPath(), { args }).output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((x) => new TextDecoder().decode(x));
  assert.equal(output.code, 0, stderr);
  const [made, answer] = stdout.trim().split("\n");
  const { maps, svg, png } = JSON.parse(made);
  assert.ok(maps === 10 && svg > 1000 && png > 1000, made);
  return answer === "loaded";
}

Deno.test("picks, a panel, its SVG and PNG reach no file of src/tensors and no package of TensorFlow", async () => {
  assert.deepEqual(await tensorsBehind(PLOT), []);
});

Deno.test("the closure of a plot that does open TensorFlow.js shows it", async () => {
  const found = await tensorsBehind(WITH_TENSORS);
  assert.ok(found.includes("src/tensors/mod.ts"), found.join());
  assert.ok(found.includes("@tensorflow/tfjs"), found.join());
});

Deno.test("a process that makes the first plot never loads TensorFlow.js", async () => {
  assert.equal(await loadsTensors(PLOT), false);
});

Deno.test("a process that opens TensorFlow.js before its first plot is seen to load it", async () => {
  assert.equal(await loadsTensors(WITH_TENSORS), true);
});
