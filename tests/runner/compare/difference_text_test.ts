import assert from "node:assert/strict";
import { renderPng } from "../../../src/images/mod.ts";
import { differenceText } from "../../../src/runner/compare/difference_text.ts";
import type { OutputDifference } from "../../../src/runner/compare/output_difference.ts";

/** A difference of two texts. */
function difference(
  stored: string | undefined,
  fresh: string | undefined,
  rest: Partial<OutputDifference> = {},
): OutputDifference {
  return {
    ...{ cellIndex: 3, part: "text/plain", kind: "text", message: "differs" },
    ...(stored === undefined ? {} : { stored }),
    ...(fresh === undefined ? {} : { fresh }),
    ...rest,
  };
}

const lines = (count: number, word: string) =>
  Array.from({ length: count }, (_, i) => `${word} ${i}`).join("\n");

Deno.test("differenceText() shows what changed with two lines around it", async () => {
  const stored = "a\nb\nc\nd\ne\nf\ng\nh\ni\n";
  const text = await differenceText([difference(stored, stored.replace("e", "E!"))]);
  assert.deepEqual(text.split("\n"), [
    "cell 3 · text/plain: differs",
    "  @@ stored -3,5 fresh +3,5 @@",
    "    c",
    "    d",
    "  - e",
    "  + E!",
    "    f",
    "    g",
  ]);
});

Deno.test("differenceText() makes changes far apart two hunks, and near ones one", async () => {
  const heads = async (at: number) => {
    const fresh = lines(40, "row").replace("row 2\n", "ROW 2\n").replace(
      `row ${at}\n`,
      `ROW ${at}\n`,
    );
    const text = await differenceText([difference(lines(40, "row"), fresh)]);
    return text.split("\n").filter((line) => line.includes("@@"));
  };
  assert.deepEqual(await heads(7), ["  @@ stored -1,10 fresh +1,10 @@"]);
  assert.deepEqual(await heads(8), [
    "  @@ stored -1,5 fresh +1,5 @@",
    "  @@ stored -7,5 fresh +7,5 @@",
  ]);
});

Deno.test("differenceText() names the executed cell where there is one more", async () => {
  const text = await differenceText([difference("a", "b", { executedIndex: 4 })]);
  assert.match(text, /^cell 4 · text\/plain/);
});

Deno.test("differenceText() says numbers, one side alone and nothing in one line each", async () => {
  for (
    const [stored, fresh, sentence] of [
      ["0.25", "0.251", "expected 0.25, found 0.251 (off by 0.4 %)"],
      ["0", "1e-3\n", "expected 0, found 1e-3 (off by 0.001)"],
      ["-2.", "2", "expected -2., found 2 (off by 200 %)"],
      ["0.5", "nan", "expected 0.5, found nan"],
    ]
  ) {
    const text = await differenceText([difference(stored, fresh)]);
    assert.equal(text, `cell 3 · text/plain: differs\n  ${sentence}`);
  }
  assert.match(
    await differenceText([difference("gone\n", undefined)]),
    /-1,1 fresh \+0,0.*\n {2}- gone$/,
  );
  assert.match(await differenceText([difference(undefined, "new")]), /\n {2}\+ new$/);
  assert.equal(
    await differenceText([difference(undefined, undefined)]),
    "cell 3 · text/plain: differs",
  );
  assert.equal(await differenceText([]), "");
});

Deno.test("differenceText() sends nothing that acts on the terminal, whatever the outputs hold", async () => {
  const evil = "a\x1b[2Jb\x07c\x9b31m\r\u202ed\u200b\x7f";
  const part = "text/\x1b[31mplain";
  const both = [
    difference(`${evil}\nx`, `${evil}!\nx`, { message: `m\n${evil}`, part }),
    difference(evil, undefined, { part: "stdout" }),
  ];
  const plain = await differenceText(both);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(plain, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e]/);
  assert.match(plain, /a␛\[2Jb␇c\\u\{9b\}31m␍\\u\{202e\}d\\u\{200b\}␡/);
  assert.match(plain, /m␊a␛/);
  const coloured = await differenceText(both, { colour: true });
  // deno-lint-ignore no-control-regex
  const rest = coloured.replace(/\x1b\[(?:0|1|2|31|32|36|31;7|32;7)m/g, "");
  assert.equal(rest, plain);
  assert.notEqual(coloured, plain);
});

Deno.test("differenceText() marks the changed words when colours are asked for", async () => {
  const text = await differenceText([difference("loss 0.25 acc 1", "loss 0.27 acc 1")], {
    colour: true,
  });
  assert.ok(text.includes("\x1b[31;7m25\x1b[0m\x1b[31m acc 1\x1b[0m"), JSON.stringify(text));
  assert.ok(text.includes("\x1b[32;7m27\x1b[0m"));
});

Deno.test("differenceText() shows blanks at the end of a line, and other spaces", async () => {
  const text = await differenceText([difference("a \t\nb", "a\nb\u00a0c")]);
  assert.match(text, /- a·⇥\n/);
  assert.match(text, /\+ b\\u\{a0\}c$/);
});

Deno.test("differenceText() cuts long lines around the change, both at the same column", async () => {
  const stored = `${"x".repeat(500)}OLD${"y".repeat(500)}`;
  const text = await differenceText([difference(stored, stored.replace("OLD", "NEW"))], {
    width: 60,
  });
  const [, , removed, added] = text.split("\n");
  assert.match(removed, /^ {2}- …x+OLDy+…$/);
  assert.equal(added, removed.replace("- ", "+ ").replace("OLD", "NEW"));
  for (const line of text.split("\n")) assert.ok(line.length <= 60, line);
  for (const width of [60, 61, 62, 63, 64, 65]) {
    const pair = difference("🙂".repeat(200), `${"🙂".repeat(200)}!`);
    const emoji = await differenceText([pair], { width });
    assert.ok(emoji.isWellFormed() && !emoji.includes("\ufffd"), emoji);
  }
});

Deno.test("differenceText() stops after maxLines and counts the rest", async () => {
  const text = await differenceText([difference(lines(60, "old"), lines(70, "new"))], {
    maxLines: 10,
  });
  const shown = text.split("\n");
  assert.deepEqual(shown.slice(2), [
    ...[0, 1, 2, 3, 4].map((i) => `  - old ${i}`),
    ...[0, 1, 2, 3, 4].map((i) => `  + new ${i}`),
    "  … 120 more lines",
  ]);
  const one = await differenceText([difference(lines(3, "old"), undefined)], { maxLines: 2 });
  assert.match(one, /old 1\n {2}… 1 more line$/);
});

Deno.test("differenceText() says sizes and share of pictures", async () => {
  const picture = (width: number) =>
    renderPng(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="9"/>`);
  const image = { stored: await picture(12), fresh: await picture(13), share: 0.0031 };
  const png = difference(undefined, undefined, { part: "image/png", kind: "image", image });
  assert.match(
    await differenceText([png]),
    /\n {2}stored 12 x 9 pixels, fresh 13 x 9 pixels, 0\.31 % of the pixels differ visibly$/,
  );
  const broken = { ...png, image: { ...image, fresh: Uint8Array.of(1, 2) } };
  assert.match(await differenceText([broken]), /fresh 2 bytes,/);
});

Deno.test("differenceText() ends soon on megabytes that have nothing in common", async () => {
  const text = await differenceText([
    difference(lines(100_000, "old"), lines(100_000, "new")),
    difference("a ".repeat(500_000), "b ".repeat(500_000)),
  ]);
  assert.match(text, /… 199960 more lines/);
  assert.ok(text.length < 10_000);
});

Deno.test("differenceText() refuses what it does not know", async () => {
  await assert.rejects(differenceText([], { color: true } as never), /Did you mean "colour"/);
  await assert.rejects(differenceText([], { width: 19 }), RangeError);
  await assert.rejects(differenceText([], { maxLines: 0 }), /found maxLines 0, wanted/);
  await assert.rejects(differenceText([], { maxLines: 1.5 }), RangeError);
});
