/** A turn of the event loop, so that a kernel can answer and a signal can arrive. */
export async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}
