import assert from "node:assert/strict";
import { improves, monitoredValue, parseMonitor } from "../../src/training/monitor.ts";

const OUTPUTS = ["classical_a", "quantum", "ensemble"];

const row = (
  split: "train" | "val",
  head: string,
  loss: number,
  quadraticWeightedKappa: number | null,
) => ({
  split,
  head,
  loss,
  accuracy: 0.5,
  balancedAccuracy: 0.4,
  quadraticWeightedKappa,
  macroAuc: null,
});

const ROWS = [
  row("train", "ensemble", 0.1, 0.9),
  row("val", "quantum", 0.7, 0.2),
  row("val", "ensemble", 0.5, 0.6),
];

Deno.test("parseMonitor() reads head, metric and which way is better", () => {
  assert.deepEqual(parseMonitor("ensemble/quadratic_weighted_kappa", OUTPUTS), {
    head: "ensemble",
    field: "quadraticWeightedKappa",
    mode: "max",
  });
  assert.equal(parseMonitor("quantum/loss", OUTPUTS).mode, "min");
  assert.equal(parseMonitor("quantum/macro_auc", OUTPUTS).field, "macroAuc");
});

Deno.test("parseMonitor() refuses other forms, heads and metrics with the nearest name", () => {
  assert.throws(() => parseMonitor("loss", OUTPUTS), /wanted <head>\/<metric>/);
  assert.throws(() => parseMonitor("/loss", OUTPUTS), /wanted <head>\/<metric>/);
  assert.throws(() => parseMonitor("quantm/loss", OUTPUTS), /Did you mean "quantum"/);
  assert.throws(() => parseMonitor("quantum/accurcy", OUTPUTS), /Did you mean "accuracy"/);
  assert.throws(() => parseMonitor("quantum/toString", OUTPUTS), /unknown metric/);
});

Deno.test("monitoredValue() takes the validation row of the head; null where there is none", () => {
  const value = (monitor: string) => monitoredValue(ROWS, parseMonitor(monitor, OUTPUTS));
  assert.equal(value("ensemble/quadratic_weighted_kappa"), 0.6);
  assert.equal(value("quantum/loss"), 0.7);
  assert.equal(value("classical_a/loss"), null);
  assert.equal(value("quantum/macro_auc"), null);
  const broken = [row("val", "quantum", NaN, 0.2)];
  assert.equal(monitoredValue(broken, parseMonitor("quantum/loss", OUTPUTS)), null);
});

Deno.test("improves() compares in its direction, strictly", () => {
  assert.equal(improves(0.2, 0.1, { mode: "max" }), true);
  assert.equal(improves(0.1, 0.1, { mode: "max" }), false);
  assert.equal(improves(0.2, 0.1, { mode: "min" }), false);
  assert.equal(improves(0.1, null, { mode: "min" }), true);
  assert.equal(improves(NaN, null, { mode: "min" }), false);
});
