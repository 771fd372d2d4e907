import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CommandContext } from "../../src/cli/command.ts";
import { runsReportCommand } from "../../src/cli/runs_report.ts";
import { UsageError } from "../../src/cli/usage.ts";
import { inRoot, sampleRun } from "../report/_sample_run.ts";

async function report(cwd: string, args: readonly string[]) {
  let stdout = "";
  const context: CommandContext = {
    cwd,
    signal: new AbortController().signal,
    isTerminal: false,
    stdout: { write: (text) => stdout += text },
    stderr: { write: () => {} },
  };
  const code = await runsReportCommand([...args], context);
  return { code, stdout };
}

Deno.test("qsight runs report writes the page of a run by id, beginning, latest and path", () =>
  inRoot(async (cwd) => {
    const root = join(cwd, "trained_model");
    const { id, folder } = await sampleRun(root, { epochs: 1 });
    const page = `trained_model/${id}/reports/index.html`;
    for (const name of [id, id.slice(0, -2), "latest", folder, `trained_model/${id}`]) {
      assert.deepEqual(await report(cwd, [name]), { code: 0, stdout: `${page}\n` }, name);
    }
    assert.ok(existsSync(join(cwd, page)));
    const { stdout } = await report(root, ["latest", "--root", ".", "--json"]);
    assert.deepEqual(JSON.parse(stdout), {
      schema: "qsight.runs_report/1",
      page: `${id}/reports/index.html`,
      runs: [folder],
    });
  }));

Deno.test("qsight runs report compares several runs, by default beside them", () =>
  inRoot(async (cwd) => {
    const root = join(cwd, "trained_model");
    const [a, b] = [await sampleRun(root, { epochs: 1 }), await sampleRun(root, { epochs: 1 })];
    const { code, stdout } = await report(cwd, [a.id, b.id]);
    assert.deepEqual([code, stdout], [0, "trained_model/comparison.html\n"]);
    await report(cwd, [a.id, b.id, "--out", "pages/ab.html"]);
    assert.ok(existsSync(join(cwd, "pages", "ab.html")));
  }));

Deno.test("qsight runs report says what is wrong with its arguments", () =>
  inRoot(async (cwd) => {
    const { id } = await sampleRun(join(cwd, "trained_model"), { epochs: 1 });
    const wrong: [args: string[], message: RegExp][] = [
      [[], /found no run; name one or more/],
      [["nothing"], /found no run "nothing"/i],
      [[id, id], /names a run that was named before/],
      [[id, "--out", "x.html"], /--out is for several runs/],
      [["latest", "--jsn"], /"--jsn"\. Did you mean "--json"\?/],
    ];
    for (const [args, message] of wrong) {
      await assert.rejects(report(cwd, args), (error: Error) => {
        assert.ok(error instanceof UsageError, error.stack);
        assert.match(error.message, message);
        return true;
      });
    }
  }));
