import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { parse } from "parse5";
import { renderPng } from "../../../src/images/mod.ts";
import { compareReport } from "../../../src/runner/compare/compare_report.ts";
import type { ReportEntry } from "../../../src/runner/compare/report_entry.ts";

const EVIL =
  `<script>alert(1)</script>"><img src=x onerror='alert(2)'></pre></script>&\x1b[31m\x00`;

function entry(rest: Partial<ReportEntry> = {}): ReportEntry {
  return {
    ...{ path: "a.ipynb", verdict: "failed", status: "differs", durationMs: 1234 },
    ...{ cells: [], differences: [], ...rest },
  };
}

const png = (width: number) =>
  renderPng(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="9"/>`);

/** What a browser would make of a page: elements with their attributes, and texts. */
interface PageNode {
  readonly nodeName: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly PageNode[];
  readonly value?: string;
}

function nodesOf(page: string): PageNode[] {
  const walk = (node: PageNode): PageNode[] => [node, ...(node.childNodes ?? []).flatMap(walk)];
  return walk(parse(page) as PageNode);
}

Deno.test("compareReport() lets no path, source, message or output become markup", async () => {
  const page = await compareReport([
    entry({
      path: EVIL,
      status: EVIL,
      message: EVIL,
      typeFaults: [{ cellIndex: 0, line: 1, message: EVIL }],
      cells: [{ cellIndex: 0, status: EVIL, durationMs: 1, source: EVIL, message: EVIL }],
      differences: [
        { cellIndex: 0, part: EVIL, kind: "html", message: EVIL, stored: EVIL, fresh: `${EVIL}!` },
        { cellIndex: 1, part: EVIL, kind: "missing", message: EVIL, stored: EVIL },
        {
          cellIndex: 2,
          part: EVIL,
          kind: "image",
          message: EVIL,
          image: { stored: await png(3), fresh: new TextEncoder().encode(EVIL), share: 1 },
        },
      ],
    }),
    entry({ path: EVIL, message: EVIL }),
  ], { title: EVIL });
  const nodes = nodesOf(page);
  const scripts = nodes.filter(({ nodeName }) => nodeName === "script");
  assert.equal(scripts.length, 1);
  assert.match(scripts[0].childNodes?.[0].value ?? "", /^\s*document\.addEventListener\("input"/);
  const images = nodes.filter(({ nodeName }) => nodeName === "img");
  assert.equal(images.length, 1);
  const attributes = new Set(nodes.flatMap(({ attrs = [] }) => attrs.map(({ name }) => name)));
  const known = [
    ...["alt", "aria-hidden", "aria-label", "aria-labelledby", "charset", "checked", "class"],
    ...[
      "colspan",
      "content",
      "height",
      "href",
      "http-equiv",
      "id",
      "lang",
      "name",
      "role",
      "scope",
    ],
    ...["src", "tabindex", "title", "type", "width", "min", "max", "value"],
  ];
  assert.deepEqual([...attributes].filter((name) => !known.includes(name)), []);
  for (const { attrs = [] } of nodes) {
    for (const { name, value } of attrs) {
      if (name === "href") assert.match(value, /^#[\w-]+$/);
      if (name === "src") assert.match(value, /^data:image\/png;base64,[\w+/=]+$/);
    }
  }
  const sources = nodes.filter(({ nodeName, childNodes = [] }) =>
    nodeName === "pre" && childNodes[0]?.value?.startsWith('<script>alert(1)</script>"><img')
  );
  assert.equal(sources.length, 3); // source and message of the cell, message of the second notebook
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(page, /[\x00-\x08\x0b-\x1f]/);
});

Deno.test("compareReport() allows only its own script and pictures within the page", async () => {
  const page = await compareReport([entry()]);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
  const script = /<script>(.*?)<\/script>/s.exec(page)?.[1] ?? "";
  const hash = createHash("sha256").update(script).digest("base64");
  assert.equal(
    policy,
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; " +
      `script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  );
  assert.doesNotMatch(page, /https?:|url\(|@import|<link/);
});

Deno.test("compareReport() shows source, message and both texts of a failing cell, not of others", async () => {
  const page = await compareReport([
    entry({
      cells: [
        { cellIndex: 0, status: "ok", durationMs: 5, source: "fine = 1" },
        { cellIndex: 1, status: "ok", durationMs: 5, source: "print(0.25)" },
        { cellIndex: 2, status: "error", durationMs: 5, source: "boom()", message: "NameError" },
      ],
      differences: [{
        ...{ cellIndex: 1, part: "stdout", kind: "number", message: "number 1 differs" },
        ...{ stored: "0.25", fresh: "0.3" },
      }],
    }),
  ]);
  assert.match(page, /<pre[^>]*>print\(0\.25\)<\/pre>/);
  assert.match(page, /<pre[^>]*>boom\(\)<\/pre>[^]*<pre[^>]*>NameError<\/pre>/);
  assert.doesNotMatch(page, /<pre[^>]*>fine = 1/);
  assert.match(page, /expected 0\.25, found 0\.3 \(off by 20 %\)/);
  assert.match(page, /− <\/span>0\.<del>25<\/del>/);
  assert.match(page, /\+ <\/span>0\.<ins>3<\/ins>/);
});

Deno.test("compareReport() puts a difference to the executed cell", async () => {
  const cells = [3, 4].map((cellIndex) => ({
    ...{ cellIndex, status: "ok", durationMs: 1, source: `cell = ${cellIndex}` },
  }));
  const page = await compareReport([
    entry({
      cells,
      differences: [{
        ...{ cellIndex: 3, executedIndex: 4, part: "stdout", kind: "text", message: "differs" },
        ...{ stored: "a", fresh: "b" },
      }],
    }),
  ]);
  assert.match(page, /id="notebook-1-cell-4"/);
  assert.match(page, /<pre[^>]*>cell = 4<\/pre>/);
  assert.doesNotMatch(page, /id="notebook-1-cell-3"/);
});

Deno.test("compareReport() embeds pictures by their bytes, until the page holds enough", async () => {
  const [stored, fresh] = [await png(12), await png(13)];
  const image = (marked?: Uint8Array) => ({
    ...{ cellIndex: 1, part: "image/png", kind: "image" as const, message: "differs" },
    image: { stored, fresh, share: 0.25, ...(marked === undefined ? {} : { marked }) },
  });
  const page = await compareReport([entry({ differences: [image(fresh)] })]);
  assert.equal(page.match(/<img src="data:image\/png;base64,/g)?.length, 3);
  assert.ok(page.includes(stored.toBase64()));
  assert.match(page, /alt="Stored picture of cell 1, image\/png" width="12" height="9"/);
  assert.match(page, /type="range"/);
  const less = await compareReport([entry({ differences: [image(fresh)] })], {
    maxPictureBytes: stored.length,
  });
  assert.equal(less.match(/<img/g)?.length, 1);
  assert.match(less, /Fresh picture of cell 1, image\/png: left out: \d+ bytes/);
  assert.doesNotMatch(less, /type="range"/);
});

Deno.test("compareReport() cuts long texts and says so", async () => {
  const long = Array.from({ length: 500 }, (_, i) => `row ${i}`).join("\n");
  const page = await compareReport([
    entry({
      cells: [{
        cellIndex: 0,
        status: "error",
        durationMs: 1,
        source: long,
        message: "z".repeat(999),
      }],
      differences: [{
        ...{ cellIndex: 0, part: "stdout", kind: "text", message: "differs" },
        ...{ stored: long, fresh: long.replaceAll("row", "line") },
      }],
    }),
  ], { maxLines: 20 });
  assert.match(page, /480 more lines are left out/i);
  assert.match(page, /Lines are cut at 400 characters\./);
  assert.match(page, /980 more lines left out\./);
  assert.doesNotMatch(page, /row 20\b|z{401}/);
});

Deno.test("compareReport() stays whole with no notebook, no difference and 500 of them", async () => {
  const none = await compareReport([]);
  assert.match(none, /No notebook was tested/);
  assert.doesNotMatch(none, /<table|type="radio"/);
  const green = await compareReport([entry({ verdict: "passed", status: "ok" })]);
  assert.match(green, /id="show-all" checked/);
  assert.match(green, /1 notebook: 1 passed/);
  const difference = {
    ...{ cellIndex: 0, part: "stdout", kind: "text" as const, message: "differs" },
    ...{ stored: "a\nb", fresh: "a\nc" },
  };
  const many = await compareReport(
    Array.from(
      { length: 50 },
      (_, i) => entry({ path: `${i}.ipynb`, differences: Array(10).fill(difference) }),
    ),
  );
  assert.equal(many.match(/class="difference"/g)?.length, 500);
  assert.match(many, /50 notebooks: 50 failed · 500 differences/);
  assert.match(many, /id="show-failed" checked/);
  assert.ok(many.endsWith("</html>\n"));
});

Deno.test("compareReport() has the message of a notebook whose cells say nothing", async () => {
  const page = await compareReport([
    entry({ verdict: "fault", status: "KernelStartError", message: "No kernel\nInstall one" }),
  ]);
  assert.match(page, /<pre[^>]*>No kernel\nInstall one<\/pre>/);
  assert.match(page, /class="why">No kernel<\/span>/);
});

Deno.test("compareReport() refuses what it does not know", async () => {
  await assert.rejects(compareReport([], { titel: "x" } as never), /Did you mean "title"/);
  await assert.rejects(compareReport([], { maxLines: 0 }), RangeError);
  await assert.rejects(compareReport([], { maxPictureBytes: -1 }), /found maxPictureBytes -1/);
});
