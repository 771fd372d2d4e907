import assert from "node:assert/strict";
import { Buffer, isUtf8 } from "node:buffer";
import { parseMarkdownNotebook } from "../../../src/runner/notebook/parse_markdown_notebook.ts";
import { parseNotebook } from "../../../src/runner/notebook/parse_notebook.ts";
import { parseScriptNotebook } from "../../../src/runner/notebook/parse_script_notebook.ts";
import { formatNotebook } from "../../../src/runner/notebook/nbformat.ts";
import { NotebookError } from "../../../src/runner/runner_errors.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { missingNbformat, python } from "./_python.ts";
import { DOCUMENTS, NOTEBOOKS } from "./mutation_seeds.ts";
import { mutations } from "./mutations.ts";

interface Case {
  readonly text: string;
  /** What we write for it, or null where we refuse it. */
  readonly written: string | null;
  /** Why we refuse it. */
  readonly reason?: string;
}

function caseOf(text: string): Case {
  try {
    return { text, written: formatNotebook(parseNotebook(text)) };
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    return { text, written: null, reason: error.message };
  }
}

/** Notebooks after one to three mutations of the kind that leaves them JSON, mostly. */
function* cases(count: number): Generator<Case> {
  for (const notebook of NOTEBOOKS) yield caseOf(JSON.stringify(notebook));
  const source = mutations("validity");
  while (count > 0) {
    const { name, bytes } = source.next().value;
    if (!name.endsWith(".ipynb") || bytes.length > 1e6 || !isUtf8(bytes)) continue;
    count--;
    yield caseOf(Buffer.from(bytes).toString());
  }
}

/**
 * Prints what it finds: `invalid` for what we wrote and nbformat refuses or would repair, `refused`
 * for what nbformat accepts and we do not. Left out there: numbers that JavaScript cannot hold,
 * values deeper than 500, NaN, which is no JSON, and minor versions that nobody knows yet.
 */
const JUDGE = `
import sys, json, copy, nbformat
sys.setrecursionlimit(5000)

def odd(value, depth=0):
    if isinstance(value, bool): return False
    if isinstance(value, int): return abs(value) > 2**53
    if isinstance(value, float): return value != value or abs(value) > 2**53
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return depth > 500 or any(odd(item, depth + 1) for item in inner)

def accepts(text):
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict) or odd(value): return False
    if value.get("nbformat") not in (3, 4): return False
    minor = value.get("nbformat_minor", 0)
    if not isinstance(minor, int) or minor > 5: return False
    try:
        # The schema of nbformat 3 lets through what nbformat then cannot convert.
        nbformat.reads(text, as_version=4)
        return nbformat.validator.isvalid(value)
    except Exception:
        return False

def fault(text):
    value = json.loads(text)
    before = copy.deepcopy(value)
    try:
        nbformat.validate(value)
    except Exception as error:
        return str(error)[:300]
    ids = [cell["id"] for cell in value["cells"]]
    if value != before or len(set(ids)) != len(ids): return "repaired"
    if (value["nbformat"], value["nbformat_minor"]) < (4, 5): return "version"

found = []
valid = 0
for case in json.load(open(sys.argv[1], encoding="utf-8")):
    accepted = accepts(case["text"])
    valid += accepted
    if case["written"] is None:
        if accepted: found.append(["refused", case["reason"]])
    else:
        problem = fault(case["written"])
        if problem: found.append(["invalid", problem, case["text"][:3000]])
print(json.dumps({"found": found, "valid": valid}))
`;

testOrSkip(
  "formatNotebook() writes what nbformat finds valid, and parseNotebook() reads what it does",
  missingNbformat,
  async () => {
    const documents = DOCUMENTS.map(async ({ name, text }): Promise<Case> => {
      const parse = name.endsWith(".md") ? parseMarkdownNotebook : parseScriptNotebook;
      return { text, written: formatNotebook(await parse(text, { name })) };
    });
    const all = [...cases(500), ...await Promise.all(documents)];
    const { found, valid } = JSON.parse(await python(JUDGE, all));
    assert.deepEqual(found, []);
    const written = all.filter((one) => one.written !== null).length;
    assert(written > 150 && valid > 80, `${written} written, ${valid} valid before`);
    // What we accept beyond the schema is mended on the way, or the test above shows little.
    assert(written > valid, `${written} written, ${valid} valid before`);
  },
);

testOrSkip("the judge of validity sees what is not valid", missingNbformat, async () => {
  const text = JSON.stringify(NOTEBOOKS[0]);
  const { written } = caseOf(text);
  const value = JSON.parse(written!);
  const broken = [
    { ...value, extra: 1 },
    { ...value, nbformat_minor: 4 },
    { ...value, cells: [value.cells[0], value.cells[0]] },
    { ...value, cells: [{ ...value.cells[0], id: undefined }] },
    { ...value, metadata: { kernelspec: { name: "a" } } },
    { ...value, cells: [{ ...value.cells[0], metadata: { tags: ["a", "a"] } }] },
  ];
  const judged = broken.map((one) => ({ text, written: JSON.stringify(one) }));
  const { found } = JSON.parse(
    await python(JUDGE, [...judged, { text, written: null, reason: "" }]),
  );
  assert.deepEqual(
    found.map(([kind]: string[]) => kind),
    [...broken.map(() => "invalid"), "refused"],
  );
});
