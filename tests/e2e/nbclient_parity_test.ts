// The same notebooks by nbclient and by our runner: the same verdict, and equal outputs.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../src/_internal/run_command.ts";
import { executeNotebook } from "../../src/runner/execute/execute_notebook.ts";
import { settleText } from "../../src/runner/execute/settle_text.ts";
import { loadNotebook, parseNotebook } from "../../src/runner/notebook/load_notebook.ts";
import { formatNotebook, type Notebook, type Output } from "../../src/runner/notebook/nbformat.ts";
import { stripAnsi } from "../../src/runner/runner_errors.ts";
import { fromCells } from "../runner/_fixture.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";

const PYTHON = "/usr/bin/python3";
const modules = "nbclient, nbformat, ipykernel";
const probe = await runCommand([PYTHON, "-c", `import ${modules}`], { timeout: 60_000 });
const missing = probe.status === "ok" ? undefined : `${PYTHON} cannot import ${modules}`;

/** Executes all notebooks of a folder; the last line tells how each ended. */
const NBCLIENT = `
import asyncio, json, pathlib, sys, nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
verdicts = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.ipynb")):
    notebook = nbformat.read(path, as_version=4)
    verdict = "ok"
    try:
        NotebookClient(notebook, kernel_name="python3", timeout=10).execute()
    except CellExecutionError:
        verdict = "error"
    except CellTimeoutError:
        verdict = "timeout"
    except DeadKernelError:
        verdict = "dead_kernel"
    verdicts[path.stem] = verdict
    nbformat.write(notebook, path.with_suffix(".done"))
print(json.dumps(verdicts))
`;

const NOTEBOOKS: Readonly<Record<string, readonly string[]>> = {
  streams: [
    "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')",
    "for i in range(3): print(i, end=' ')",
    "sys.stdout.write('no newline'); sys.stdout.flush(); sys.stderr.write('e')\nNone",
  ],
  results: ["1 + 1", "'text'", "None", "x = 3", "[1, {'a': (2, 3)}]", "_ + [4]", "x;", "1\n2"],
  rich: [
    "from IPython.display import *\ndisplay(HTML('<b>h</b>'), Markdown('*m*'), Latex('$x$'))",
    "display(JSON({'a': [1, 2]}), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))",
    "display({'text/plain': 'p', 'application/vnd.own+json': {'a': 1}}, raw=True, metadata={'k': 1})",
    "HTML('<i>r</i>')",
    "Image(data=b'\\x89PNG\\r\\n\\x1a\\n', format='png', width=3)",
    "Javascript('1')",
  ],
  updates: [
    "from IPython.display import display\nhandle = display('first', display_id='same')",
    "display('again', display_id='same')",
    "handle.update('last'); display('other', display_id='other')",
    "from IPython.display import update_display\nupdate_display('new', display_id='other')",
    "update_display('nowhere', display_id='absent')",
  ],
  clears: [
    "from IPython.display import clear_output\nprint('gone'); clear_output(); print('stays')",
    "print('gone'); clear_output(wait=True); print('stays')",
    "print('stays'); clear_output(wait=True)",
    "for i in range(3):\n    clear_output(wait=True); print(i)",
  ],
  errors: ["1 / 0", "print('not reached')"],
  raised_inside: ["def f():\n    raise KeyError('k')", "print('before')\nf()", "2"],
  syntax: ["print('first')", "def f(:\n    pass", "3"],
  own_error: ["class Odd(Exception):\n    def __str__(self): return 'odd é'\nraise Odd()"],
  // The pause lets the kernel say that the cell began, which both record.
  exit: ["print('a')", "import os, time; time.sleep(0.5); os._exit(3)", "3"],
  endless: ["print('begun')\nimport time\nwhile True: time.sleep(0.1)", "2"],
  input: ["input('Name?')", "2"],
  magics: [
    "%time _ = 1",
    "!echo from the shell",
    "%%capture captured\nprint('hidden')",
    "captured.stdout",
    "%%bash\necho bash; echo err >&2",
    "%config Completer.use_jedi",
  ].slice(1),
  awaits: [
    "import asyncio\nawait asyncio.sleep(0.01)\nprint('awaited')",
    "async def f(): return 5\nawait f()",
  ],
  background: [
    "import threading, time\ndef work():\n    time.sleep(0.2); print('from a thread')\n" +
    "thread = threading.Thread(target=work); thread.start()\nprint('started')",
    "thread.join(); print('joined')",
  ],
  widgets: [
    // By hand: each version of ipywidgets has a protocol of its own.
    "from ipykernel.comm import Comm\nslider = Comm('jupyter.widget', data={'state': {" +
    "'_model_name': 'IntSliderModel', '_model_module': 'm', '_model_module_version': '1', 'value': 3" +
    "}, 'buffer_paths': []})",
    "slider.send({'method': 'update', 'state': {'value': 7, 'raw': None}, " +
    "'buffer_paths': [['raw']]}, buffers=[b'bytes'])\nprint('sent')",
    "out = Comm('jupyter.widget', data={'state': {'_model_name': 'OutputModel', '_model_module': " +
    "'@jupyter-widgets/output', '_model_module_version': '1', 'msg_id': '', 'outputs': []}})\n" +
    "def capture(on):\n    import sys\n    sys.stdout.flush()\n" +
    "    message = get_ipython().kernel.get_parent('shell')['header']['msg_id'] if on else ''\n" +
    "    out.send({'method': 'update', 'state': {'msg_id': message}})",
    "capture(True)\nprint('inside')\nfrom IPython.display import display\ndisplay('shown')\n" +
    "capture(False)\nprint('outside')",
    "from IPython.display import clear_output\ncapture(True)\nclear_output()\nprint('after')\n" +
    "capture(False)",
  ],
  long_lines: ["print('x' * 100_000)", "for i in range(2000): print(i)"],
  unicode: [
    "print('größe 🧪 漢字 \\u2028 end')",
    "'\\x1b[31mred\\x1b[0m'",
    "print('\\x1b[1mbold\\x1b[0m')",
  ],
  empty: ["", "   \n", "1", "# only a comment"],
  pager: ["print?", "2"],
  help: ["def f():\n    'doc'\nhelp(f)"],
};

interface Tagged {
  readonly name: string;
  readonly cells: readonly (readonly [string, ...string[]])[];
}

/** Cells with tags. */
const TAGGED: readonly Tagged[] = [{
  name: "tags",
  cells: [
    ["raise ValueError('may')", "raises-exception"],
    ["raise ValueError('is skipped')", "skip-execution"],
    ["print('runs')"],
    ["print('fine')", "raises-exception"],
    ["1 / 0"],
    ["print('not reached')"],
  ],
}];

function notebooks(): Map<string, Notebook> {
  const all = new Map<string, Notebook>();
  for (const [name, cells] of Object.entries(NOTEBOOKS)) all.set(name, fromCells(...cells));
  for (const { name, cells } of TAGGED) {
    const notebook = fromCells(...cells.map(([source]) => source));
    for (const [i, [, ...tags]] of cells.entries()) notebook.cells[i].metadata.tags = tags;
    all.set(name, notebook);
  }
  return all;
}

/** What must be equal: colours, ids, times and how prints were cut into messages may differ. */
function comparable(notebook: Notebook): unknown {
  const models = new Map<string, string>();
  const text = JSON.stringify([
    notebook.cells.map((cell) =>
      cell.cell_type === "code" ? [cell.execution_count, merged(cell.outputs)] : []
    ),
    // Stored under their ids, which are drawn anew each time.
    Object.values(widgetsOf(notebook)).map((model) => JSON.stringify(model)).sort(),
  ]);
  const named = text.replace(/\b[0-9a-f]{32}\b|\b[0-9a-f]{8}-[0-9a-f-]{27}(?:_\d+)*/g, (id) => {
    if (!models.has(id)) models.set(id, `id ${models.size}`);
    return models.get(id)!;
  });
  return JSON.parse(
    named.replace(/0x[0-9a-f]{6,}/g, "0x…").replace(/ipykernel_\d+/g, "ipykernel_…"),
  );
}

function widgetsOf({ metadata }: Notebook): Record<string, unknown> {
  const widgets = metadata.widgets as Record<string, { state?: Record<string, unknown> }>;
  return widgets?.["application/vnd.jupyter.widget-state+json"]?.state ?? {};
}

function merged(outputs: readonly Output[]): unknown[] {
  const joined: Output[] = [];
  for (const output of structuredClone(outputs) as Output[]) {
    const last = joined.at(-1);
    const isStream = output.output_type === "stream" && last?.output_type === "stream";
    if (isStream && last.name === output.name) last.text += output.text;
    else joined.push(output);
  }
  return joined.map((output) => {
    if (output.output_type === "stream") return { ...output, text: settleText(output.text) };
    if (output.output_type !== "error") return output;
    return { ...output, traceback: output.traceback.map(stripAnsi) };
  });
}

testOrSkip(
  "executeNotebook() ends as nbclient does, with its outputs",
  missing,
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
    try {
      for (const [name, notebook] of notebooks()) {
        await writeFile(join(folder, `${name}.ipynb`), formatNotebook(notebook));
      }
      const ran = await runCommand([PYTHON, "-c", NBCLIENT, folder], { timeout: 600_000 });
      assert.equal(ran.status, "ok", ran.stderr);
      const verdicts = JSON.parse(ran.stdout.trim().split("\n").at(-1)!);
      for (const [name, notebook] of notebooks()) {
        await t.step(name, async () => {
          const ours = await executeNotebook(notebook, {
            ...{ kernel: "python3", timeout: 10_000, cwd: folder },
          });
          assert.equal(ours.status, verdicts[name]);
          const theirs = await loadNotebook(join(folder, `${name}.done`)).catch(() => undefined);
          assert(theirs !== undefined);
          // Written and read, so that the keys of both stand in one order.
          const written = parseNotebook(formatNotebook(ours.notebook));
          assert.deepEqual(comparable(written), comparable(theirs));
        });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
