import assert from "node:assert/strict";
import { plotQubitAttributions } from "../../src/plots/plot_qubit_attributions.ts";
import { qubitShares } from "../../src/plots/qubit_shares.ts";
import { sampleAttributions as sample } from "./sample_figures.ts";

const shares = (attributions: typeof sample, top = 12) => qubitShares("x", attributions, top);
const near = (found: readonly number[], wanted: readonly number[]) =>
  found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-6, `${found}`));

Deno.test("qubitShares() sorts features by their total and sums up the rest", () => {
  const { rows, others, totals, whole, signed } = shares(sample, 2);
  assert.deepEqual(rows.map(({ feature }) => feature), [1, 2]);
  assert.equal(others?.label, "others (2)");
  near(others?.values ?? [], [0.1, 0.05]);
  near([...totals, whole], [0.4, 0.6, 1]);
  assert.equal(signed, false);
  assert.equal(shares(sample).others, null);
});

Deno.test("qubitShares() takes sums without signs, so that opposites do not cancel", () => {
  const values = Float32Array.of(0.5, -0.5, 0.1, 0.1);
  const { rows, totals, whole, signed, others } = shares({ values, features: 2, qubits: 2 }, 1);
  assert.deepEqual([rows[0].feature, signed], [0, true]);
  near([...totals, whole], [0.6, 0.6, 1.2]);
  near(others?.values ?? [], [0.1, 0.1]);
});

Deno.test("qubitShares() leaves out what is not finite and counts it", () => {
  const values = Float32Array.of(NaN, 0.5, Infinity, 0.5);
  const { totals, whole, broken } = shares({ values, features: 2, qubits: 2 });
  near([...totals, whole], [0, 1, 1]);
  assert.equal(broken, 2);
});

Deno.test("plotQubitAttributions() writes percent of the whole and every sum", () => {
  const values = sample.values.map((value) => value * 7); // any unit
  const { text, svg } = plotQubitAttributions({ ...sample, values, head: "quantum", images: 20 });
  assert.match(text, /^head quantum · 4 features into 2 qubits · mean of 20 images$/m);
  assert.match(text, /feature 1 +30 +20 +50\nfeature 2 +0 +35 +35\n/);
  assert.match(text, /feature 3 +0 +0 +0\nall features +40 +60 +100\n/);
  assert.ok(svg.includes(">35 %<") && svg.includes(">17 %<"));
});

Deno.test("plotQubitAttributions() colours features, not sums, and both signs differently", () => {
  const fill = (svg: string, n: number) =>
    [...svg.matchAll(/fill="(#\w+)" stroke="#ffffff"/g)][n][1];
  const plain = plotQubitAttributions(sample).svg;
  assert.equal(fill(plain, 2), "#f0f1f3"); // the column "all"
  assert.equal(fill(plain, 4), "#08306b"); // 0.35, the largest of all
  const values = Float32Array.of(0.5, -0.5);
  const { svg, text } = plotQubitAttributions({ values, features: 1, qubits: 2 });
  const [positive, negative] = [fill(svg, 0), fill(svg, 1)];
  assert.ok(parseInt(positive.slice(1, 3), 16) > parseInt(positive.slice(5), 16) + 60, positive);
  assert.ok(parseInt(negative.slice(5), 16) > parseInt(negative.slice(1, 3), 16) + 60, negative);
  assert.ok(
    svg.includes(">-50<") && svg.includes(">-50 %<") && text.includes("sums without signs"),
  );
});

Deno.test("plotQubitAttributions() says when nothing moves, and why, instead of an empty grid", () => {
  const zero = { values: new Float32Array(6), features: 3, qubits: 2 };
  const { svg, text, data } = plotQubitAttributions({ ...zero, diagnosis: "no gradient" });
  assert.ok(svg.includes(">no feature moves any qubit<") && svg.includes(">no gradient<"));
  assert.match(text, /no feature moves any qubit\nno gradient$/);
  assert.deepEqual((data as { values: number[] }).values, [0, 0, 0, 0, 0, 0]);
  assert.match(
    plotQubitAttributions({ ...zero, values: new Float32Array(0), features: 0 }).text,
    /no feature/,
  );
});

Deno.test("plotQubitAttributions() keeps numbers in their cells from 1 to 20 qubits", () => {
  for (const qubits of [1, 4, 20]) {
    const values = new Float32Array(30 * qubits).fill(1).map((_, i) => 1 + i % 7);
    const { svg, width, height } = plotQubitAttributions({ values, features: 30, qubits });
    assert.ok(width < 950 && height < 620, `${width} x ${height}`);
    assert.equal(svg.match(/<rect [^>]*height="26"/g)?.length, 14 * (qubits + 1));
    assert.ok(!/font-size="[1-7](\.\d+)?"/.test(svg));
  }
});

Deno.test("plotQubitAttributions() has everything in its data, without NaN", () => {
  const values = Float32Array.of(NaN, 0.5, 0.25, 0.25);
  const { data, text } = plotQubitAttributions({ values, features: 2, qubits: 2 }, { top: 1 });
  const found = JSON.parse(JSON.stringify(data));
  assert.deepEqual(found.values, [null, 0.5, 0.25, 0.25]);
  assert.deepEqual([found.qubitTotals, found.whole, found.signed], [[0.25, 0.75], 1, false]);
  assert.match(text, /feature 0 +– +50 +50/);
  assert.match(text, /1 value not finite/);
});

Deno.test("plotQubitAttributions() refuses what does not fit", () => {
  const wrong = (part: object, options = {}) => () =>
    plotQubitAttributions({ ...sample, ...part }, options);
  assert.throws(wrong({ qubits: 3 }), /8 values for 4 features and 3 qubits, wanted features \* q/);
  assert.throws(wrong({ values: new Float32Array(0), qubits: 0 }), /at least one qubit/);
  assert.throws(wrong({ featureNames: ["a"] }), /found 1 featureNames, wanted 4/);
  assert.throws(wrong({ qubitNames: ["a"] }), /found 1 qubitNames, wanted 2/);
  assert.throws(wrong({}, { top: 0 }), /found top 0/);
  assert.throws(wrong({}, { tops: 3 }), /Did you mean "top"/);
});
