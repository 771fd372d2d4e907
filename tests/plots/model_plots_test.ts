import assert from "node:assert/strict";
import { angleText, placeGates } from "../../src/plots/circuit_layout.ts";
import { plotArchitecture } from "../../src/plots/plot_architecture.ts";
import { plotCircuit } from "../../src/plots/plot_circuit.ts";
import { plotLatency } from "../../src/plots/plot_latency.ts";
import { plainNames } from "./sample_figures.ts";
import { circuitSample, modelSample } from "./sample_result_figures.ts";

const count = (svg: string, what: RegExp) => svg.match(what)?.length ?? 0;

Deno.test("plotArchitecture() has a box for each part, and names what does not vote", () => {
  const { svg, text } = plotArchitecture(modelSample(plainNames));
  assert.equal(count(svg, /rx="5"/g), 7 + 2); // image and answer
  assert.match(svg, />85,798,656 parameters</);
  assert.match(svg, />36 circuit angles</);
  assert.equal(count(svg, />does not vote</g), 1);
  assert.match(text, /85,804,434 parameters \+ 36 angles · 2 of 3 heads vote/);
  assert.match(text, /all +85804434 +36/);
});

Deno.test("plotArchitecture() needs no circuit, no compression and no image size", () => {
  const { svg } = plotArchitecture({
    encoder: "mine",
    heads: ["only"],
    activeHeads: ["only"],
    fusion: "skip_ensemble",
    skipEnsemble: true,
    parameters: [{ part: "encoder", classical: 1, quantum: 0 }],
    quantum: null,
  });
  assert.match(svg, />only alone</);
  assert.match(svg, />1 parameter</);
  assert.ok(!svg.includes("compression"));
});

Deno.test("placeGates() lets gates stand over each other unless a wire between them is taken", () => {
  const on = (...wires: number[]) => ({ gate: "cx", wires });
  const columns = placeGates({
    wires: 4,
    observable: "z",
    operations: [on(0, 1), on(2, 3), on(0, 3), on(1, 2), on(3, 2)],
  }).map(({ column }) => column);
  // 1 and 2 stand under the line from 0 to 3, so they wait.
  assert.deepEqual(columns, [0, 0, 1, 2, 3]);
});

Deno.test("angleText() is short, exact for parts of π, and keeps signs", () => {
  const input = (index: number, scale = 1, offset = 0) => ({
    kind: "input" as const,
    index,
    scale,
    offset,
  });
  const value = (value: number) => angleText({ kind: "const", value });
  assert.deepEqual([Math.PI, -Math.PI / 2, 3 * Math.PI / 4, 0, 1.234].map(value), [
    "π",
    "-π/2",
    "3π/4",
    "0",
    "1.23",
  ]);
  assert.equal(angleText(input(3, Math.PI)), "π·x3");
  assert.equal(angleText(input(0, -1, Math.PI)), "π-x0");
  assert.equal(angleText(input(0, 2, -0.5)), "2·x0-0.5");
  assert.equal(angleText({ kind: "weight", index: 4, scale: -1 }), "-θ4");
  const factors = [input(0), input(1, -1, Math.PI)] as const;
  assert.equal(angleText({ kind: "product", factors, scale: 2 }), "2·x0·(π-x1)");
});

Deno.test("plotCircuit() draws controls as dots, and every gate of the circuit stands in its table", () => {
  const { svg, text } = plotCircuit(circuitSample);
  // cx and crz one control each, cz two; cx a target.
  assert.equal(count(svg, /<circle [^>]*r="4.5"/g), 4);
  assert.equal(count(svg, /<circle [^>]*r="10"/g), 1);
  assert.match(text, /3 wires · 8 gates, 5 of them on two wires · depth 6 · 1 weight/);
  for (const { gate } of circuitSample.operations) assert.match(text, new RegExp(`\\b${gate}\\b`));
  assert.match(text, /f\(x0,x1\) = 2·\(π-x0\)·\(π-x1\)/);
  assert.equal(count(svg, />⟨Z⟩</g), 3);
});

Deno.test("plotCircuit() goes on below, and reads the circuit at the end of the last line", () => {
  const operations = Array.from({ length: 40 }, () => ({ gate: "x", wires: [0] }));
  const wide = plotCircuit({ wires: 1, observable: "probabilities", operations }, { columns: 10 });
  assert.equal(count(wide.svg, />q0</g), 4);
  assert.equal(count(wide.svg, />p</g), 1);
  const empty = plotCircuit({ wires: 2, observable: "z", operations: [] });
  assert.match(empty.text, /0 gates.*depth 0/);
  assert.match(empty.text, /no gates/);
});

Deno.test("plotCircuit() refuses wires that there are not, and names that do not fit", () => {
  const circuit = { wires: 1, observable: "z", operations: [{ gate: "x", wires: [1] }] };
  assert.throws(
    () => plotCircuit(circuit),
    /operation 0, "x", is on wires \[1\], wanted some of 0 to 0/,
  );
  assert.throws(() => plotCircuit(circuitSample, { wireNames: ["a"] }), /1 names for 3 wires/);
  assert.throws(() => plotCircuit(circuitSample, { columns: 0 }), /wanted a whole number above 0/);
  assert.throws(() => plotCircuit(circuitSample, { column: 1 } as never), /Did you mean "columns"/);
});

Deno.test("plotLatency() has a bar for each part; one that was not needed has none", () => {
  const parts = [
    { part: "encoder", milliseconds: 6 },
    { part: "quantum", milliseconds: 2 },
    { part: "classical_b", milliseconds: null },
  ];
  const { svg, text } = plotLatency(parts, { images: 4, backend: "wasm" });
  assert.match(text, /backend wasm · 4 images · 8\.0 ms in all/);
  assert.match(text, /quantum +2\.00 +25 % +0\.50\nclassical_b +n\/a/);
  assert.match(svg, />not needed</);
  const none = plotLatency([{ part: "encoder", milliseconds: NaN }]);
  assert.match(none.svg, /nothing was measured/);
  assert.match(plotLatency([]).svg, /nothing was measured/);
  assert.throws(() => plotLatency(parts, { images: 0 }), /found images 0/);
});

Deno.test("plotCircuit() draws two controls of ccx, one of ch, and no control of a matrix", () => {
  const circles = (gate: string, wires: readonly number[]) => {
    const { svg } = plotCircuit({ wires: 3, operations: [{ gate, wires }], observable: "z" });
    return [...svg.matchAll(/<circle [^>]*r="([\d.]+)"/g)].map(([, r]) => Number(r));
  };
  assert.deepEqual(circles("ccx", [0, 2, 1]), [4.5, 4.5, 10]);
  assert.deepEqual(circles("ch", [0, 1]), [4.5]);
  assert.deepEqual(circles("unitary", [0, 1]), []);
});
