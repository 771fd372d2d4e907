// Each check of what is installed, on a project where that is absent, wrong or contradictory.
import assert from "node:assert/strict";
import process from "node:process";
import { probeHardware } from "../../src/hardware/probe_hardware.ts";
import { assertFinding, findingsOf, inProject, type ProjectFiles } from "./_project.ts";

/** A declared package and what is installed of it. */
function project(
  range: string,
  installed: string | undefined,
  more: ProjectFiles = {},
): ProjectFiles {
  return {
    "deno.json": { nodeModulesDir: "manual", imports: { diff: `npm:diff@${range}` } },
    ...(installed === undefined ? {} : {
      "node_modules/diff/package.json": { name: "diff", version: installed },
    }),
    ...more,
  };
}

Deno.test("QD101 sees a package that is declared and not installed", async () => {
  const other = { "node_modules/yaml/package.json": { version: "2.0.0" } };
  await inProject(project("9.0.0", undefined, other), async (folder) => {
    await assertFinding("QD101", folder, {
      status: "failure",
      found: /diff is declared as 9\.0\.0 and not installed/,
    });
  });
  await inProject(project("9.0.0", "9.0.0"), async (folder) => {
    await assertFinding("QD101", folder, { status: "ok", found: /1 packages/ });
  });
});

Deno.test("QD101 says once that nothing is installed, and QD102 does not call that well", async () => {
  const imports = { diff: "npm:diff@9", yaml: "npm:yaml@2" };
  await inProject({ "deno.json": { nodeModulesDir: "auto", imports } }, async (folder) => {
    await assertFinding("QD101", folder, {
      status: "failure",
      found: /none of 2 packages is installed/,
    });
    await assertFinding("QD102", folder, { status: "skipped", found: /nothing is installed/ });
    await assertFinding("QD104", folder, { status: "skipped", found: /nothing is installed/ });
  });
});

Deno.test("QD101 finds no project where there is none", async () => {
  await inProject({}, async (folder) => {
    await assertFinding("QD101", folder, {
      status: "failure",
      found: /no deno\.json and no package/,
    });
    await assertFinding("QD201", folder, {
      status: "failure",
      found: /no deno\.json and no package/,
    });
  });
});

Deno.test("QD102 sees a version out of range, and skips what is no range", async () => {
  for (const [range, installed] of [["^9.0.0", "8.5.0"], ["9.0.0", "9.0.1"], ["~9.0.0", "9.1.0"]]) {
    await inProject(project(range, installed), async (folder) => {
      const { wanted } = await assertFinding("QD102", folder, {
        status: "failure",
        found: new RegExp(`diff ${installed} is installed`),
      });
      assert.equal(wanted, `diff@${range}`);
    });
  }
  const files = { "package.json": { dependencies: { diff: "github:kpdecker/jsdiff" } } };
  await inProject({ ...project("9", "9.0.0"), "deno.json": {}, ...files }, async (folder) => {
    const statuses = (await findingsOf("QD102", folder)).map(({ status }) => status);
    assert.deepEqual(statuses, ["ok", "skipped"]);
  });
});

Deno.test("QD103 sees two copies of TensorFlow.js, in a store and nested", async () => {
  const core = "@tensorflow/tfjs-core";
  const at = (folder: string, version: string) => ({
    [`node_modules/${folder}/package.json`]: { name: core, version },
  });
  for (
    const second of [
      `.deno/@tensorflow+tfjs-core@4.1.0/node_modules/${core}`,
      `other/node_modules/${core}`,
    ]
  ) {
    const files = { ...at(core, "4.22.0"), ...at(second, "4.1.0") };
    await inProject({ ...project("9", "9.0.0"), ...files }, async (folder) => {
      const { found } = await assertFinding("QD103", folder, {
        status: "failure",
        found: /2 copies of @tensorflow\/tfjs-core: 4\.22\.0 in/,
      });
      assert.match(found, /4\.1\.0 in/);
    });
  }
  await inProject({ ...project("9", "9.0.0"), ...at(core, "4.22.0") }, async (folder) => {
    await assertFinding("QD103", folder, { status: "ok", found: /1 packages/ });
  });
});

/** The first bytes of a library for Linux. */
function elf(machine: number): Uint8Array {
  const bytes = new Uint8Array(128);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  new DataView(bytes.buffer).setUint16(18, machine, true);
  return bytes;
}

/** The first bytes of one for Windows. */
function dll(machine: number): Uint8Array {
  const bytes = new Uint8Array(256);
  bytes.set([0x4d, 0x5a]);
  new DataView(bytes.buffer).setUint32(60, 128, true);
  bytes.set([0x50, 0x45, 0, 0], 128);
  new DataView(bytes.buffer).setUint16(132, machine, true);
  return bytes;
}

const MACHINES: Readonly<Record<string, number>> = { x64: 0x3e, arm64: 0xb7 };

/** A package with a binary for each platform. */
function native(binary: Uint8Array | string | undefined): ProjectFiles {
  const own = `@img/fake-${process.platform}-${process.arch}`;
  const optionalDependencies = { [own]: "1.0.0", "@img/fake-sunos-x64": "1.0.0" };
  return {
    "deno.json": { nodeModulesDir: "manual", imports: { fake: "npm:fake@1.0.0" } },
    "node_modules/fake/package.json": { name: "fake", version: "1.0.0", optionalDependencies },
    ...(binary === undefined ? {} : {
      [`node_modules/${own}/package.json`]: { name: own, version: "1.0.0" },
      [`node_modules/${own}/lib/fake.node`]: binary,
    }),
  };
}

Deno.test({
  name: "QD104 sees a native binary that is missing, of another machine, or torn",
  ignore: process.platform !== "linux" || !(process.arch in MACHINES),
  async fn() {
    const other = process.arch === "x64" ? MACHINES.arm64 : MACHINES.x64;
    for (
      const [binary, found] of [
        [undefined, /is installed without @img\/fake-linux/],
        [elf(other), /built for linux (?:arm64|x64), this is linux/],
        [dll(0x8664), /built for win32 x64/],
        [elf(0x1234), /machine 0x1234/],
        ["<html>404</html>".repeat(8), /is no library/],
        [new Uint8Array(3), /is no library/],
      ] as const
    ) {
      await inProject(native(binary), async (folder) => {
        await assertFinding("QD104", folder, { status: "failure", found });
      });
    }
    await inProject(native(elf(MACHINES[process.arch])), async (folder) => {
      await assertFinding("QD104", folder, { status: "ok", found: /none is missing/ });
    });
  },
});

Deno.test("QD105 names the row of the matrix that holds for what is installed", async () => {
  const polars = (version: string) => ({
    "deno.json": { nodeModulesDir: "manual" },
    "node_modules/nodejs-polars/package.json": { name: "nodejs-polars", version },
    "node_modules/nodejs-polars-linux-x64-gnu/package.json": { version },
  });
  await inProject(polars("0.26.1"), async (folder) => {
    const { remedy, source } = await assertFinding("QD105", folder, {
      status: "failure",
      found: /^QC\d+ .*nodejs-polars 0\.26\.1/,
    });
    assert.match(`${remedy}`, /0\.24\.1/);
    assert.ok(source !== null);
  });
  await inProject(polars("0.24.1"), async (folder) => {
    await assertFinding("QD105", folder, { status: "ok", found: /no known conflict/ });
  });
});

/** Stand-ins for two heavy packages; the second loads only where the first has not. */
function heavy(code: string): ProjectFiles {
  const packageJson = (name: string) => ({ name, version: "1.0.0", main: "index.cjs" });
  return {
    "deno.json": {
      nodeModulesDir: "manual",
      imports: { sharp: "npm:sharp@1.0.0", "quantum-circuit": "npm:quantum-circuit@1.0.0" },
    },
    "package.json": { dependencies: { sharp: "1.0.0", "quantum-circuit": "1.0.0" } },
    "node_modules/sharp/package.json": packageJson("sharp"),
    "node_modules/sharp/index.cjs": "globalThis.sharpWasHere = true;",
    "node_modules/quantum-circuit/package.json": packageJson("quantum-circuit"),
    "node_modules/quantum-circuit/index.cjs": code,
  };
}

Deno.test("QD106 sees packages that load in one order only", async () => {
  const throws = 'if (globalThis.sharpWasHere) throw new Error("registered twice");';
  await inProject(heavy(throws), async (folder) => {
    const { found } = await assertFinding("QD106", folder, {
      status: "failure",
      found: /quantum-circuit after sharp: .*registered twice/,
    });
    assert.doesNotMatch(found, /\n/);
    assert.equal((await findingsOf("QD106", folder)).length, 1, "backward they load");
  });
  await inProject(heavy(""), async (folder) => {
    await assertFinding("QD106", folder, { status: "ok", found: /sharp, quantum-circuit/ });
  });
});

Deno.test("dependencies of an unreadable deno.json are skipped and not passed", async () => {
  const files = { ...project("9", "9.0.0"), "deno.json": '{"imports": ' };
  await inProject(files, async (folder) => {
    const hardware = await probeHardware();
    for (const code of ["QD101", "QD102", "QD106"]) {
      await assertFinding(code, folder, { status: "skipped", found: /cannot be read/, hardware });
    }
  });
});
