import { FLOAT, FOUR } from "./simd";

/**
 * One step of Adam (Kingma and Ba, 2014) for the numbers of a variable, into new places:
 * m = m·β₁ + g·rest₁, v = v·β₂ + g²·rest₂, w = w·kept − rate · (m / correction₁) / (√(v / correction₂) + ε),
 * where rest is 1 − β, which floats would round.
 */
export function adam(
  gradient: usize, m: usize, v: usize, w: usize, newM: usize, newV: usize, newW: usize, count: i32,
  beta1: f32, rest1: f32, beta2: f32, rest2: f32,
  correction1: f32, correction2: f32, rate: f32, epsilon: f32, kept: f32,
): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2);
  const a1 = f32x4.splat(rest1), a2 = f32x4.splat(rest2);
  const c1 = f32x4.splat(correction1), c2 = f32x4.splat(correction2);
  const step = f32x4.splat(rate), small = f32x4.splat(epsilon), keep = f32x4.splat(kept);
  const vectors = <usize>(count & ~3) * FLOAT, all = <usize>count * FLOAT;
  let i: usize = 0;
  for (; i < vectors; i += FOUR) {
    const g = v128.load(gradient + i);
    const first = f32x4.add(f32x4.mul(v128.load(m + i), b1), f32x4.mul(g, a1));
    const second = f32x4.add(f32x4.mul(v128.load(v + i), b2), f32x4.mul(f32x4.mul(g, g), a2));
    v128.store(newM + i, first);
    v128.store(newV + i, second);
    const down = f32x4.add(f32x4.sqrt(f32x4.div(second, c2)), small);
    const change = f32x4.mul(f32x4.div(f32x4.div(first, c1), down), step);
    v128.store(newW + i, f32x4.sub(f32x4.mul(v128.load(w + i), keep), change));
  }
  for (; i < all; i += FLOAT) {
    const g = load<f32>(gradient + i);
    const first = load<f32>(m + i) * beta1 + g * rest1;
    const second = load<f32>(v + i) * beta2 + g * g * rest2;
    store<f32>(newM + i, first);
    store<f32>(newV + i, second);
    const down = Mathf.sqrt(second / correction2) + epsilon;
    store<f32>(newW + i, load<f32>(w + i) * kept - first / correction1 / down * rate);
  }
}
