// What a test does in the classic Jupyter Notebook, in a page of a real browser.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserPage } from "./_browser.ts";

/** Folder of the project. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The code cells of the open notebook, as an expression. */
export const CODE_CELLS =
  `Jupyter.notebook.get_cells().filter((cell) => cell.cell_type === "code")`;

/** What the classic Notebook itself says on the console, whatever runs in it. */
const OF_THE_NOTEBOOK = [
  // Its font comes from about:blank, and the browser asks before a page is left.
  ...["net::ERR_FAILED", "about:blank", "beforeunload"],
  ...["find-and-replace", "widget frontend", "Typeahead", '"Object"', "console.groupEnd"],
  ...["load_extensions", "Loading extension", "loaded widgets", "moment locale"],
  ...["Session: ", "Starting WebSockets", "Kernel: ", "Ignoring untrusted image/svg"],
];

/** What the page complains of that the classic Notebook does not always say. */
export function complaints(page: BrowserPage): string[] {
  return page.complaints.filter((text) => !OF_THE_NOTEBOOK.some((known) => text.includes(known)));
}

/** Runs a test in a folder below the project, whose package notebooks there find by its name. */
export async function inProjectFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(ROOT, "out", `browser-${crypto.randomUUID()}`);
  await mkdir(folder, { recursive: true });
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits until an expression is true; a page that is still loading is not. */
export async function until(page: BrowserPage, expression: string): Promise<void> {
  for (const deadline = Date.now() + 180_000; Date.now() < deadline;) {
    if (await page.evaluate<boolean>(`!!(${expression})`).catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited 180 s in vain for ${expression}`);
}

/** Opens a notebook and waits for its kernel. */
export async function openNotebook(page: BrowserPage, address: string): Promise<void> {
  await page.open(address);
  await until(page, "Jupyter.notebook._fully_loaded && Jupyter.notebook.kernel.is_connected()");
}

/** Waits until every code cell has run. */
export async function settled(page: BrowserPage): Promise<void> {
  await until(page, `${CODE_CELLS}.every((cell) => typeof cell.input_prompt_number === "number")`);
}

/** Adds a cell at the end, runs it, and resolves to what it printed. */
export async function runCell(page: BrowserPage, source: string): Promise<string> {
  await page.evaluate(`(() => {
    const cell = Jupyter.notebook.insert_cell_at_bottom("code");
    cell.set_text(${JSON.stringify(source)});
    cell.execute();
  })()`);
  await until(page, `typeof ${CODE_CELLS}.at(-1).input_prompt_number === "number"`);
  return await page.evaluate(
    `${CODE_CELLS}.at(-1).output_area.outputs.map((out) => out.text ?? out.evalue ?? "").join("")`,
  );
}
