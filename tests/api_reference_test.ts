// `deno task docs`: every public name has a page, and every link of every page leads somewhere.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize, relative } from "node:path";
import { publicEntries, writeApiReference } from "./_tools/api_reference.ts";

/** The names that an entry exports, types among them; entries only hand on what rooms define. */
async function namesOf(source: string): Promise<string[]> {
  const text = (await readFile(source, "utf8")).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  const own = Array.from(text.matchAll(/export(?: type)? \{([^}]*)\}/g)).flatMap(([, list]) =>
    list.split(",").map((item) => item.trim().replace(/^type /, "").replace(/^.* as /, ""))
  ).filter((name) => name !== "");
  const handedOn = Array.from(text.matchAll(/export \* from "([^"]+)"/g), ([, path]) => path);
  const others = await Promise.all(handedOn.map((path) => namesOf(join(dirname(source), path))));
  return [...own, ...others.flat()];
}

/** Links of a page that lead to files of the reference. */
function linksOf(html: string): string[] {
  return Array.from(html.matchAll(/ (?:href|src)="([^"]+)"/g), ([, link]) => link)
    .map((link) => link.replaceAll("&#x2F;", "/").replaceAll("&amp;", "&").split(/[#?]/)[0])
    .filter((link) => link !== "" && !/^(?:[a-z]+:|\/\/)/.test(link));
}

/** Links of the pages below a folder that lead nowhere. */
async function brokenLinks(folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true })).filter((f) => f.endsWith(".html"));
  const broken: string[] = [];
  for (const file of files) {
    const from = dirname(join(folder, file));
    for (const link of new Set(linksOf(await readFile(join(folder, file), "utf8")))) {
      const path = normalize(join(from, link.endsWith("/") ? `${link}index.html` : link));
      if (!existsSync(path)) broken.push(`${file}: ${relative(folder, path)}`);
    }
  }
  return broken;
}

Deno.test("the API reference has a page for every public name, and no broken link", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "qsight-docs-"));
  try {
    await writeApiReference(folder);
    const entries = await publicEntries(),
      first = await readFile(join(folder, "index.html"), "utf8");
    await t.step("pages", async () => {
      assert.ok(entries.length >= 20);
      for (const { name, source, page } of entries) {
        assert.ok(first.includes(`<a href="./${page}"><code>${name}</code>`), name);
        const names = await namesOf(source);
        assert.ok(names.length > 0, name);
        const pages = join(folder, dirname(page), "~");
        const missing = names.filter((one) => !existsSync(join(pages, `${one}.html`)));
        assert.deepEqual(missing, [], name);
      }
    });
    await t.step("links", async () => assert.deepEqual(await brokenLinks(folder), []));
    await t.step("a page that is gone is noticed", async () => {
      await rm(join(folder, "sampler_lock", "~", "SamplerBusyError.html"));
      assert.ok(
        (await brokenLinks(folder)).some((link) => link.endsWith("/SamplerBusyError.html")),
      );
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
