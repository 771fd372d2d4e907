/** Shows values and progress in whatever front end the code runs: a Deno kernel, tslab or a terminal. */
export { jupyterDisplay } from "../_internal/figure.ts";
export { kernelKind } from "./kernel_kind.ts";
export type { KernelKind } from "./kernel_kind.ts";
export { show } from "./show.ts";
export type { Displayable, ShowOptions } from "./show.ts";
export { openStatusLine } from "./status_line.ts";
export type { StatusLine, StatusLineOptions, StatusOutput } from "./status_line.ts";
