// Each check of a configuration, on one that is missing, garbled, misspelt or contradictory.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { QSIGHT_VARIABLES } from "../../src/doctor/configuration/train_checks.ts";
import { assertFinding, findingsOf, inProject, ownImport } from "./_project.ts";

const DENO = { "deno.json": {} };

Deno.test("QD201 sees project files that are no JSON, with the line", async () => {
  await inProject({ "deno.json": '{\n  "imports": {,}\n}' }, async (folder) => {
    await assertFinding("QD201", folder, { status: "failure", found: /deno\.json: .*line 2/ });
    for (const code of ["QD202", "QD203", "QD204", "QD210"]) {
      await assertFinding(code, folder, { status: "skipped", found: /read/ });
    }
  });
  await inProject({ ...DENO, "package.json": "[]" }, async (folder) => {
    await assertFinding("QD201", folder, { status: "failure", found: /found no object/ });
  });
  const commented = '// a comment\n{ "name": "a//b", /* another */ "imports": { "x": "y", }, }';
  await inProject({ "deno.jsonc": commented }, async (folder) => {
    await assertFinding("QD201", folder, { status: "ok", found: /deno\.jsonc/ });
  });
});

Deno.test("QD202 sees a key of deno.json that Deno passes over, and names the nearest", async () => {
  await inProject({ "deno.json": { nodeModuleDir: "auto", imports: {} } }, async (folder) => {
    await assertFinding("QD202", folder, {
      status: "warning",
      found: /unknown key "nodeModuleDir"\. Did you mean "nodeModulesDir"/,
    });
  });
});

Deno.test("QD203 sees an import that leads nowhere", async () => {
  const imports = { own: "./lib.ts", ...ownImport("/nowhere/qsight"), zod: "npm:zod@4" };
  await inProject({ "deno.json": { imports } }, async (folder) => {
    assert.deepEqual(
      (await findingsOf("QD203", folder)).map(({ status, remedy }) => [status, remedy]),
      [
        ["failure", 'Correct "own" in deno.json'],
        ["failure", "Run qsight init again from where QSight is now"],
      ],
    );
  });
  const scopes = { "./a/": { b: "./b.ts" } };
  await inProject({ "deno.json": { scopes }, "b.ts": "" }, async (folder) => {
    await assertFinding("QD203", folder, { status: "ok", found: /1 files/ });
  });
});

Deno.test("QD204 sees two files that want different versions, and an import map without effect", async () => {
  const npm = { "package.json": { dependencies: { diff: "^8.0.0" } } };
  await inProject(
    { "deno.json": { imports: { diff: "npm:diff@9.0.0" } }, ...npm },
    async (folder) => {
      await assertFinding("QD204", folder, {
        status: "failure",
        found: /diff is 9\.0\.0 in deno\.json and \^8\.0\.0 in package\.json/,
      });
    },
  );
  await inProject(
    { "deno.json": { imports: { diff: "npm:diff@8.2.0" } }, ...npm },
    async (folder) => {
      await assertFinding("QD204", folder, { status: "ok", found: /./ });
    },
  );
  await inProject({ "deno.json": { imports: {}, importMap: "./map.json" } }, async (folder) => {
    await assertFinding("QD204", folder, { status: "warning", found: /"importMap"/ });
  });
});

Deno.test("QD205 sees a configuration that is missing where one is named, or is no JSON", async () => {
  await inProject(DENO, async (folder) => {
    await assertFinding("QD205", folder, { status: "ok", found: /defaults are in force/ });
    const missing = { status: "failure", found: /found no such file/ } as const;
    await assertFinding("QD205", folder, { ...missing, config: { file: "none.json" } });
    await assertFinding("QD205", folder, { ...missing, env: { QSIGHT_CONFIG: "none.json" } });
    await assertFinding("QD206", folder, {
      status: "skipped",
      found: /see QD205/,
      config: { file: "none.json" },
    });
    await assertFinding("QD205", folder, {
      status: "failure",
      found: /is a folder/,
      config: { file: "." },
    });
  });
  await inProject(
    { ...DENO, "qsight.jsonc": '{\n  "fit": {\n    "batchSize" 8\n  }\n}' },
    async (folder) => {
      await assertFinding("QD205", folder, { status: "failure", found: /qsight\.jsonc: .*line 3/ });
    },
  );
});

Deno.test("QD206 sees unknown keys, and values that are no options, with the nearest name", async () => {
  for (
    const [config, found] of [
      [{ fit: { batchsize: 8 } }, /unknown option "batchsize"\. Did you mean "batchSize"/],
      [{ models: {} }, /unknown option "models"\. Did you mean "model"/],
      [{ stages: "ful" }, /"ful"\. Did you mean "full"/],
      [{ fit: { seed: 1 } }, /unknown option "seed"/],
    ] as const
  ) {
    await inProject({ ...DENO, "qsight.json": config }, async (folder) => {
      const { remedy } = await assertFinding("QD206", folder, { status: "failure", found });
      assert.ok(remedy !== null);
      await assertFinding("QD208", folder, { status: "skipped", found: /see QD206/, env: {} });
    });
  }
  await inProject(DENO, async (folder) => {
    await assertFinding("QD206", folder, {
      status: "failure",
      found: /nothing inside/,
      config: { sets: ["stages.classical.epochs.x=1"] },
    });
  });
});

Deno.test("QD207 sees keys of which one undoes the other", async () => {
  for (
    const [config, found] of [
      [
        { fit: { loss: "class_balanced", imbalance: "sampler" } },
        /2 corrections of class imbalance/,
      ],
      [{ fit: { gamma: 3 } }, /gamma does nothing with the loss "cross_entropy"/],
      [{ fit: { loss: "squared_emd", labelSmoothing: 0.1 } }, /labelSmoothing does nothing/],
      [{ model: { ordinal: true } }, /trained with the loss "cross_entropy"/],
      [{ fit: { loss: "corn" } }, /model\.ordinal is not set/],
      [{ model: { encoder: "resnet18", filters: [4] } }, /filters are those of the convnet/],
      [{ model: { encoder: { name: "vit_b_16" }, filters: [4] } }, /"vit_b_16"/],
      [{ model: { circuit: {}, wires: 3 } }, /its own wires/],
      [{ data: { imageSize: 32 }, model: { imageSize: 64 } }, /32 pixels for a model of 64/],
      [
        { stages: { plan: "head_a" }, fit: { quantumLoss: { distillation: { weight: 1 } } } },
        /no stage has both/,
      ],
    ] as const
  ) {
    await inProject({ ...DENO, "qsight.json": config }, async (folder) => {
      await assertFinding("QD207", folder, { status: "failure", found });
    });
  }
  const good = {
    data: { imageSize: 32 },
    model: { ordinal: true, imageSize: 32 },
    fit: { loss: "corn", imbalance: "sampler" },
  };
  await inProject({ ...DENO, "qsight.json": good }, async (folder) => {
    await assertFinding("QD207", folder, { status: "ok", found: /nothing does/ });
  });
});

Deno.test("QD208 tells where each value comes from, and warns of a variable that hides the file", async () => {
  const config = { fit: { batchSize: 8, loss: "cross_entropy" } };
  await inProject({ ...DENO, "deep/a.ts": "", "qsight.json": config }, async (folder) => {
    const env = { QSIGHT_SET: "fit.batchSize=16; stages.classical.epochs=2" };
    const { remedy } = await assertFinding("QD208", folder, {
      status: "warning",
      found: /^fit\.batchSize = 16 \(environment\) instead of 8 in the file$/,
      env,
    });
    assert.match(`${remedy}`, /QSIGHT_SET/);
    const { found } = await assertFinding("QD208", folder, {
      status: "ok",
      found: /fit\.batchSize = 4 \(flag\)/,
      cwd: join(folder, "deep"),
      env,
      config: { sets: ["fit.batchSize=4"] },
    });
    assert.match(found, /stages = classical 2 \+ .* \(environment\), fit\.batchSize/);
    assert.match(found, /fit\.loss = "cross_entropy" \(file\)/);
  });
});

Deno.test("QD209 sees a variable of this project that nothing reads", async () => {
  await inProject(DENO, async (folder) => {
    await assertFinding("QD209", folder, {
      status: "warning",
      found: /unknown variable "QSIGHT_SETS"\. Did you mean "QSIGHT_SET"/,
      env: { QSIGHT_SETS: "a=1" },
    });
    await assertFinding("QD209", folder, { status: "ok", found: /none/, env: { OTHER: "1" } });
  });
});

Deno.test("QD209 knows every variable of this project that the code reads", async () => {
  const src = new URL("../../src/", import.meta.url);
  const named = new Set<string>();
  for (const entry of await readdir(src, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
    const text = await readFile(join(entry.parentPath, entry.name), "utf8");
    // As a name in quotes, or behind process.env.
    for (const [, name] of text.matchAll(/(?:"|env\.)(QSIGHT_[A-Z_]+)\b/g)) named.add(name);
  }
  assert.deepEqual([...named].sort(), [...QSIGHT_VARIABLES].sort());
});
