import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { type Circuit, defineCircuit } from "../../src/quantum/circuit.ts";
import { withProbabilities } from "../../src/quantum/free_angles.ts";
import { fromOpenQasm } from "../../src/quantum/openqasm/from_openqasm.ts";
import { toOpenQasm } from "../../src/quantum/openqasm/to_openqasm.ts";
import { OpenQasmError } from "../../src/quantum/openqasm/tokens.ts";
import { readOpenQasmElsewhere } from "../../src/quantum/quantum_circuit_adapter.ts";
import { referenceSimulator } from "../../src/quantum/reference_simulator.ts";
import { zzFeatureMap } from "../../src/quantum/templates.ts";
import { denseState } from "./dense_oracle.ts";
import { distance, randomArgs, randomCircuit } from "./random_circuit.ts";

const none = new Float64Array(0);

/** |<a|b>|, which is 1 for states that differ by a phase at most. */
function overlap(a: readonly [number, number][], b: readonly [number, number][]): number {
  let re = 0, im = 0;
  a.forEach(([x, y], i) => {
    re += x * b[i][0] + y * b[i][1];
    im += x * b[i][1] - y * b[i][0];
  });
  return Math.hypot(re, im);
}

/** OpenQASM has no matrices on two wires. */
function withoutWideMatrices(circuit: Circuit): Circuit {
  const operations = circuit.operations.filter(({ gate, wires }) =>
    gate !== "unitary" || wires.length === 1
  );
  return defineCircuit({ ...circuit, operations });
}

Deno.test("toOpenQasm() and fromOpenQasm() give the same state back on 100 random circuits", () => {
  const random = new SeededRandom("round trip");
  for (let k = 0; k < 100; k++) {
    const circuit = withoutWideMatrices(randomCircuit(random, 4));
    const { inputs, weights } = randomArgs(random, circuit, 1);
    const wanted = denseState(circuit, inputs, weights);
    const same = (text: string, free: boolean, options = {}) => {
      const read = fromOpenQasm(text, options);
      const [x, w] = free ? [inputs, weights] : [none, none];
      const found = denseState({ ...read, inputs: x.length } as Circuit, x, w);
      assert.ok(Math.abs(overlap(found, wanted) - 1) < 1e-12, `circuit ${k}:\n${text}`);
    };
    same(toOpenQasm(circuit, { version: 2, inputs, weights }), false);
    same(toOpenQasm(circuit, { inputs, weights }), false);
    same(toOpenQasm(circuit), true);
    const named = toOpenQasm(circuit, { version: 2, inputs, weights, gate: "head" });
    same(named, false);
    same(named, true, { gate: "head" });
  }
});

Deno.test("fromOpenQasm() keeps free parameters as inputs, products and weights", () => {
  const circuit = zzFeatureMap(2, { reps: 1 });
  const read = fromOpenQasm(toOpenQasm(circuit));
  const outline = ({ operations }: Circuit) =>
    operations.map(({ gate, wires, angle }) => [gate, ...wires, angle?.kind]);
  assert.deepEqual(outline(read), outline(circuit));
  const text = `OPENQASM 3.0;
    include "stdgates.inc";
    input float[64] x1;
    input float theta;
    input angle w0;
    qubit[1] q;
    rx(2*(x1 - 0.5)/4 + theta*pi - w0 + x1**2) q[0];`;
  const { operations, inputs, weights } = fromOpenQasm(text);
  assert.deepEqual([inputs, weights], [2, 2]);
  const args = { inputs: Float64Array.of(9, 0.3), weights: Float64Array.of(0.2, 0.7) };
  const { forward } = referenceSimulator();
  const [z] = forward(defineCircuit({ wires: 1, operations }), { ...args, batch: 1 });
  const angle = 2 * (0.3 - 0.5) / 4 + 0.7 * Math.PI - 0.2 + 0.09;
  assert.ok(Math.abs(z - Math.cos(angle)) < 1e-12);
});

Deno.test("quantum-circuit reads what toOpenQasm() writes and finds the same probabilities", async () => {
  const random = new SeededRandom("independent reader");
  for (let k = 0; k < 30; k++) {
    const circuit = withProbabilities(withoutWideMatrices(randomCircuit(random, 3)));
    const { inputs, weights } = randomArgs(random, circuit, 1);
    const wanted = referenceSimulator().forward(circuit, { inputs, weights, batch: 1 });
    const text = toOpenQasm(circuit, { version: 2, inputs, weights, measure: false });
    assert.ok(
      distance(await readOpenQasmElsewhere(text), wanted) < 1e-10,
      `circuit ${k}:\n${text}`,
    );
  }
});

/** The basis state that a program without superposition ends in. */
function endsIn(body: string, wires: number): string {
  const text = `OPENQASM 2.0; include "qelib1.inc"; qreg q[${wires}]; ${body}`;
  const circuit = fromOpenQasm(text, { observable: "probabilities" });
  const found = referenceSimulator().forward(circuit, { inputs: none, weights: none, batch: 1 });
  const state = found.findIndex((p) => p > 0.999);
  return state < 0 ? "none" : state.toString(2).padStart(wires, "0");
}

Deno.test("fromOpenQasm() has the truth tables of the gates of qelib1.inc with several controls", () => {
  for (
    const [gate, wires] of [["ccx", 3], ["c3x", 4], ["c4x", 5], ["rccx", 3], ["rc3x", 4]] as const
  ) {
    for (let state = 0; state < 2 ** wires; state++) {
      const bits = state.toString(2).padStart(wires, "0");
      const set = [...bits].map((bit, i) => bit === "1" ? `x q[${i}];` : "").join(" ");
      const all = Array.from({ length: wires }, (_, i) => `q[${i}]`).join(",");
      const flipped = bits.slice(0, -1).includes("0") ? bits : bits.slice(0, -1) +
        (bits.endsWith("1") ? "0" : "1");
      assert.equal(endsIn(`${set} ${gate} ${all};`, wires), flipped, `${gate} ${bits}`);
    }
  }
  assert.equal(endsIn("x q[0]; x q[1]; cswap q[0],q[1],q[2];", 3), "101");
  assert.equal(endsIn("x q[1]; cswap q[0],q[1],q[2];", 3), "010");
});

/** Two programs that must do the same to every state, up to one phase. */
const EQUAL: readonly [wires: number, one: string, other: string][] = [
  [1, "u3(0.3,0.4,0.5) q[0];", "rz(0.5) q[0]; ry(0.3) q[0]; rz(0.4) q[0];"],
  [1, "u2(0.4,0.5) q[0];", "u3(pi/2,0.4,0.5) q[0];"],
  [1, "U(0,0,0.3) q[0];", "u1(0.3) q[0];"],
  [1, "u(pi/2,0,pi) q[0];", "h q[0];"],
  [1, "s q[0]; sdg q[0]; t q[0]; tdg q[0]; sx q[0]; sxdg q[0]; id q[0]; u0(1) q[0];", ""],
  [2, "CX q[0],q[1];", "cx q[0],q[1];"],
  [2, "csx q[0],q[1]; csx q[0],q[1];", "cx q[0],q[1];"],
  [2, "cu1(0.7) q[0],q[1];", "cp(0.7) q[0],q[1];"],
  [2, "cu3(pi/2,0,pi) q[0],q[1];", "ch q[0],q[1];"],
  [2, "cu3(0.7,0,0) q[0],q[1];", "cry(0.7) q[0],q[1];"],
  [2, "cu(0.7,0.2,-0.2,0.3) q[0],q[1];", "p(0.3) q[0]; cu3(0.7,0.2,-0.2) q[0],q[1];"],
  [2, "x q[0]; ch q[0],q[1]; x q[0]; ch q[0],q[1];", "h q[1];"],
  [3, "ccz q[0],q[1],q[2];", "h q[2]; ccx q[0],q[1],q[2]; h q[2];"],
  [4, "c3sqrtx q[0],q[1],q[2],q[3]; c3sqrtx q[0],q[1],q[2],q[3];", "c3x q[0],q[1],q[2],q[3];"],
  [3, "h q;", "h q[0]; h q[1]; h q[2];"],
  [2, "rx(-(1+2)*2^2/3.0e0) q[0];", "rx(-4) q[0];"],
  [2, "ry(sin(pi/6)+sqrt(4)*cos(0)) q[1];", "ry(2.5) q[1];"],
];

Deno.test("fromOpenQasm() unfolds the gates of qelib1.inc to the right matrices", () => {
  for (const [wires, one, other] of EQUAL) {
    // A random state first, entangled, so that every column of the matrices counts.
    const first = Array.from(
      { length: wires },
      (_, i) =>
        `ry(${0.3 + i}) q[${i}]; rz(${0.7 - i}) q[${i}];` +
        (i > 0 ? `cx q[${i - 1}],q[${i}];` : ""),
    ).join(" ") + Array.from({ length: wires }, (_, i) => `rx(${0.5 + i / 3}) q[${i}];`).join(" ");
    const state = (body: string) =>
      denseState(
        fromOpenQasm(`OPENQASM 2.0; include "qelib1.inc"; qreg q[${wires}]; ${first} ${body}`),
        none,
        none,
      );
    assert.ok(Math.abs(overlap(state(one), state(other)) - 1) < 1e-12, one);
  }
});

Deno.test("fromOpenQasm() reads registers, own gates within gates, barriers, comments and measurements", () => {
  const circuit = fromOpenQasm(`// a comment
    OPENQASM 2.0;
    include "qelib1.inc";
    gate turn(a, b) p, q { ry(a/2) p; barrier p, q; cx p, q; }
    gate twice(a) p, q { turn(a, 0) p, q; turn(-a, 1) q, p; /* inside */ }
    qreg a[2]; qreg b[2]; creg c[4];
    twice(pi) a, b;
    barrier a, b;
    measure a -> c;
    measure b[1] -> c[3];`);
  assert.deepEqual(circuit.wires, 4);
  assert.deepEqual(circuit.operations.map(({ gate, wires }) => `${gate} ${wires}`), [
    "ry 0",
    "cx 0,2",
    "ry 2",
    "cx 2,0",
    "ry 1",
    "cx 1,3",
    "ry 3",
    "cx 3,1",
  ]);
  assert.deepEqual(circuit.operations[2].angle, { kind: "const", value: -Math.PI / 2 });
});

const HEAD = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\n';
/** Faulty texts with the place and words of the error. */
const FAULTS: readonly [text: string, place: string, words: RegExp][] = [
  ["qreg q[2];", "1:1", /must begin with "OPENQASM 2\.0;"/],
  ["OPENQASM 4.0;", "1:10", /version 4\.0/],
  [`${HEAD}hh q[0];`, "5:1", /unknown gate "hh".*Did you mean "h"/],
  ["OPENQASM 2.0;\nqreg q[1];\nh q[0];", "3:1", /include "qelib1\.inc"/],
  [`${HEAD}h q[2];`, "5:3", /q\[2\] is outside q\[0…1\]/],
  [`${HEAD}h r[0];`, "5:3", /unknown quantum register "r"/],
  [`${HEAD}  rx q[0];`, "5:3", /"rx" takes 1 angle and 1 qubit, found 0 angles and 1 qubit/],
  [`${HEAD}cx q[0];`, "5:1", /"cx" takes 0 angles and 2 qubits/],
  [`${HEAD}cx q[0], q[0];`, "5:1", /one qubit twice/],
  [`${HEAD}rx(1/0) q[0];`, "5:5", /division by zero/],
  [`${HEAD}rx(sqrt(-1)) q[0];`, "5:1", /NaN/],
  [`${HEAD}rx(alpha) q[0];`, "5:4", /unknown parameter "alpha"/],
  [`${HEAD}rx(sinh(1)) q[0];`, "5:4", /unknown function "sinh".*"sin"/],
  [`${HEAD}measure q -> c;\nh q[0];`, "6:1", /measured before; measure at the end/],
  [`${HEAD}if (c == 1) x q[0];`, "5:1", /"if": gates that wait/],
  [`${HEAD}reset q[0];`, "5:1", /cannot be reset/],
  [`${HEAD}h q[0]`, "5:7", /expected ";", found "end of text"/],
  [`${HEAD}h q[0]; $`, "5:9", /unexpected character "\$"/],
  [`${HEAD}/* open`, "5:1", /comment does not end/],
  [`${HEAD}qreg q[1];`, "5:6", /declared twice/],
  [`${HEAD}measure q -> d;`, "5:14", /unknown classical register "d"/],
  [`${HEAD}gate a p { b p; }\ngate b p { a p; }\na q[0];`, "5:12", /comes to call itself/],
  [`${HEAD}gate a p { h r; }\na q[0];`, "5:14", /unknown qubit "r"/],
  ['OPENQASM 2.0;\ninclude "more.inc";', "2:9", /unknown file "more\.inc"/],
  [
    'OPENQASM 3.0;\ninput float w0; input float w1; qubit q;\ninclude "stdgates.inc"; rx(w0*w1) q;',
    "3:25",
    /none that a circuit here has/,
  ],
  [`${HEAD}qreg r[29];`, "5:6", /31 qubits are more than the 30 wires/],
  [`${HEAD}rx(${"(".repeat(101)}1) q[0];`, "5:105", /more than 100 levels/],
  ["OPENQASM 3.0;\ninput int n;", "2:7", /unknown type "int"/],
  ["OPENQASM 3.0;\nqubit q;\nctrl @ x q;", "3:1", /modifiers are not supported/],
];

Deno.test("fromOpenQasm() says line, column and what would do", () => {
  for (const [text, place, words] of FAULTS) {
    assert.throws(() => fromOpenQasm(text), (error) => {
      assert.ok(error instanceof OpenQasmError, `${text}\n${error}`);
      assert.equal(`${error.line}:${error.column}`, place, `${text}\n${error.message}`);
      assert.match(error.message, words);
      return true;
    });
  }
});

const WHOLE = `${HEAD}
gate turn(a, b) p, r { ry(a/2) p; cx p, r; rz(-b*pi) r; }
rx(sin(0.3) + 2^0.5) q[0]; turn(0.1, -0.2) q[0], q[1]; u3(1, 2e-1, .3) q[1]; h q;
barrier q; measure q -> c;
`;

Deno.test("fromOpenQasm() answers torn and mixed up texts with its own error, or reads them", () => {
  const random = new SeededRandom("torn");
  const pieces = WHOLE.match(/\w+|\s+|\S/g)!;
  let read = 0, refused = 0;
  for (let k = 0; k < 3000; k++) {
    const text = pieces.slice();
    for (let changes = 1 + random.integer(3); changes > 0; changes--) {
      const at = random.integer(text.length), other = pieces[random.integer(pieces.length)];
      text.splice(at, random.integer(2), ...random.integer(2) === 0 ? [other] : []);
    }
    if (random.integer(4) === 0) text.length = random.integer(text.length);
    try {
      fromOpenQasm(text.join(""));
      read++;
    } catch (error) {
      assert.ok(error instanceof OpenQasmError, `${text.join("")}\n${error}`);
      refused++;
    }
  }
  assert.ok(read > 300 && refused > 1500, `${read} read, ${refused} refused`);
});

Deno.test("fromOpenQasm() stops at texts that unfold without end", () => {
  const levels = Array.from(
    { length: 30 },
    (_, i) => `gate g${i + 1} p { g${i} p; g${i} p; }`,
  ).join("\n");
  const text = `${HEAD}gate g0 p { x p; }\n${levels}\ng30 q[0];`;
  assert.throws(() => fromOpenQasm(text), /more than 1000000 gates/);
});

Deno.test("toOpenQasm() refuses version 2 with free parameters, and half of the numbers", () => {
  const circuit = zzFeatureMap(2);
  assert.throws(() => toOpenQasm(circuit, { version: 2 }), /no free parameters.*version: 3/);
  assert.throws(() => toOpenQasm(circuit, { version: 1 as 2 }), /must be 2 or 3/);
  assert.throws(() => toOpenQasm(circuit, { inputs: none }), /wanted 2/);
  const swap = { re: [1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1], im: Array(16).fill(0) };
  const wide = [{ gate: "unitary", wires: [0, 1], matrix: swap }] as const;
  assert.throws(
    () => toOpenQasm(defineCircuit({ wires: 2, operations: wide })),
    /no matrices on two wires/,
  );
});
