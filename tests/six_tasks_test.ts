// The table of docs/six_tasks.md is counted from the code below it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const PAGE = await readFile(new URL("../docs/six_tasks.md", import.meta.url), "utf8");
const CHARACTERS_A_MINUTE = 200;

/** Lines and minutes of a block: code only, and of ours what comes after the marker. */
function measure(block: string): string[] {
  const [before, after] = block.split("// from here on\n");
  const lines = (after ?? before).split("\n").map((line) => line.trim())
    .filter((line) => line !== "" && !/^(#|\/\/)/.test(line));
  const characters = lines.reduce((sum, line) => sum + line.length + 1, 0);
  return [`${lines.length}`, (characters / CHARACTERS_A_MINUTE).toFixed(1)];
}

/** The blocks of a section, ours first. */
function blocksOf(title: string): string[] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
  assert.ok(section !== undefined, title);
  return Array.from(section.matchAll(/^```\w+\n([\s\S]*?)^```$/gm), ([, block]) => block);
}

Deno.test("docs/six_tasks.md counts lines and minutes as they are", () => {
  const rows = PAGE.match(/^\|.*\|$/gm)!.slice(2).map((row) =>
    row.split("|").slice(1, -1).map((cell) => cell.trim())
  );
  const found = rows.map(([task, ...figures]) => [task.replace(/^\[(.*)\].*/, "$1"), ...figures]);
  const wanted = found.filter(([task]) => task !== "").flatMap(([task], i, tasks) => {
    const at = found.findIndex(([other]) => other === task);
    const end = i + 1 < tasks.length
      ? found.findIndex(([other]) => other === tasks[i + 1][0])
      : found.length;
    const [own, ...others] = blocksOf(task[0].toUpperCase() + task.slice(1));
    assert.equal(others.length, end - at, `${task}: a row for each of the others`);
    return others.map((block, k) => [
      ...(k === 0 ? [task, ...measure(own)] : ["", "", ""]),
      found[at + k][3],
      ...measure(block),
    ]);
  });
  assert.equal(wanted.length, 7);
  assert.deepEqual(found, wanted);
});

Deno.test("the count passes over comments, blank lines and what stands above the marker", () => {
  assert.deepEqual(measure("a\n// from here on\n\n// b\nabc\n"), ["1", "0.0"]);
  assert.deepEqual(measure(`# a\n${"x".repeat(199)}\n\n`), ["1", "1.0"]);
});
