import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type EnvironmentSources, probeEnvironment } from "../../../src/hardware/mod.ts";
import { denied, emptyEnvironment, forever, noPrograms } from "../_fake_sources.ts";

const JUPYTER = fileURLToPath(new URL("../../../fixtures/hardware/jupyter", import.meta.url));

/** The kernels of the fixtures alone: HOME and PATH lead nowhere. */
async function kernelsOf(over: Partial<EnvironmentSources> = {}, path = JUPYTER) {
  const variables: Record<string, string> = { JUPYTER_PATH: path, HOME: "/no/such/home" };
  const { kernels } = await probeEnvironment({
    ports: [],
    sources: {
      variable: (name) => variables[name],
      ...noPrograms,
      findPrograms: (name) => Promise.resolve(name === "sh" ? ["/bin/sh"] : []),
      ...over,
    },
  });
  return kernels;
}

Deno.test("probeEnvironment() lists kernels with name, language, folder, and whether they could start", async () => {
  const { value } = await kernelsOf();
  const own = value?.kernels.filter(({ folder }) => folder.startsWith(JUPYTER));
  assert.deepEqual(own, [
    {
      name: "gone",
      displayName: "Gone",
      language: "python",
      folder: `${JUPYTER}/kernels/gone`,
      program: "/no/such/folder/python3",
      programExists: false,
    },
    {
      name: "good",
      displayName: "Good",
      language: "sh",
      folder: `${JUPYTER}/kernels/good`,
      program: "sh",
      programExists: true,
    },
  ]);
  assert.deepEqual(value?.folders.slice(0, 2), [
    `${JUPYTER}/kernels`,
    "/no/such/home/.local/share/jupyter/kernels",
  ]);
});

Deno.test("probeEnvironment() names broken kernel.json files and why, and passes over what is no kernel", async () => {
  const { value, reason } = await kernelsOf();
  const broken = value?.broken.filter(({ file }) => file.startsWith(JUPYTER)) ?? [];
  const names = broken.map(({ file }) => file.split("/").at(-2));
  assert.deepEqual(names, ["no_argv", "no_object", "torn"]);
  assert.match(broken[0].reason, /no argv/);
  assert.match(broken[2].reason, /^no JSON: /);
  assert.match(reason, /no program for gone/);
  assert.match(reason, /broken: .*torn/);
});

Deno.test("probeEnvironment() says where it looked when there is no kernel", async () => {
  const kernels = await kernelsOf(emptyEnvironment({
    variable: (name) => name === "HOME" ? "/home/somebody" : undefined,
  }));
  assert.equal(kernels.status, "absent");
  assert.match(kernels.reason, /No kernel\.json in \/home\/somebody\/\.local\/share\/jupyter/);
});

Deno.test("probeEnvironment() takes a search path that it may not read for unknown, not for empty", async () => {
  const refused = Object.assign(denied("HOME"), { name: "NotCapable" });
  const kernels = await kernelsOf({ listFolder: () => Promise.reject(refused) });
  assert.equal(kernels.status, "unknown");
  assert.match(kernels.reason, /Permission denied/);
  const variable = () => {
    throw refused;
  };
  assert.equal((await kernelsOf({ variable })).status, "unknown");
});

Deno.test("probeEnvironment() calls kernels unknown on a folder that never answers", async () => {
  const { kernels } = await probeEnvironment({
    timeout: 30,
    sources: emptyEnvironment({
      listFolder: forever,
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    }),
  });
  assert.deepEqual(kernels, { status: "unknown", reason: "No answer within 30 ms" });
});

Deno.test("probeEnvironment() does not wait for a kernel.json that is a pipe", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/kernels/pipe`, { recursive: true });
    const { success } = await new Deno.Command("mkfifo", {
      args: [`${folder}/kernels/pipe/kernel.json`],
    }).output();
    assert.ok(success);
    const { value } = await kernelsOf({}, folder);
    const [broken] = value?.broken ?? [];
    assert.match(broken.reason, /is a pipe/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
