/** Threads of a workgroup. */
export const THREADS = 256;
/** Workgroups that share the sum of one sample; each leaves one partial sum. */
export const SUMS = 32;
/** Bytes between two steps: the alignment that every device accepts for a dynamic offset. */
export const STEP_BYTES = 256;

const HEADER = `
struct Step {
  control: u32, high: u32, low: u32, states: u32,
  // Where the matrix of the first sample begins, and how far it is to that of the next.
  matrix: u32, stride: u32,
  // Where the partial sums of the first sample go.
  sums: u32, unused: u32,
}
@group(0) @binding(0) var<storage, read_write> psi: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> lambda: array<vec2f>;
@group(0) @binding(2) var<storage, read> matrices: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> sums: array<f32>;
@group(0) @binding(5) var<uniform> step: Step;

fn times(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}
// The number k with a 0 put in at the place of a bit.
fn spread(k: u32, bit: u32) -> u32 { return ((k & ~(bit - 1u)) << 1u) | (k & (bit - 1u)); }
fn entry(sample: u32, i: u32) -> vec2f { return matrices[step.matrix + sample * step.stride + i]; }
`;

const two = (state: string) => `
  {
    let x = ${state}[i]; let y = ${state}[j];
    ${state}[i] = times(m0, x) + times(m1, y);
    ${state}[j] = times(m2, x) + times(m3, y);
  }`;

/** A 2x2 matrix on pairs of amplitudes, of one state or of both. */
const pairs = (name: string, states: readonly string[]) => `
@compute @workgroup_size(${THREADS}) fn ${name}(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= step.states / 2u) { return; }
  let within = spread(id.x, step.low);
  if ((within & step.control) != step.control) { return; }
  let i = id.y * step.states + within; let j = i + step.low;
  let m0 = entry(id.y, 0u); let m1 = entry(id.y, 1u);
  let m2 = entry(id.y, 2u); let m3 = entry(id.y, 3u);
  ${states.map(two).join("")}
}`;

const four = (state: string) => `
  {
    var old: array<vec2f, 4>;
    for (var k = 0u; k < 4u; k++) { old[k] = ${state}[at + offset[k]]; }
    for (var r = 0u; r < 4u; r++) {
      var sum = vec2f(0.0);
      for (var k = 0u; k < 4u; k++) { sum += times(entry(id.y, 4u * r + k), old[k]); }
      ${state}[at + offset[r]] = sum;
    }
  }`;

/** Where the four amplitudes of a thread are. */
const FOUR_PLACES = `
  let small = min(step.high, step.low); let large = max(step.high, step.low);
  let offset = array<u32, 4>(0u, step.low, step.high, step.high + step.low);`;

/** A 4x4 matrix on fours of amplitudes. */
const fours = (name: string, states: readonly string[]) => `
@compute @workgroup_size(${THREADS}) fn ${name}(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= step.states / 4u) { return; }
  ${FOUR_PLACES}
  let at = id.y * step.states + spread(spread(id.x, small), large);
  ${states.map(four).join("")}
}`;

/** Adds `term` of all threads of a workgroup up and leaves it as a partial sum. */
const REDUCE = `
  part[thread] = term;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    if (thread < half) { part[thread] += part[thread + half]; }
    workgroupBarrier();
  }
  if (thread == 0u) { sums[step.sums + group.y * ${SUMS}u + group.x] = part[0]; }`;

const SUM_ARGUMENTS = `
  @builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32`;

/** Im<λ|Gψ> of a sample, the slope of an angle. */
const OVERLAPS = `
var<workgroup> part: array<f32, ${THREADS}>;
fn imaginary(l: vec2f, p: vec2f) -> f32 { return l.x * p.y - l.y * p.x; }

@compute @workgroup_size(${THREADS}) fn overlap_pairs(${SUM_ARGUMENTS}) {
  var term = 0.0;
  for (var k = group.x * ${THREADS}u + thread; k < step.states / 2u; k += ${SUMS * THREADS}u) {
    let within = spread(k, step.low);
    if ((within & step.control) == step.control) {
      let i = group.y * step.states + within; let j = i + step.low;
      let x = psi[i]; let y = psi[j];
      term += imaginary(lambda[i], times(entry(0u, 0u), x) + times(entry(0u, 1u), y));
      term += imaginary(lambda[j], times(entry(0u, 2u), x) + times(entry(0u, 3u), y));
    }
  }
  ${REDUCE}
}

@compute @workgroup_size(${THREADS}) fn overlap_fours(${SUM_ARGUMENTS}) {
  var term = 0.0;
  ${FOUR_PLACES}
  for (var k = group.x * ${THREADS}u + thread; k < step.states / 4u; k += ${SUMS * THREADS}u) {
    let at = group.y * step.states + spread(spread(k, small), large);
    for (var r = 0u; r < 4u; r++) {
      var moved = vec2f(0.0);
      for (var c = 0u; c < 4u; c++) { moved += times(entry(0u, 4u * r + c), psi[at + offset[c]]); }
      term += imaginary(lambda[at + offset[r]], moved);
    }
  }
  ${REDUCE}
}`;

const ENDS = `
@compute @workgroup_size(${THREADS}) fn start(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= step.states) { return; }
  psi[id.y * step.states + id.x] = vec2f(select(0.0, 1.0, id.x == 0u), 0.0);
}

@compute @workgroup_size(${THREADS}) fn measure(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= step.states) { return; }
  let i = id.y * step.states + id.x;
  weights[i] = dot(psi[i], psi[i]);
}

@compute @workgroup_size(${THREADS}) fn seed(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= step.states) { return; }
  let i = id.y * step.states + id.x;
  lambda[i] = weights[i] * psi[i];
}`;

/** All kernels. "back" acts on both states, as the sweep of the adjoint method does. */
export const SHADERS: string = [
  HEADER,
  pairs("pairs", ["psi"]),
  pairs("pairs_back", ["psi", "lambda"]),
  fours("fours", ["psi"]),
  fours("fours_back", ["psi", "lambda"]),
  OVERLAPS,
  ENDS,
].join("\n");

/** Names of the kernels. */
export const KERNELS = [
  "start",
  "pairs",
  "fours",
  "measure",
  "seed",
  "overlap_pairs",
  "overlap_fours",
  "pairs_back",
  "fours_back",
] as const;

/** One of them. */
export type Kernel = (typeof KERNELS)[number];
