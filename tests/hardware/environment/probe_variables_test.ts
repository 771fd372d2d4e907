import assert from "node:assert/strict";
import { PLACEBO_VARIABLES, probeEnvironment } from "../../../src/hardware/mod.ts";
import { denied, emptyEnvironment } from "../_fake_sources.ts";

Deno.test("probeEnvironment() reads no variable that could hold a secret, and not all of them at once", async () => {
  const asked = new Set<string>();
  const { variables, path } = await probeEnvironment({
    sources: emptyEnvironment({
      variable: (name) => {
        asked.add(name);
        return name === "PATH"
          ? "/bin::/usr/bin:/bin"
          : name === "LANG"
          ? "de_DE.UTF-8"
          : undefined;
      },
    }),
  });
  assert.deepEqual(variables.value, { LANG: "de_DE.UTF-8" });
  assert.deepEqual(path.value, ["/bin", "/usr/bin", "/bin"], "as it stands there, twice and all");
  assert.ok(asked.has("CUDA_VISIBLE_DEVICES") && asked.has("QISKIT_AER_CUDA"));
  for (const { name } of PLACEBO_VARIABLES) assert.ok(asked.has(name), name);
  for (const name of asked) {
    assert.doesNotMatch(name, /TOKEN|KEY|SECRET|PASS|AUTH|CREDENTIAL|PROXY|URL|COOKIE/);
  }
});

Deno.test("probeEnvironment() calls variables unknown that may not be read, not unset", async () => {
  const { variables, path } = await probeEnvironment({
    sources: emptyEnvironment({
      variable: (name) => {
        throw denied(name);
      },
    }),
  });
  assert.equal(variables.status, "unknown");
  assert.equal(path.status, "unknown");
});

Deno.test("probeEnvironment() tells Deno's permissions, odd answers, and another runtime", async () => {
  const of = async (permission: (name: string) => string | undefined) =>
    (await probeEnvironment({ sources: emptyEnvironment({ permission }) })).permissions;
  const some = await of((name) =>
    name === "read" ? "granted" : name === "ffi" ? "denied" : "prompt"
  );
  assert.deepEqual(some.value, {
    read: "granted",
    write: "prompt",
    run: "prompt",
    env: "prompt",
    net: "prompt",
    sys: "prompt",
    ffi: "denied",
  });
  assert.equal((await of(() => undefined)).status, "absent");
  assert.match((await of(() => undefined)).reason, /^Not Deno/);
  const odd = await of((name) => name === "net" ? "perhaps" : "granted");
  assert.equal(odd.status, "unknown");
  assert.match(odd.reason, /net "perhaps"/);
});

Deno.test("probeEnvironment() rejects an option it does not know, and freezes what it returns", async () => {
  await assert.rejects(
    probeEnvironment({ port: [1] } as object),
    (error: Error) => error instanceof TypeError && /port.*ports/s.test(error.message),
  );
  const snapshot = await probeEnvironment({ sources: emptyEnvironment() });
  assert.throws(() => ((snapshot.programs as { node: unknown }).node = 1), TypeError);
  assert.deepEqual(JSON.parse(JSON.stringify(snapshot)), snapshot);
});
