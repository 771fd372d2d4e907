import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readParameters, takeParameters } from "../../src/cli/parameter_options.ts";
import { UsageError } from "../../src/cli/usage.ts";
import { inFolder } from "./_call.ts";

async function read(args: readonly string[], cwd = "/"): Promise<unknown> {
  const { sources, rest } = takeParameters(["a", ...args, "--kernel", "deno"]);
  assert.deepEqual(rest, ["a", "--kernel", "deno"]);
  return JSON.parse(JSON.stringify(await readParameters(sources, cwd)));
}

Deno.test("takeParameters() and readParameters() read values by their look, as papermill does", async () => {
  const values = ["true", "False", "none", "-1.5e3", ".5", "0x10", "1.", "3 apples", ""];
  const args = values.flatMap((value, i) => ["-p", `p${i}`, value]);
  assert.deepEqual(
    Object.values(await read(args) as object),
    [true, false, null, -1500, 0.5, "0x10", 1, "3 apples", ""],
  );
});

Deno.test("readParameters() takes raw texts, files, YAML and Base64; the last of one name counts", async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, "p.yaml"), "epochs: 3\nsizes: [8, 16]\n");
    await writeFile(join(folder, "p.json"), '{"name": "x"}');
    const args = ["-p", "epochs", "1", "-f", "p.yaml", "-r", "raw", "007", "-y", "name: y"];
    assert.deepEqual(await read([...args, "--parameters_file", "p.json"], folder), {
      ...{ epochs: 3, sizes: [8, 16], raw: "007", name: "x" },
    });
    assert.deepEqual(await read(["-f", "p.yaml", "--parameters", "epochs", "9"], folder), {
      ...{ epochs: 9, sizes: [8, 16] },
    });
    assert.deepEqual(await read(["-b", btoa("a: 1")]), { a: 1 });
  });
});

Deno.test("takeParameters() and readParameters() say what they wanted", async () => {
  const wrong: [string[], RegExp][] = [
    [["-p", "epochs"], /^-p: wanted a name and a value, as in -p epochs 3/],
    [["--parameters_raw", "x"], /^--parameters_raw: wanted a name and a value/],
    [["-f"], /^-f: wanted a YAML or JSON file/],
    [["-p", "no name", "1"], /^-p no name: the name must be an identifier/],
    [["-p", "n", "123456789012345678901"], /^-p n: .*more digits than a number keeps/],
    [["-f", "missing.yaml"], /^Cannot read parameters \/missing\.yaml/],
    [["-y", "- 1"], /^-y: found a list, wanted names with values/],
    [["-b", "*"], /^-b is not Base64/],
  ];
  for (const [args, message] of wrong) {
    await assert.rejects(
      async () => await readParameters(takeParameters(args).sources, "/"),
      (error) => error instanceof UsageError && message.test(error.message),
      args.join(" "),
    );
  }
});
