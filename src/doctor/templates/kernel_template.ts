import { join } from "node:path";
import { messageOf } from "../../_internal/message_of.ts";
import { SEND_IN_TURN } from "../../runner/kernels/tslab_preload.ts";
import { jsonText, readText } from "./read_text.ts";
import type { PlannedFile, TemplateContext } from "./template.ts";

/** Below a project: a folder on Jupyter's search path once JUPYTER_PATH names it. */
export const JUPYTER_FOLDER = "share/jupyter";

/** What Node loads before tslab; without it outputs of long cells are lost. */
const PRELOAD = "send_in_turn.cjs";

/** Kernel specs for Deno and tslab. A spec that is there is never touched. */
export async function planKernels(context: TemplateContext): Promise<readonly PlannedFile[]> {
  const { folder, deno, node } = context;
  const tslab = join(folder, "node_modules", "tslab", "bin", "tslab");
  const preload = join(folder, JUPYTER_FOLDER, "kernels", "tslab", PRELOAD);
  const specs = await Promise.all([
    planKernel(
      context,
      "deno",
      deno === undefined ? "deno is not on PATH" : {
        argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
        display_name: "Deno",
        language: "typescript",
      },
    ),
    planKernel(
      context,
      "tslab",
      node === undefined ? "node is not on PATH" : {
        argv: [node, `--require=${preload}`, tslab, "kernel", "--config-path={connection_file}"],
        display_name: "TypeScript (tslab)",
        language: "typescript",
      },
    ),
  ]);
  return [...specs, ...(node === undefined ? [] : [await planPreload(preload)])];
}

async function planPreload(path: string): Promise<PlannedFile> {
  const file = { template: "kernel_spec", path } as const;
  const text = await readText(path);
  if (text === undefined) {
    return { ...file, content: `${SEND_IN_TURN}\n`, action: "write", drift: [] };
  }
  const drift = text === `${SEND_IN_TURN}\n` ? [] : ["differs from the template"];
  return { ...file, content: undefined, action: "keep", drift };
}

async function planKernel(
  { folder }: TemplateContext,
  name: string,
  spec: Readonly<Record<string, unknown>> | string,
): Promise<PlannedFile> {
  const path = join(folder, JUPYTER_FOLDER, "kernels", name, "kernel.json");
  const file = { template: "kernel_spec", path, content: undefined, drift: [] } as const;
  const text = await readText(path);
  if (text !== undefined) {
    return { ...file, action: "keep", drift: typeof spec === "string" ? [] : driftOf(text, spec) };
  }
  if (typeof spec === "string") return { ...file, action: "leave out", reason: spec };
  return { ...file, content: jsonText(spec), action: "write" };
}

function driftOf(text: string, spec: Readonly<Record<string, unknown>>): string[] {
  try {
    const found = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const keys = new Set([...Object.keys(spec), ...Object.keys(found)]);
    return [...keys].filter((key) => JSON.stringify(found[key]) !== JSON.stringify(spec[key]))
      .map((key) =>
        `${key} is ${JSON.stringify(found[key])}, the template has ${JSON.stringify(spec[key])}`
      );
  } catch (error) {
    return [`cannot be read: ${messageOf(error)}`];
  }
}
