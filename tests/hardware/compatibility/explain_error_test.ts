import assert from "node:assert/strict";
import { COMPATIBILITY_MATRIX } from "../../../src/hardware/compatibility/compatibility_matrix.ts";
import { explainError, textOfError } from "../../../src/hardware/compatibility/explain_error.ts";
import { formatExplanation } from "../../../src/hardware/compatibility/format_explanation.ts";
import { NEAR_MISSES } from "./_near_misses.ts";

const idsOf = (error: unknown) => explainError(error).map(({ row }) => row.id);

/** What stands where a symptom has `…`; each is something that differs from machine to machine. */
const FILLINGS = [" /home/ada/my project/node_modules/", " C:\\Users\\ada\\", " x "];

/** A symptom as people paste it: coloured, in a stack trace with their folders, broken into lines. */
const PASTES: readonly (readonly [how: string, paste: (symptom: string) => string])[] = [
  ["as it is", (symptom) => symptom],
  [
    "in a stack trace of Node with other folders",
    (symptom) =>
      "/srv/ada/app/node_modules/pkg/dist/index.js:17\n        throw loadError;\n        ^\n\n" +
      `${symptom}\n    at Object.load (/srv/ada/app/node_modules/pkg/dist/index.js:17:11)\n` +
      "    at async file:///srv/ada/app/main.mjs:3:1 {\n  code: 'MODULE_NOT_FOUND'\n}\n\nNode.js v20.9.0",
  ],
  [
    "in a coloured traceback of a notebook",
    (symptom) =>
      `\x1b[0;31m-----------\x1b[0m\n\x1b[0;31mError\x1b[0m  Traceback (most recent call last)\n` +
      `Cell \x1b[0;32mIn[7]\x1b[0m, line 3\n\x1b[1m\x1b[31m${symptom}\x1b[0m\x1b[0m\n`,
  ],
  [
    "quoted in a mail that breaks lines",
    (symptom) => `> It says:\r\n> ${symptom.replace(/ (?=\S+$)/, "\r\n> ")}\r\n> Why?`,
  ],
  [
    "broken after a word into two lines",
    (symptom) => {
      const middle = symptom.indexOf(" ", symptom.length / 2);
      return middle < 0 ? symptom : `${symptom.slice(0, middle)}\n    ${symptom.slice(middle + 1)}`;
    },
  ],
  [
    "in a warning that Deno draws a box around",
    (symptom) => `╭ Warning\n│\n│  ${symptom.replace(/ (?=\w+ \w+$)/, "\n│  ")}\n╰─\n`,
  ],
  [
    "in the JSON of a notebook",
    (symptom) =>
      JSON.stringify({
        traceback: [`\x1b[31mError\x1b[0m\n    at x:1:2\n    ${symptom}\n    at y`],
      }),
  ],
  ["with the separators of Windows", (symptom) => symptom.replaceAll("/", "\\")],
  ["with other quotes", (symptom) => symptom.replace(/'([^']*)'/g, "‘$1’").replaceAll("`", "'")],
];

for (const [how, paste] of PASTES) {
  Deno.test(`explainError() finds every symptom of every row ${how}`, () => {
    for (const row of COMPATIBILITY_MATRIX) {
      for (const symptom of row.symptoms) {
        FILLINGS.forEach((filling) => {
          const text = paste(symptom.replaceAll("…", filling));
          assert.ok(idsOf(text).includes(row.id), `${row.id} is not found in:\n${text}`);
        });
      }
    }
  });
}

Deno.test("explainError() puts the row first whose symptom it was given", () => {
  // A symptom may be told of two rows; then the more specific one must be first.
  const faults = COMPATIBILITY_MATRIX.flatMap(({ id, symptoms }) =>
    symptoms.flatMap((symptom) => {
      const text = `Error\n${symptom.replaceAll("…", " x ")}\n    at main (/srv/main.js:1:1)`;
      const [first] = explainError(text);
      return first?.row.id === id ? [] : [`${id} after ${first?.row.id}: ${symptom}`];
    })
  );
  assert.deepEqual(faults, []);
});

Deno.test("explainError() finds the same of another version and another line", () => {
  assert.deepEqual(
    idsOf("Ignored build scripts for packages: npm:zeromq@7.0.1 npm:core-js@4.0.0-rc.1"),
    ["QC509"],
  );
  assert.deepEqual(idsOf("failed call to cuInit: UNKNOWN ERROR (304)"), ["QC212"]);
  assert.deepEqual(
    idsOf("error: Could not find npm package 'nodejs-polars-android-arm64' matching '0.31.4'."),
    ["QC502"],
  );
  assert.deepEqual(
    idsOf(
      "Could not load dynamic library 'libcudnn.so.9'; dlerror: libcudnn.so.9: cannot open " +
        "shared object file: No such file or directory",
    ),
    ["QC213"],
  );
});

for (const text of NEAR_MISSES) {
  Deno.test(`explainError() has no answer to: ${text.split("\n")[0]}`, () => {
    assert.deepEqual(idsOf(text), []);
    assert.deepEqual(idsOf(`${text}\n    at main (/srv/app/main.js:1:1)`), []);
  });
}

Deno.test("there are at least thirty near misses, none of them twice", () => {
  assert.ok(new Set(NEAR_MISSES).size === NEAR_MISSES.length && NEAR_MISSES.length >= 30);
});

Deno.test("explainError() reads errors, their causes, what they gather, and what commands printed", () => {
  const inner = new Error("undefined symbol: uv_unref");
  assert.deepEqual(idsOf(inner), ["QC505"]);
  assert.deepEqual(idsOf(new Error("The package did not load", { cause: inner })), ["QC505"]);
  assert.deepEqual(idsOf(new AggregateError([new Error("no"), inner])), ["QC505"]);
  assert.deepEqual(idsOf({ status: "failed", stdout: "", stderr: inner.message }), ["QC505"]);
  const coded = Object.assign(new Error("A dynamic import callback was not specified."), {
    name: "TypeError",
    code: "ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING",
  });
  assert.deepEqual(idsOf(coded), ["QC428"]);
  for (const nothing of [undefined, null, "", " \n", 0, {}, []]) {
    assert.deepEqual(idsOf(nothing), []);
  }
});

Deno.test("textOfError() ends for an error that is its own cause", () => {
  const error: Error & { cause?: unknown } = new Error("round");
  error.cause = error;
  assert.ok(textOfError(error).includes("round"));
});

Deno.test("explainError() finds a row in a megabyte of output, at its end or its start", () => {
  const noise = "I tensorflow/core: a line that says nothing\n".repeat(25_000);
  const line =
    "Relying on driver to perform ptx compilation.\nModify $PATH to customize ptxas location.";
  assert.deepEqual(idsOf(noise + line), ["QC214"]);
  assert.deepEqual(idsOf(line + noise), ["QC214"]);
});

Deno.test("explainError() takes no text whose words stand far apart", () => {
  const apart = (characters: number) => `Import "${"x".repeat(characters)}" not a dependency`;
  assert.deepEqual(idsOf(apart(200)), ["QC407"]);
  assert.deepEqual(idsOf(apart(300)), []);
  const stack = (frames: number) =>
    `ModuleNotFoundError: No module named 'distutils'\n${
      "  at a frame of twenty\n".repeat(frames)
    }gyp`;
  assert.deepEqual(idsOf(stack(20)), ["QC222"]);
  assert.deepEqual(idsOf(stack(50)), []);
});

Deno.test("explainError() finds all of several errors, the most specific first", () => {
  const short = "undefined symbol: uv_unref";
  const long = "Failed to initialize NVML: Driver/library version mismatch";
  assert.deepEqual(idsOf(`${short}\n${long}`), ["QC701", "QC505"]);
  assert.deepEqual(idsOf(`${long}\n${short}`), ["QC701", "QC505"]);
});

Deno.test("explainError() takes a paste that breaks off, not one that is common", () => {
  const whole = "File is not under 'rootDir' expected to contain all source files";
  assert.deepEqual(idsOf(whole.slice(0, 20)), []);
  assert.deepEqual(
    idsOf("Relying on driver to perform ptx compilation. Modify $PATH to custom"),
    [],
  );
  assert.deepEqual(
    idsOf("Relying on driver to perform ptx compilation. Modify $PATH to customize"),
    [
      "QC214",
    ],
  );
  assert.deepEqual(idsOf("Relying on driver to perform"), []);
});

Deno.test("formatExplanation() tells cause, the three tiers and the source, or what to do without", () => {
  const text = formatExplanation(explainError("Cannot find module 'nodejs-polars-linux-x64-gnu'"));
  assert.match(text, /^QC501 /);
  assert.match(text, /\n {2}Why: .*\n {2}By configuration: .*0\.24\.1.*\(package\.json\)\n/);
  assert.match(text, /\n {2}In the code: nothing, .*\n {2}On the machine: .*Node 22/);
  assert.match(text, /reproduced on 2026-11-28 .*https:/);
  assert.match(formatExplanation([]), /No row .* has this text.*whole output/);
  const many = COMPATIBILITY_MATRIX.slice(0, 5).map((row) => ({ row, symptom: "", score: 1 }));
  assert.match(formatExplanation(many), /\n\nSee also QC104 \(.*\), QC105 \(.*\)$/);
});
