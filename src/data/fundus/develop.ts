import type { SeededRandom } from "../../_internal/seeded_random.ts";
import type { Canvas } from "./canvas.ts";
import type { Eye } from "./eye.ts";

/** Where the finished image goes. */
export interface Target {
  readonly size: number;
  /** `size * size * 3` bytes. */
  readonly image: Uint8Array;
  /** `size * size` bytes. */
  readonly mask: Uint8Array;
}

/** Turns the canvas into a photograph: round field, halved size, blur, exposure, noise, bytes. */
export function develop(canvas: Canvas, eye: Eye, { target, random }: {
  target: Target;
  random: SeededRandom;
}): void {
  cutField(canvas, eye);
  const { size } = target, { camera } = eye;
  const small = halve(canvas, target);
  blur(small, { size, sigma: camera.blur * size });
  const tone = toneCurve(camera.gamma);
  for (let i = 0; i < size * size; i++) {
    // The sum of four random bytes is near enough to a normal draw, and one call instead of eight.
    const bits = random.uint32();
    const sum = (bits & 255) + (bits >>> 8 & 255) + (bits >>> 16 & 255) + (bits >>> 24);
    const grain = (sum / 147.8 - 3.45) * camera.noise;
    for (let c = 0; c < 3; c++) {
      const value = small[i * 3 + c];
      // A veil lifts the dark parts of the field, not the black outside of it.
      const veiled = value > 0.02 ? value + (0.62 - value) * camera.haze : value;
      const exposed = veiled * camera.gain * camera.balance[c];
      const bright = tone[Math.min(TONES, Math.max(0, Math.round(exposed * 1024)))];
      const level = bright + grain * (1 + 0.4 * c) + 0.012;
      target.image[i * 3 + c] = Math.max(0, Math.min(255, Math.round(level * 255)));
    }
  }
}

/** Steps of brightness from 0 to 2, looked up instead of raised to a power for every pixel. */
const TONES = 2048;

function toneCurve(gamma: number): Float32Array {
  return Float32Array.from({ length: TONES + 1 }, (_, i) => (i / 1024) ** gamma);
}

/** Everything outside the round field is black; some cameras cut its top and bottom or add a notch. */
function cutField({ side, scale, cx, cy, rgb, mask }: Canvas, { field, nasal }: Eye): void {
  const flat = field.cropped ? 0.86 : 2;
  for (let py = 0; py < side; py++) {
    const y = (py + 0.5 - cy) / scale;
    for (let px = 0; px < side; px++) {
      const x = (px + 0.5 - cx) / scale;
      if (x * x + y * y < 0.9 && Math.abs(y) < 0.8) continue;
      let inside = (1 - Math.sqrt(x * x + y * y)) * scale * 0.7;
      inside = Math.min(inside, (flat - Math.abs(y)) * scale * 0.7);
      if (field.notch) inside = Math.max(inside, notch(x * nasal, y) * scale);
      if (inside >= 1) continue;
      const light = Math.max(0, inside), at = py * side + px;
      if (light <= 0.5) mask[at] = 0;
      for (let c = 0; c < 3; c++) rgb[at * 3 + c] *= light;
    }
  }
}

/** The small marker at the edge that tells which way is up. */
function notch(x: number, y: number): number {
  const dx = x - 0.995 * Math.cos(0.72), dy = y + 0.995 * Math.sin(0.72);
  return 0.04 - Math.sqrt(dx * dx + dy * dy);
}

/** Averages 2 x 2 pixels; a mask bit survives when any of the four has it. */
function halve({ side, rgb, mask }: Canvas, target: Target): Float32Array {
  const { size } = target, out = new Float32Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const a = 2 * y * side + 2 * x, b = a + side, to = y * size + x;
      for (let c = 0; c < 3; c++) {
        out[to * 3 + c] = (rgb[a * 3 + c] + rgb[a * 3 + 3 + c] + rgb[b * 3 + c] +
          rgb[b * 3 + 3 + c]) / 4;
      }
      target.mask[to] = mask[a] | mask[a + 1] | mask[b] | mask[b + 1];
    }
  }
  return out;
}

/** Gaussian blur in place, rows then columns, as far as 12 pixels. */
function blur(image: Float32Array, { size, sigma }: { size: number; sigma: number }): void {
  const reach = Math.min(12, Math.ceil(2.5 * sigma));
  if (sigma < 0.15 || reach < 1) return;
  const taps = Array.from({ length: reach + 1 }, (_, i) => Math.exp(-i * i / (2 * sigma * sigma)));
  const total = taps.reduce((sum, tap, i) => sum + tap * (i === 0 ? 1 : 2), 0);
  const kernel = Float32Array.from(taps, (tap) => tap / total);
  const line = new Float32Array(size * 3);
  for (const [stride, across] of [[3, size * 3], [size * 3, 3]]) {
    for (let start = 0; start < size; start++) {
      for (let i = 0; i < size; i++) {
        for (let c = 0; c < 3; c++) line[i * 3 + c] = image[start * across + i * stride + c];
      }
      for (let i = 0; i < size; i++) {
        for (let c = 0; c < 3; c++) {
          let sum = line[i * 3 + c] * kernel[0];
          for (let k = 1; k <= reach; k++) {
            const before = Math.max(0, i - k), after = Math.min(size - 1, i + k);
            sum += (line[before * 3 + c] + line[after * 3 + c]) * kernel[k];
          }
          image[start * across + i * stride + c] = sum;
        }
      }
    }
  }
}
