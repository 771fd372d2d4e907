import assert from "node:assert/strict";
import {
  defaultStages,
  defineStages,
  parseStages,
  PLANS,
  STAGE_DEFAULTS,
} from "../../src/stages/mod.ts";

const HEADS = ["classical_a", "classical_b", "quantum"];
const PLAIN = { name: "a", epochs: 2, train: ["conv*"], heads: ["left"] };

Deno.test("parseStages() gives a file the same defaults as code, field by field", () => {
  const fromFile = parseStages(JSON.stringify([PLAIN]));
  assert.deepEqual(fromFile, defineStages([PLAIN]));
  assert.deepEqual(parseStages({ stages: [PLAIN] }), fromFile);
  for (const [key, value] of Object.entries(fromFile[0])) {
    if (!Object.hasOwn(STAGE_DEFAULTS, key)) continue;
    assert.deepEqual(value, STAGE_DEFAULTS[key as keyof typeof STAGE_DEFAULTS], key);
  }
});

Deno.test("parseStages() reads back what a run wrote down", () => {
  for (const build of Object.values(PLANS)) {
    const stages = defineStages(build());
    assert.deepEqual(parseStages(JSON.stringify(stages)), stages);
  }
});

Deno.test("parseStages() takes built-in plans by name, scaled", () => {
  const text = '{"plan": "default", "epochScale": 0.5}';
  const wanted = defineStages(defaultStages({ epochScale: 0.5 }), { heads: HEADS });
  assert.deepEqual(parseStages(text, { heads: HEADS }), wanted);
  for (const plan of Object.keys(PLANS)) assert.ok(parseStages({ plan }).length > 0);
});

const BAD: [string, string, RegExp][] = [
  ["text that is no JSON", "[,]", /SyntaxError: parseStages\(\): the text is not JSON/],
  ["a number", "3", /found 3. Write an array of stages/],
  ["null", "null", /found null/],
  ["an empty plan", "[]", /found no stage declarations/],
  ["an object without stages", "{}", /found no stage declarations/],
  ["a misspelt key of the plan", '{"stagess": []}', /"stagess". Did you mean "stages"/],
  ["an unknown plan", '{"plan": "quantum_onli"}', /Did you mean "quantum_only"/],
  ["an inherited name", '{"plan": "toString"}', /unknown plan "toString"/],
  ["a misspelt scale", '{"plan": "full", "epochScal": 1}', /Did you mean "epochScale"/],
  ["a scale beside stages", '{"stages": [], "epochScale": 1}', /unknown option "epochScale"/],
  ["a misspelt key", '[{"name": "a", "epoch": 2}]', /stage "a": unknown option "epoch".*"epochs"/],
  [
    "another spelling of a key",
    '[{"name": "a", "learning_rate": 1}]',
    /"learning_rate". Did you mean "learningRate"/,
  ],
  [
    "an unknown stage that does not say what trains",
    '[{"name": "quantm", "epochs": 1, "heads": ["quantum"]}]',
    /stage "quantm": train must be an array of texts/,
  ],
  [
    "a known stage that does not say what trains",
    '[{"name": "quantum", "epochs": 1, "heads": ["quantum"]}]',
    /stage "quantum": train must be an array of texts/,
  ],
];

for (const [what, text, message] of BAD) {
  Deno.test(`parseStages() rejects ${what}`, () => {
    assert.throws(() => parseStages(text), (error) => message.test(String(error)));
  });
}

Deno.test("parseStages() rejects a loss weight on a masked head, and heads of another model", () => {
  const stage = { ...PLAIN, heads: ["quantum"], lossWeights: { quantum: 1, classical_a: 1 } };
  assert.throws(
    () => parseStages(JSON.stringify([stage]), { heads: HEADS }),
    /stage "a": head "classical_a" has loss weight 1 but is not active/,
  );
  assert.throws(() => parseStages([PLAIN], { heads: HEADS }), /stage "a": unknown head "left"/);
});
