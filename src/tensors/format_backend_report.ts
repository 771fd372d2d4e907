import type { BackendReport } from "./open_tensors.ts";

/**
 * A report as a plain text table: what was asked for, what was found of each, what was chosen, and
 * why.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { formatBackendReport, openTensors } from "@qsight/qsight/tensors";
 * const { report } = await openTensors({ prefer: "wasm" });
 * const lines = formatBackendReport(report).split("\n");
 * assert.match(lines[0], /^asked +wasm, cpu$/);
 * assert.match(lines[1], /^found +wasm +chosen +passed the proof/);
 * ```
 */
export function formatBackendReport(report: BackendReport): string {
  const { asked, found, chosen, device, why, versions, copies, fallbacks } = report;
  const wide = (column: readonly string[]) => Math.max(...column.map((text) => text.length));
  const nameWidth = wide(found.map(({ name }) => name));
  const statusWidth = wide(found.map(({ status }) => status));
  const rows = found.map(({ name, status, reason }) =>
    `${name.padEnd(nameWidth)}  ${status.padEnd(statusWidth)}  ${reason}`
  );
  const fields: [label: string, lines: readonly string[]][] = [
    ["asked", [asked.join(", ")]],
    ["found", rows],
    ["chosen", [`${chosen} on ${device}`]],
    ["why", [why]],
    ["versions", [Object.entries(versions).map(([name, value]) => `${name} ${value}`).join(", ")]],
    [
      "to wasm",
      fallbacks.map(({ kernel, reason, count }) => `${kernel} ${count} times: ${reason}`),
    ],
    ["copies", copies.map(({ path, version }) => `${version} ${path}`)],
  ];
  return fields.flatMap(([label, lines]) =>
    lines.map((line, i) => `${(i === 0 ? label : "").padEnd(8)}  ${line}`)
  ).join("\n");
}
