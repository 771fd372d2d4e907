/** Batches in an epoch; a single last image joins the batch before it (batch norm needs two). */
export function batchCount(images: number, batchSize: number): number {
  const whole = Math.floor(images / batchSize);
  return Math.max(1, images % batchSize >= 2 ? whole + 1 : whole);
}
