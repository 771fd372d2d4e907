import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { runCommand } from "../../_internal/run_command.ts";
import type { KernelSpec } from "../kernels/kernel_spec.ts";
import type { CodeOfNotebook, Imports } from "./notebook_imports.ts";

/**
 * Follows imports with Python's own parser and finders, and executes nothing of what it finds. Only
 * modules outside the standard library and site-packages are followed; what is installed there is
 * known by the checksums in its RECORD.
 */
const SCRIPT = String.raw`
import ast, hashlib, importlib, importlib.machinery, json, os, re, sys, sysconfig

STDLIB = tuple(os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "platstdlib"))
IMPORT = re.compile(r"^\s*(?:from\s+([.\w]+)\s+import\s+([\w, ]+)|import\s+([\w., ]+))", re.M)
SITES = ("site-packages", "dist-packages")

def installed(path):
    return any(part in SITES for part in path.split(os.sep)) or os.path.realpath(path).startswith(STDLIB)

def find(name):
    """Files of a module and of its packages, without importing any; None where it is nowhere."""
    files, path = [], None
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        full, spec = ".".join(parts[:end]), None
        for finder in sys.meta_path:
            try:
                spec = finder.find_spec(full, path)
            except Exception:
                spec = None
            if spec is not None:
                break
        if spec is None and end == 1:
            return None
        if spec is None:
            break
        if spec.has_location and spec.origin:
            files.append((spec.origin, full if spec.submodule_search_locations is not None else full.rpartition(".")[0]))
        if spec.submodule_search_locations is None:
            break
        path = list(spec.submodule_search_locations)
    return files

def without_magics(source):
    lines = source.split("\n")
    if lines and lines[0].lstrip().startswith("%%"):
        lines = lines[1:]
    run = []
    for i, line in enumerate(lines):
        found = re.match(r"(\s*)(?:[\w, ]+=\s*)?[%!]", line)
        if found:
            run += [token.strip("'\"") for token in line.split() if token.strip("'\"").endswith(".py")]
            lines[i] = found.group(1) + "pass"
        elif line.rstrip().endswith("?"):
            lines[i] = "pass"
    return "\n".join(lines), run

def literal(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None

def imports(source, package):
    """Names of modules that a source may import; package is where relative names start."""
    def relative(level, module):
        if level == 0:
            return module or ""
        base = package.split(".")[: len(package.split(".")) - level + 1] if package else []
        return ".".join(base + ([module] if module else []))
    names = []
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        for module, targets, plain in IMPORT.findall(source):
            level = len(module) - len(module.lstrip("."))
            base = relative(level, module.lstrip("."))
            names += [base] + [base + "." + target.split()[0] for target in targets.split(",") if target.strip()]
            names += [target.split()[0] for target in plain.split(",") if target.strip()]
        return named(names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = relative(node.level, node.module)
            names += [base] + [base + "." + alias.name for alias in node.names]
        elif isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in ("import_module", "__import__", "run_path", "run_module"):
                names.append(literal(node.args[0]) or "")
    return named(names)

def named(names):
    return [name.strip(".") for name in names if name.strip(".")]

def follow(folder, sources):
    os.chdir(folder)
    sys.path[0] = folder
    importlib.invalidate_caches()
    files, queue, asked = set(), [], set()
    def add(path, package):
        path = os.path.abspath(path)
        if path in files or installed(path) or not os.path.isfile(path):
            return
        files.add(path)
        if path.endswith(".py"):
            with open(path, encoding="utf-8", errors="replace") as stream:
                queue.append((stream.read(), package))
    for source in sources:
        code, run = without_magics(source)
        queue.append((code, ""))
        for path in run:
            add(path, "")
    while queue:
        source, package = queue.pop()
        for name in imports(source, package):
            if name in asked:
                continue
            asked.add(name)
            found = find(name)
            if found is None:
                # It may be written any time, and then it counts.
                files.add(os.path.join(folder, name.split(".")[0] + ".py"))
            for path, inner in found or []:
                add(path, inner)
    return sorted(files)

def packages():
    digest = hashlib.sha256()
    for folder in sorted(set(path for path in sys.path if any(site in path for site in SITES))):
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            if not name.endswith((".dist-info", ".egg-info", ".egg-link", ".pth")):
                continue
            path = os.path.join(folder, name)
            record = os.path.join(path, "RECORD") if os.path.isdir(path) else path
            if not os.path.isfile(record):
                record = os.path.join(path, "PKG-INFO")
            digest.update(path.encode())
            if os.path.isfile(record):
                with open(record, "rb") as stream:
                    digest.update(stream.read())
    return digest.hexdigest()

with open(sys.argv[1], encoding="utf-8") as stream:
    jobs = json.load(stream)
sys.path.insert(0, "")
answers = [follow(job["folder"], job["sources"]) for job in jobs]
print(json.dumps({"version": sys.version, "packages": packages(), "files": answers}))
`;

/** Local modules that notebooks of an IPython kernel import, and what is installed beside them. */
export async function pythonDependencies(
  spec: KernelSpec,
  notebooks: readonly CodeOfNotebook[],
): Promise<Imports[]> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-imports-"));
  try {
    const file = join(folder, "jobs.json");
    await writeFile(
      file,
      JSON.stringify(notebooks.map(({ folder, sources }) => ({ folder, sources }))),
    );
    const { status, stdout, stderr } = await runCommand([spec.argv[0], "-c", SCRIPT, file], {
      timeout: 60_000,
      cwd: folder,
      env: { ...process.env, ...spec.env } as Record<string, string>,
    });
    if (status !== "ok") {
      const unknown = `${spec.argv[0]} could not follow the imports: ${
        stderr.trim().split("\n").at(-1) || status
      }`;
      return notebooks.map(() => ({ modules: [], facts: [], unknown }));
    }
    const { version, packages, files } = JSON.parse(stdout) as {
      readonly version: string;
      readonly packages: string;
      readonly files: readonly (readonly string[])[];
    };
    return files.map((found) => ({ modules: found, facts: [version, packages] }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
