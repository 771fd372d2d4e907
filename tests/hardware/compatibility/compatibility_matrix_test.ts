import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { COMPATIBILITY_MATRIX } from "../../../src/hardware/compatibility/compatibility_matrix.ts";
import {
  type CompatibilityRow,
  type FixTier,
  TEMPLATES,
} from "../../../src/hardware/compatibility/compatibility_row.ts";
import { DETECTORS } from "../../../src/hardware/compatibility/detectors.ts";
import { PLACEBO_VARIABLES } from "../../../src/hardware/compatibility/placebo_variables.ts";
import { inVersionRange } from "../../../src/hardware/compatibility/version_range.ts";

/** Rows are added below; one that is gone from the matrix fails here, and its code stays spent. */
const IDS = `
QC101 QC102 QC103 QC104 QC105 QC106 QC107 QC108 QC109
QC201 QC202 QC203 QC204 QC205 QC206 QC211 QC212 QC213 QC214 QC215 QC216 QC217 QC218 QC219 QC220
QC221 QC222
QC301 QC302 QC303 QC304 QC305 QC306 QC307
QC401 QC402 QC403 QC404 QC405 QC406 QC407 QC408 QC409 QC410 QC411
QC421 QC422 QC423 QC424 QC425 QC426 QC427 QC428 QC429 QC430
QC501 QC502 QC503 QC504 QC505 QC506 QC507 QC508 QC509 QC510 QC511
QC601 QC602 QC603 QC604 QC605 QC606
QC701 QC702 QC703 QC704 QC705 QC706
QC801 QC802 QC803 QC804
QC901 QC902 QC903 QC904
`.trim().split(/\s+/);

const ROOT = new URL("../../../", import.meta.url);
const PLATFORM = /^(any|(linux|darwin|win32)(-(x64|arm64|arm|ppc64))?)$/;

/** What is wrong with the form of a row; nothing when it is in order. */
function faultsOf(row: CompatibilityRow): string[] {
  const faults: string[] = [];
  const demand = (holds: boolean, fault: string) => holds || faults.push(`${row.id}: ${fault}`);
  demand(/^QC\d{3}$/.test(row.id), "its code is not QC and three digits");
  demand(/^[A-Z]?.{10,90}[^.]$/.test(row.title), "its title is no short line without a full stop");
  demand(row.components.length > 0, "it has no component");
  for (const { name, versions } of row.components) {
    demand(name !== "" && isRange(versions), `${name} has no range of versions: "${versions}"`);
  }
  demand(row.platforms.length > 0, "it has no platform");
  for (const name of row.platforms) demand(PLATFORM.test(name), `"${name}" is no platform`);
  demand(row.symptoms.length > 0 || row.signs !== undefined, "it has neither symptom nor sign");
  demand(new Set(row.symptoms).size === row.symptoms.length, "it has a symptom twice");
  demand(isFragment(row.cause), "its cause is empty or ends with a full stop");
  const tiers = [row.fixes.configuration, row.fixes.code, row.fixes.environment];
  demand(tiers.some((tier) => tier.do !== undefined), "nothing can be done on any tier");
  for (const tier of tiers) faults.push(...tierFaults(tier).map((fault) => `${row.id}: ${fault}`));
  demand(row.sources.length > 0, "it has no source");
  for (const source of row.sources) demand(isAddress(source), `"${source}" is no address`);
  const { on, how, by } = row.verified;
  demand(isDay(on), `"${on}" is no day`);
  demand(["reproduced", "read", "reported"].includes(how), `"${how}" is no way to know`);
  demand(by.length > 5, "it does not say how it is known");
  const [test] = /\btests\/[\w/]+\.ts/.exec(by) ?? [];
  demand(test === undefined || existsSync(new URL(test, ROOT)), `${test} does not exist`);
  demand(
    how !== "reproduced" || test !== undefined || /^by hand: .*\d/.test(by),
    "nothing proves it",
  );
  demand(row.detector === undefined || row.detector in DETECTORS, `no detector ${row.detector}`);
  return faults;
}

function tierFaults(tier: FixTier): string[] {
  if (tier.do === undefined) {
    return isFragment(tier.none) ? [] : ["a missing tier does not say why"];
  }
  const faults = isFragment(tier.do) ? [] : ["a tier is empty or ends with a full stop"];
  const known = tier.template === undefined || TEMPLATES.includes(tier.template);
  return known ? faults : [...faults, `there is no template "${tier.template}"`];
}

const isFragment = (text: string) => text.length > 8 && !text.endsWith(".");
const isAddress = (text: string) => URL.canParse(text) && text.startsWith("https://");
const isDay = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text);

function isRange(versions: string): boolean {
  try {
    return typeof inVersionRange("1.2.3", versions) === "boolean";
  } catch {
    return false;
  }
}

Deno.test("the compatibility matrix keeps every row that it ever had, each once", () => {
  assert.deepEqual(COMPATIBILITY_MATRIX.map(({ id }) => id).sort(), [...IDS].sort());
  assert.equal(new Set(IDS).size, IDS.length);
  assert.ok(IDS.length >= 45);
});

Deno.test("every row of the compatibility matrix is whole", () => {
  assert.deepEqual(COMPATIBILITY_MATRIX.flatMap(faultsOf), []);
});

const WHOLE = COMPATIBILITY_MATRIX[0];
for (
  const [what, change, fault] of [
    ["a bad code", { id: "Q1" }, /code/],
    ["a range nobody can read", { components: [{ name: "a", versions: "^1" }] }, /range/],
    ["a platform that is none", { platforms: ["amiga"] }, /"amiga"/],
    ["no symptom and no sign", { symptoms: [] }, /neither symptom nor sign/],
    ["a source that is no address", { sources: ["the docs"] }, /"the docs"/],
    ["a day that is none", { verified: { ...WHOLE.verified, on: "2026-02-30" } }, /2026-02-30/],
    [
      "a test that is gone",
      { verified: { ...WHOLE.verified, by: "tests/gone_test.ts" } },
      /gone_test\.ts does not exist/,
    ],
    ["a proof by nothing", { verified: { ...WHOLE.verified, by: "trust me" } }, /nothing proves/],
    ["a detector that is none", { detector: "magic" }, /magic/],
    ["a tier that does not say why", { fixes: { ...WHOLE.fixes, code: { none: "" } } }, /say why/],
    [
      "a template that is none",
      { fixes: { ...WHOLE.fixes, code: { do: "write the file", template: "x.ini" } } },
      /no template "x\.ini"/,
    ],
  ] as const
) {
  Deno.test(`the check of the compatibility matrix finds ${what}`, () => {
    const found = faultsOf({ ...WHOLE, ...change } as unknown as CompatibilityRow);
    assert.match(found.join("; "), fault);
    assert.equal(found.length, 1, found.join("; "));
  });
}

Deno.test("every detector belongs to a row, and every placebo to a row that names it", () => {
  const used = new Set(COMPATIBILITY_MATRIX.map(({ detector }) => detector));
  assert.deepEqual(Object.keys(DETECTORS).filter((id) => !used.has(id as never)), []);
  for (const { name, row: id } of PLACEBO_VARIABLES) {
    const row = COMPATIBILITY_MATRIX.find((candidate) => candidate.id === id);
    assert.ok(JSON.stringify(row).includes(name), name);
  }
});

Deno.test("DEBUGGING.md and the recipes name rows that exist", async () => {
  const ids = new Set(COMPATIBILITY_MATRIX.map(({ id }) => id));
  for (const document of ["DEBUGGING.md", "notebooks/recipes/explain_an_error.md"]) {
    const named = (await readFile(new URL(document, ROOT), "utf8")).match(/\bQC\d{3}\b/g) ?? [];
    assert.ok(named.length > 0, document);
    assert.deepEqual(named.filter((id) => !ids.has(id)), [], document);
  }
});
