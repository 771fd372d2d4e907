/** Softmax of each row of `rows * classes` logits; returns a new array. */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const out = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let highest = -Infinity, sum = 0;
    for (let c = 0; c < classes; c++) highest = Math.max(highest, logits[start + c]);
    for (let c = 0; c < classes; c++) sum += Math.exp(logits[start + c] - highest);
    for (let c = 0; c < classes; c++) out[start + c] = Math.exp(logits[start + c] - highest) / sum;
  }
  return out;
}
