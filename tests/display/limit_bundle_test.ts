import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limitBundle, type MimeBundle } from "../../src/display/limit_bundle.ts";
import { show } from "../../src/display/show.ts";
import { plotConfusionMatrix } from "../../src/plots/plot_confusion_matrix.ts";

const MAX = 20_000;
const size = (bundle: MimeBundle) => Buffer.byteLength(JSON.stringify(bundle));

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

Deno.test("limitBundle() leaves alone what fits", async () => {
  const bundle = { "text/html": "<b>1</b>", "text/plain": "1" };
  assert.deepEqual(await limitBundle(bundle, { maxBytes: MAX }), [bundle]);
});

Deno.test("limitBundle() draws a large figure smaller and links to the whole", () =>
  inFolder(async (folder) => {
    const figure = plotConfusionMatrix([[8, 2], [1, 9]]);
    const png = Buffer.from(await figure.png({ scale: 8 })).toString("base64");
    assert.ok(png.length > MAX, `the picture has only ${png.length} bytes`);
    const bundle = { "image/png": png, "image/svg+xml": figure.svg, "text/plain": figure.text };
    const file = join(folder, "panels/whole.svg");
    const [shown, note] = await limitBundle(bundle, {
      ...{ maxBytes: MAX, file },
      png: ({ scale }) => figure.png({ scale: 8 * scale }),
    });
    const small = Buffer.from(String(shown["image/png"]), "base64");
    assert.equal(small.toString("latin1", 1, 4), "PNG");
    assert.ok(size(shown) + size(note) <= MAX + 1000, `${size(shown)} + ${size(note)}`);
    assert.equal(shown["text/plain"], figure.text);
    assert.equal(await readFile(file, "utf8"), figure.svg);
    assert.match(String(note["text/html"]), /the whole is \d+ kB, in <a href="[^"]*whole\.svg"/);
    assert.deepEqual(await readdir(join(folder, "panels")), ["whole.svg"]);
  }));

Deno.test("limitBundle() cuts a text between characters and keeps no half HTML", () =>
  inFolder(async (folder) => {
    const file = join(folder, "table.html"), html = `<table>${"<tr></tr>".repeat(5000)}</table>`;
    const bundle = { "text/html": html, "text/plain": "网膜".repeat(10_000) };
    const [shown, note] = await limitBundle(bundle, { maxBytes: MAX, file });
    assert.deepEqual(Object.keys(shown), ["text/plain"]);
    assert.match(String(shown["text/plain"]), /^[网膜]+…$/);
    assert.equal(await readFile(file, "utf8"), html);
    assert.match(String(note["text/plain"]), /table\.html$/);
  }));

Deno.test("limitBundle() says why it could not save the whole, and shows what fits all the same", () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, "a"), "no folder");
    const bundle = { "text/plain": "<x>".repeat(MAX) };
    const [shown, note] = await limitBundle(bundle, {
      ...{ maxBytes: MAX, file: join(folder, "a/b.txt") },
    });
    assert.ok(String(shown["text/plain"]).endsWith("…"));
    assert.match(
      String(note["text/plain"]),
      /could not be saved \(.*(ENOTDIR|EEXIST|Not a directory|File exists).*Pass show/s,
    );
  }));

Deno.test("the file of what is shown in part is named after its content, and its name is harmless", async () => {
  const before = Deno.cwd();
  await inFolder(async (folder) => {
    Deno.chdir(folder);
    try {
      const bundle = {
        "image/svg+xml": `<svg>${"x".repeat(MAX)}</svg>`,
        "text/plain": "a <b> & c",
      };
      const [, note] = await limitBundle(bundle, { maxBytes: MAX, name: "panel" });
      const [name] = await readdir("figures");
      assert.match(name, /^panel-[0-9a-f]{8}\.svg$/);
      assert.ok(String(note["text/html"]).includes(`href="figures/${name}"`));
      const [, hostile] = await limitBundle(bundle, { maxBytes: MAX, file: `a"><script>.svg` });
      assert.ok(!String(hostile["text/html"]).includes("<script>"));
    } finally {
      Deno.chdir(before);
    }
  });
});

Deno.test("show() refuses a limit that leaves no room and options that it does not know", async () => {
  const figure = plotConfusionMatrix([[1]]);
  await assert.rejects(show(figure, { maxBytes: 5 }), /at least 10000, found 5/);
  await assert.rejects(show(figure, { maxByte: 1 } as never), /maxBytes/);
});
