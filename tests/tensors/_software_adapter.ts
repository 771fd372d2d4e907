import { runScript } from "./_run_script.ts";

const { stdout } = await runScript(`
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  const { description = "", isFallbackAdapter = false } = adapter?.info ?? {};
  console.log(JSON.stringify(adapter ? { description, isFallbackAdapter } : null));
`);

/** The GPU adapter of this machine, asked in a process of its own; null where there is none. */
export const ADAPTER: { description: string; isFallbackAdapter: boolean } | null = JSON.parse(
  stdout || "null",
);

/** What there is, for the reason of a skip. */
export const FOUND_ADAPTER = `found ${ADAPTER?.description ?? "no adapter"}`;

/** Why nothing can be computed on a software adapter here. */
export const NO_SOFTWARE_ADAPTER = /llvmpipe|lavapipe/i.test(ADAPTER?.description ?? "")
  ? undefined
  : `no software GPU adapter (${FOUND_ADAPTER})`;
