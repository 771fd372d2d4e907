import assert from "node:assert/strict";
import { compareMarkup } from "../../../src/runner/compare/compare_markup.ts";

const html = (
  stored: string,
  fresh: string,
  tolerance?: { relative?: number; absolute?: number },
) => compareMarkup(stored, fresh, { kind: "html", tolerance });
const svg = (stored: string, fresh: string, tolerance?: { relative?: number; absolute?: number }) =>
  compareMarkup(stored, fresh, { kind: "svg", tolerance });

const table = (rows: readonly (readonly (string | number)[])[]) =>
  `<table border="1" class="dataframe"><thead><tr><th></th><th>name</th><th>price</th></tr></thead>` +
  `<tbody>${
    rows.map(([label, ...cells]) =>
      `<tr><th>${label}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`
    ).join("\n")
  }</tbody></table>`;

Deno.test("compareMarkup() does not mind what a browser does not show", async () => {
  const equal = [
    ["<p>a  b\n c</p>", " <p>\n a b c </p>\n"],
    ['<a href="x" id="y">l</a>', "<a id=y   href='x'>l</a>"],
    ["<p>a<!-- one -->b</p>", "<p>ab<!-- two --></p>"],
    ["<ul><li>1<li>2</ul>", "<ul>\n<li>1</li>\n<li>2</li>\n</ul>"],
    ["<table><tr><td>1</table>", "<table><tbody><tr> <td> 1 </td> </tr></tbody></table>"],
    ["a &lt; b &eacute;", "a &#60; b é"],
    ["<BR/>x", "<br>x"],
    ['<p style="a:  b">x', '<p style="a: b">x'],
  ];
  for (const [stored, fresh] of equal) {
    assert.equal(await html(stored, fresh), undefined, `${stored} = ${fresh}`);
  }
});

Deno.test("compareMarkup() sees what a browser shows", async () => {
  const different: readonly (readonly [string, string, RegExp])[] = [
    ["<p>a</p>", "<p>b</p>", /^<p>: stored "a", fresh "b"$/],
    ["<b>a</b> <i>b</i>", "<b>a</b><i>b</i>", /stored " ", fresh ""/],
    ["<pre>a  b</pre>", "<pre>a b</pre>", /stored "a {2}b", fresh "a b"/],
    ["<p>a\u00a0b</p>", "<p>a b</p>", /stored "a.b"/],
    ["<p>a</p>", "<div>a</div>", /^stored <p>, fresh <div>$/],
    ["<p>a</p>", "<p>a</p><hr>", /^stored nothing, fresh <hr>$/],
    ["<a href=x>l</a>", "<a href=y>l</a>", /^<a>: attribute href: stored "x", fresh "y"$/],
    ["<a>l</a>", "<a href=y>l</a>", /attribute href is not stored/],
    ["<a href=y>l</a>", "<a>l</a>", /attribute href is stored, and did not come/],
    ["<p>a<p>b<p>c", "<p>A<p>B<p>c", /^<p>: stored "a", fresh "A"; 2 places differ$/],
    ["plain", "other", /^text: stored "plain", fresh "other"$/],
  ];
  for (const [stored, fresh, message] of different) {
    const difference = await html(stored, fresh);
    assert.match(difference?.message ?? "none", message, `${stored} / ${fresh}`);
    assert.equal(difference?.kind, "html");
  }
});

Deno.test("compareMarkup() names row and column of a table", async () => {
  const stored = table([["a", "apple", 1.5], ["b", "pear", 2]]);
  const dearer = table([["a", "apple", 1.5], ["b", "pear", 2.5]]);
  assert.equal(
    (await html(stored, dearer))?.message,
    'row 3 ("b"), column 3 ("price"): stored "2", fresh "2.5" (only numbers differ, by 0.5 at most)',
  );
  assert.equal(
    (await html(stored, table([["a", "apple", 1.5]])))?.message,
    "table: stored 3 rows, fresh 2",
  );
  assert.equal(
    (await html(stored, stored.replace("<td>2</td>", "")))?.message,
    'row 3 ("b"), column 3 ("price"): stored <td>, fresh </tr>',
  );
  assert.equal(
    (await html(stored.replace("<td>2</td>", ""), stored))?.message,
    'row 3 ("b"): stored </tr>, fresh <td>',
  );
  assert.match((await html(`${stored}<p>a`, `${stored}<p>b`))?.message ?? "", /^<p>: stored "a"/);
  const nested = (text: string) => `<table><tr><td>${stored}<td>${text}</table>`;
  assert.match(
    (await html(nested("a"), nested("b")))?.message ?? "",
    /^table 1, row 1, column 2: /,
  );
  const two = await html(`${stored}<p>x</p>${stored}`, `${stored}<p>x</p>${dearer}`);
  assert.match(two?.message ?? "", /^table 2, row 3 \("b"\), column 3 \("price"\): /);
});

Deno.test("compareMarkup() finds numbers in cells near with a tolerance", async () => {
  const stored = table([["a", "apple", 1.5], ["b", "pear", 2]]);
  const fresh = table([["a", "apple", 1.5001], ["b", "pear", 2.0001]]);
  assert.equal(await html(stored, fresh, { relative: 0.01 }), undefined);
  const difference = await html(stored, fresh, { relative: 1e-9 });
  assert.equal(difference?.kind, "number");
  assert.equal(
    difference?.message,
    'row 2 ("a"), column 3 ("price"): stored 1.5, fresh 1.5001 (off by 0.0001, relative 0.0000667)' +
      "; 2 places differ",
  );
  assert.equal((await html('<p id="1">', '<p id="1.001">', { relative: 0.1 }))?.kind, "html");
  assert.equal((await html("<p>1 a", "<p>1 b", { relative: 0.1 }))?.kind, "html");
});

Deno.test("compareMarkup() shows both sides as they were compared", async () => {
  const difference = await html("<p><!-- c -->a <b>x</b></p>", "<p>a <b>y</b><hr></p>");
  const sorted = await html('<a id="1" class="x y">a</a>', '<a class="x  y" id="1">b</a>');
  assert.equal(sorted?.fresh, '<a class="x y" id="1">b</a>');
  assert.equal(sorted?.stored, '<a class="x y" id="1">a</a>');
  assert.equal(difference?.stored, "<p>a \n <b>x</b>\n</p>");
  assert.equal(difference?.fresh, "<p>a \n <b>y</b>\n</p>\n<hr></hr>\n<p></p>");
});

const drawing = (id: string, x: number | string, extra = "") =>
  `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="10pt"><metadata>${id}</metadata>` +
  `<defs><clipPath id="${id}"><rect x="0" y="0"/></clipPath></defs>` +
  `<g clip-path="url(#${id})"><path d="M${x} 1.5L2-3" style="fill: #1f77b4"/><use xlink:href="#${id}"/></g>` +
  `${extra}</svg>`;

Deno.test("compareMarkup() renumbers the ids of drawings and drops their metadata", async () => {
  assert.equal(await svg(drawing("p6b1f", 1), drawing("p77aa", 1)), undefined);
  const style = (id: string) => `<svg><style>#${id} .a { fill: red }</style><g id="${id}"/></svg>`;
  assert.equal(await svg(style("m1"), style("m2")), undefined);
  assert.equal(await html(`<div>${style("m1")}</div>`, `<div>${style("m2")}</div>`), undefined);
});

Deno.test("compareMarkup() sees a reference to another id", async () => {
  const two = (first: string, second: string) =>
    `<svg><g id="a"/><g id="b"/><use href="#${first}"/><use href="#${second}"/></svg>`;
  assert.match((await svg(two("a", "b"), two("b", "a")))?.message ?? "", /attribute href/);
  const twice = (id: string) => `<svg><g id="a"/><g id="a"/><g id="b"/><use href="#${id}"/></svg>`;
  assert.match((await svg(twice("a"), twice("b")))?.message ?? "", /attribute href/);
  assert.match(
    (await svg(drawing("a", 1), drawing("a", 1).replace("#1f77b4", "#1f77b5"), {
      absolute: 100,
    }))?.message ?? "",
    /attribute style: stored "fill: #1f77b4"/,
  );
});

Deno.test("compareMarkup() compares the numbers of drawings with the tolerance", async () => {
  assert.equal(await svg(drawing("a", "1"), drawing("b", "1.00")), undefined);
  assert.equal(await svg(drawing("a", 1), drawing("b", 1.04), { absolute: 0.05 }), undefined);
  const difference = await svg(drawing("a", 1), drawing("b", 1.04), { absolute: 0.01 });
  assert.equal(difference?.kind, "number");
  assert.equal(
    difference?.message,
    "<path>: attribute d, number 1: stored 1, fresh 1.04 (off by 0.04, relative 0.04)",
  );
  assert.equal((await svg(drawing("a", 1), drawing("b", 1.04)))?.kind, "svg");
  assert.match(
    (await svg(drawing("a", 1), drawing("a", 1, "<circle/>"), { absolute: 9 }))?.message ?? "",
    /^stored <\/svg>, fresh <circle>$/,
  );
  assert.match(
    (await svg("<svg><text>one</text></svg>", "<svg><text>two</text></svg>"))?.message ?? "",
    /^<text>: stored "one", fresh "two"$/,
  );
});

Deno.test("compareMarkup() takes megabytes, and elements nested deeper than the stack", async () => {
  const deep = "<div>".repeat(12_000);
  assert.match((await html(`${deep}a`, `${deep}b`))?.message ?? "", /stored "a", fresh "b"/);
  const wide = "<br>".repeat(200_000);
  assert.match((await html(`${wide}a`, `${wide}b`))?.message ?? "", /stored "a", fresh "b"/);
  const rows = Array.from({ length: 15_000 }, (_, i) => [i, "name", i / 7]);
  const large = table(rows);
  assert.equal(await html(large, large.replaceAll("</tr>", "</tr >")), undefined);
  const differences = await html(large, table(rows.map(([a, b, c]) => [a, b, Number(c) + 1])));
  assert.match(differences?.message ?? "", /^row 2 .*; 15000 places differ$/);
});
