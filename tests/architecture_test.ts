// Holds the house to its plan: what imports what, what a door exports, what an import does.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  findCycles,
  type Graph,
  importClosure,
  readImportGraph,
} from "./_internal/import_graph.ts";
import { FLOORS, homeFault, roomFault, roomOf } from "./_tools/rooms.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const LEAVES = ["hardware", "stages", "sampler_lock", "sampling", "metrics"];
const MOST_NAMES = 60;
const MOST_LINES = 250;

const sources = filesBelow("src");
const graph = await readImportGraph(ROOT, ["mod.ts", ...sources]);

Deno.test("every import of src can be resolved", () => {
  assert.deepEqual(graph.broken, []);
  assert.ok(sources.length > 50, `only ${sources.length} files were found`);
  assert.ok(graph.edges.size > 50);
});

Deno.test("no import goes up or sideways, and no package is imported away from its home", () => {
  const faults = [];
  for (const [file, edges] of graph.edges) {
    for (const { specifier } of edges) {
      const fault = roomFault(`/${file}`, specifier) ?? homeFault(`/${file}`, specifier);
      if (fault !== undefined) faults.push(`${file}: ${fault.message}`);
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test("no file imports itself by way of others", () => {
  assert.deepEqual(findCycles(graph), []);
});

Deno.test("findCycles() sees a cycle, one of types too", () => {
  const graphOf = (pairs: [string, string, boolean][]): Graph => ({
    broken: [],
    edges: new Map(pairs.map(([from, to, typeOnly]) => [
      from,
      [{ specifier: to, target: to, typeOnly }],
    ])),
  });
  assert.deepEqual(
    findCycles(graphOf([["a", "b", false], ["b", "c", false], ["c", "b", false]])),
    [["b", "c", "b"]],
  );
  assert.deepEqual(
    findCycles(graphOf([["a", "b", false], ["b", "a", true]])),
    [["a", "b", "a"]],
  );
});

Deno.test("every room has a floor, and every subpath leads to a room", () => {
  const rooms = Array.from(Deno.readDirSync(`${ROOT}src`), (entry) => entry.name);
  for (const room of rooms) assert.ok(room in FLOORS, `src/${room} has no floor`);
  for (const [subpath, file] of Object.entries(exportsOfPackage())) {
    assert.ok(Deno.statSync(ROOT + file).isFile, file);
    if (subpath !== ".") assert.equal(file, `./src/${subpath.slice(2)}/mod.ts`);
  }
});

Deno.test("ARCHITECTURE.md gives each room that exists its floor, and no other", async () => {
  const table = (await Deno.readTextFile(`${ROOT}ARCHITECTURE.md`))
    .matchAll(/^\| (\d) +\| `(\w+)` +\|/gm);
  const documented = Object.fromEntries(
    Array.from(table, ([, floor, room]) => [room, Number(floor)]),
  );
  const rooms = new Set(sources.map((file) => roomOf(`/${file}`) ?? ""));
  assert.deepEqual(documented, Object.fromEntries([...rooms].map((room) => [room, FLOORS[room]])));
});

Deno.test("ARCHITECTURE.md and CONTRIBUTING.md name files that exist", async () => {
  for (const document of ["ARCHITECTURE.md", "CONTRIBUTING.md"]) {
    const text = await Deno.readTextFile(ROOT + document);
    const paths = Array.from(
      text.matchAll(/`((?:src|tests|fixtures)\/[\w/.]+?)\/?`/g),
      ([, path]) => path,
    );
    assert.ok(paths.length > 5, document);
    for (const path of paths) {
      if (/thing/.test(path)) continue;
      assert.ok(await Deno.stat(ROOT + path).then(() => true, () => false), `${document}: ${path}`);
    }
  }
});

Deno.test(`mod.ts exports at most ${MOST_NAMES} names`, async () => {
  const names = await exportedNames("mod.ts");
  assert.ok(names.size <= MOST_NAMES, `${names.size}: ${[...names].join(", ")}`);
});

Deno.test("a room's door only passes on what its files export", async () => {
  for (const file of ["mod.ts", ...sources.filter((path) => path.endsWith("/mod.ts"))]) {
    const code = (await Deno.readTextFile(ROOT + file))
      .replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
    const rest = code.replace(/export\s+(type\s+)?(\*|\{[^}]*\})(\s+from\s+"[^"]+")?;/g, "").trim();
    assert.equal(rest, "", `${file} does more than re-export`);
  }
});

Deno.test(`a file longer than ${MOST_LINES} lines says why at its top`, async () => {
  for (const file of sources) {
    const text = await Deno.readTextFile(ROOT + file);
    const lines = text.trimEnd().split("\n");
    if (lines.length <= MOST_LINES) continue;
    const top = lines.slice(0, 12).filter((line) => /^\s*(\/\/|\/?\*)/.test(line)).join("\n");
    assert.match(
      top,
      /\b(long|longer|lines|one file|together|one place)\b/i,
      `${file}: ${lines.length} lines`,
    );
  }
});

Deno.test("leaf rooms import no package, nor does anything they import", () => {
  for (const room of LEAVES) {
    const files = sources.filter((file) => roomOf(`/${file}`) === room);
    assert.ok(files.length > 0, `src/${room} is empty`);
    const { specifiers } = importClosure(graph, files);
    const packages = specifiers.filter((name) => !/^(\.|node:)/.test(name));
    assert.deepEqual(packages, [], `src/${room}`);
  }
});

for (const room of LEAVES) {
  Deno.test(`${room} runs alone: copied with _internal into an empty folder, without a config`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      for (const name of ["_internal", room]) {
        await copyFolder(`${ROOT}src/${name}`, `${folder}/src/${name}`);
      }
      const door = `${folder}/src/${room}/mod.ts`;
      const script = `const door = await import(${JSON.stringify(door)});
        console.log(Object.keys(door).length);`;
      const args = ["run", "--no-config", "--no-npm", "--no-prompt", "--allow-read"];
      const { code, stdout, stderr } = await runScript(folder, args, script);
      assert.equal(code, 0, stderr);
      assert.equal(stderr, "");
      assert.ok(Number(stdout) > 0, "the door exports nothing");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

for (const [subpath, file] of Object.entries(exportsOfPackage())) {
  Deno.test(`importing "${subpath}" reads no environment, starts nothing and prints nothing`, async () => {
    const script = `await import(${JSON.stringify(new URL(file, `file://${ROOT}`).href)});
      await new Promise((resolve) => setTimeout(resolve, 0));`;
    const args = [
      "run",
      "--no-prompt",
      "--no-check",
      "--allow-read",
      "--config",
      `${ROOT}deno.json`,
    ];
    assert.deepEqual(await runScript(ROOT, args, script), { code: 0, stdout: "", stderr: "" });
  });
}

Deno.test("the probe for silent imports hears a print, an environment read and a started process", async () => {
  const args = ["run", "--no-prompt", "--no-config", "--allow-read"];
  for (
    const bad of [
      "console.log(1)",
      'Deno.env.get("HOME")',
      'new Deno.Command("ls").outputSync()',
    ]
  ) {
    const result = await runScript(ROOT, args, bad);
    assert.notDeepEqual(result, { code: 0, stdout: "", stderr: "" }, bad);
  }
});

async function runScript(cwd: string, args: string[], script: string) {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, script);
    const command = new Deno.Command(Deno.execPath(), {
      args: [...args, file],
      cwd,
      stdin: "null",
    });
    const { code, stdout, stderr } = await command.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    await Deno.remove(file);
  }
}

async function exportedNames(file: string): Promise<Set<string>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", file],
    cwd: ROOT,
    stderr: "inherit",
  }).output();
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as {
    nodes: Record<string, { symbols?: { name: string }[] }>;
  };
  return new Set(
    Object.values(nodes).flatMap(({ symbols = [] }) => symbols.map(({ name }) => name)),
  );
}

function exportsOfPackage(): Record<string, string> {
  return JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)).exports;
}

function filesBelow(folder: string): string[] {
  return Array.from(Deno.readDirSync(ROOT + folder)).flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? filesBelow(path) : path.endsWith(".ts") ? [path] : [];
  }).sort();
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
