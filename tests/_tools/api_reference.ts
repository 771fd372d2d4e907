// The API reference: `deno doc --html` of every public entry, with a list of the rooms on its first
// page. As a program it writes out/docs/.
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A public entry: what is imported, its source, and its page below the folder of the reference. */
export interface PublicEntry {
  readonly name: string;
  readonly source: string;
  readonly page: string;
}

/** All entries that deno.json exports, the door first. */
export async function publicEntries(): Promise<PublicEntry[]> {
  const text = await readFile(join(ROOT, "deno.json"), "utf8");
  const { name, exports } = JSON.parse(text) as { name: string; exports: Record<string, string> };
  return Object.entries(exports).map(([path, source]) => ({
    name: name + path.slice(1),
    source: join(ROOT, source),
    page: join(path, "index.html"),
  }));
}

/** Writes the reference to a folder, in place of what is there. */
export async function writeApiReference(folder: string): Promise<void> {
  const entries = await publicEntries();
  await rm(folder, { recursive: true, force: true });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["doc", "--html", "--name=QSight", `--output=${folder}`],
      ...entries.map(({ source }) => source),
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const first = join(folder, "index.html");
  await writeFile(first, withRooms(await readFile(first, "utf8"), entries));
}

/** The first page tells of the door only: the rooms are put before its own text. */
function withRooms(page: string, entries: readonly PublicEntry[]): string {
  const start = "<main>";
  if (!page.includes(start)) throw new Error(`no ${start} on the first page of deno doc --html`);
  const items = entries.map(({ name, page }) =>
    `<li><a href="./${page}"><code>${name}</code></a></li>`
  );
  const nav = `<nav class="markdown"><h2>Rooms</h2><ul>${items.join("")}</ul></nav>`;
  return page.replace(start, () => start + nav);
}

if (import.meta.main) {
  const folder = join(ROOT, "out", "docs");
  await writeApiReference(folder);
  if (!existsSync(join(folder, "index.html"))) throw new Error(`nothing was written to ${folder}`);
  console.log(join(folder, "index.html"));
}
