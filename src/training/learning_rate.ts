/**
 * Warm-up and cosine decay: linear from 0 to `peak` over `warmup` steps, then half a cosine to 0 at
 * `total` (Loshchilov and Hutter, arXiv:1608.03983, without restarts).
 *
 * @param step number of the step, from 0
 */
export function cosineLearningRate(
  step: number,
  { peak, total, warmup }: {
    readonly peak: number;
    readonly total: number;
    readonly warmup: number;
  },
): number {
  if (step < warmup) return peak * (step + 1) / warmup;
  const progress = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
  return peak * 0.5 * (1 + Math.cos(Math.PI * progress));
}
